"""Guessing a code is limited, and nobody can lock its owner out by guessing. In memory, bounded, per process.

What a code opens has a public number, so whoever wants can guess: it is the guesser who must wait, not the number. A
right code from an address that has not been guessing always opens.
"""

from collections import OrderedDict
from datetime import timedelta

from runtime.clock import Stopwatch
from runtime.http.problems import Refusal

TRIES = 8  # wrong codes for one number from one address
TRIES_ANYWHERE = 100  # wrong codes for one number: from then on an address has a single try
WITHIN = timedelta(minutes=10)
COUNTED_AT_MOST = 100_000  # numbers and addresses
ANYWHERE = ""


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


class CodeAttempts:
    """Counts wrong codes by number and address, and by number alone. It is handed the sentences of both refusals."""

    def __init__(self, stopwatch: Stopwatch, wrong: Sentences, too_many: Sentences) -> None:
        self._stopwatch, self._said_wrong, self._said_too_many = stopwatch, wrong, too_many
        self._wrong: OrderedDict[tuple[str, str], list[timedelta]] = OrderedDict()

    def refusal(self) -> WrongCode:
        """What whoever has a wrong number or code is told."""
        return WrongCode(self._said_wrong)

    def refuse_guessing(self, number: str, address: str) -> None:
        """Raises TooManyGuesses when whoever asks from this address has to wait."""
        own = self._lately(number, address)
        if own >= TRIES or (own and self._lately(number, ANYWHERE) >= TRIES_ANYWHERE):
            raise TooManyGuesses(self._said_too_many)

    def wrong(self, number: str, address: str) -> None:
        for key, kept in (((number, address), TRIES), ((number, ANYWHERE), TRIES_ANYWHERE)):
            self._wrong[key] = [*self._wrong.pop(key, []), self._stopwatch()][-kept:]
        while len(self._wrong) > COUNTED_AT_MOST:
            self._wrong.popitem(last=False)

    def _lately(self, number: str, address: str) -> int:
        since = self._stopwatch() - WITHIN
        return sum(at > since for at in self._wrong.get((number, address), ()))
