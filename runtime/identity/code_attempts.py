"""Guessing a code is limited, over all processes together, and nobody can lock its owner out by guessing.

What a code opens has a public number, so whoever wants can guess: it is the guesser who must wait, not the number. A
right code from an address that has not been guessing always opens.
"""

import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

from runtime.http.problems import Refusal

TRIES = 8  # wrong codes for one number from one address
TRIES_ANYWHERE = 100  # wrong codes for one number: from then on an address has a single try
WITHIN = timedelta(minutes=10)
NAME_BYTES = 8


Sentences = tuple[str, str]
"""In Chinese and in English."""


class WrongCode(Refusal):
    """Number or code is wrong: the two are not told apart, and every service answers the same."""

    def __init__(self, said: Sentences) -> None:
        super().__init__(404, "wrong_code", *said)


class TooManyGuesses(Refusal):
    """Too many wrong codes within ten minutes."""

    def __init__(self, said: Sentences) -> None:
        wait = {"Retry-After": str(int(WITHIN.total_seconds()))}
        super().__init__(429, "too_many_guesses", *said, headers=wait)


class TriedCodes(Protocol):
    """The codes that were tried within the last ten minutes.

    ``own`` stands for a number from one address, ``anywhere`` for the number; ``name`` is that of one try.
    """

    async def begin(self, own: str, anywhere: str, name: str) -> bool:
        """Count a try as wrong until it is forgotten. False, and nothing is counted, when one has to wait."""

    async def forget(self, own: str, name: str) -> None:
        """The code fitted, or nobody could look: nothing is held against whoever tried."""

    async def wrong(self, anywhere: str, name: str) -> None:
        """Held against the number, too; against whoever tried it is already."""


class CodeAttempts:
    """Limits guessing. ``secret``: the key of the digests that are kept of numbers and addresses."""

    def __init__(self, tried: TriedCodes, secret: bytes, wrong: Sentences, too_many: Sentences) -> None:
        self._tried, self._secret = tried, secret
        self._said_wrong, self._said_too_many = wrong, too_many

    def refusal(self) -> WrongCode:
        """What whoever has a wrong number or code is told."""
        return WrongCode(self._said_wrong)

    @asynccontextmanager
    async def one(self, number: str, address: str) -> AsyncIterator[None]:
        """Around one try: it counts when it ends with WrongCode. Raises TooManyGuesses when one has to wait.

        It counts while it is under way, too: who tries many at once has no more tries than others.
        """
        own, anywhere, name = self._digest(number, address), self._digest(number), secrets.token_hex(NAME_BYTES)
        if not await self._tried.begin(own, anywhere, name):
            raise TooManyGuesses(self._said_too_many)
        try:
            yield
        except WrongCode:
            await self._tried.wrong(anywhere, name)
            raise
        except BaseException:
            await self._tried.forget(own, name)
            raise
        await self._tried.forget(own, name)

    def _digest(self, *of: str) -> str:
        return hmac.digest(self._secret, "\0".join(("code attempt", *of)).encode(), "sha256").hex()
