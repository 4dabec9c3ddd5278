"""Argon2id in threads: 64 MiB and a tenth of a second each, so few at once, few waiting, and then a refusal."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from services.staff.ports import HashingBusy

AT_ONCE = 2
WAITING = 16
ValueT = TypeVar("ValueT")


class Argon2Passwords:
    """``hasher``: with the parameters of today; what was hashed with others still fits, and is to be made anew."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._room = at_once + waiting
        self._nobodys = ""

    async def made(self, password: str) -> str:
        return await self._in_a_thread(lambda: self._hasher.hash(password))

    async def fits(self, known: str, password: str) -> bool:
        """One that nobody has takes as long: the time does not tell whether there is such an account."""
        if not self._nobodys:
            self._nobodys = await self.made(secrets.token_urlsafe(32))
        return await self._in_a_thread(lambda: self._verified(known or self._nobodys, password)) and bool(known)

    def is_old(self, known: str) -> bool:
        return self._hasher.check_needs_rehash(known)

    def _verified(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _in_a_thread(self, work: Callable[[], ValueT]) -> ValueT:
        if not self._room:
            raise HashingBusy
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._room += 1
