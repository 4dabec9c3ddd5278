"""Hashing is bounded: two at once, sixteen waiting, and whoever comes then is refused at once."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher

from services.staff.adapters.argon2 import AT_ONCE, WAITING, Argon2Passwords
from services.staff.ports import HashingBusy

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class SlowHasher(PasswordHasher):
    """Hashes when it is let; counts how many are at it."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.let, self.at_it, self.most = threading.Event(), 0, 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.at_it += 1
        self.most = max(self.most, self.at_it)
        self.let.wait(10)
        self.at_it -= 1
        return super().hash(password, salt=salt)


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Argon2Passwords(QUICK)
    known = await passwords.made("correct horse battery")
    assert known.startswith("$argon2id$")
    assert [await passwords.fits(known, typed) for typed in ("correct horse battery", "wrong horse battery")] == [
        True,
        False,
    ]


@pytest.mark.parametrize("known", ["", "$argon2id$broken", "plain"])
async def test_nobodys_password_never_fits(known: str) -> None:
    assert await Argon2Passwords(QUICK).fits(known, "") is False


async def test_one_more_than_there_is_room_for_is_refused_at_once() -> None:
    slow = SlowHasher()
    passwords = Argon2Passwords(slow)
    under_way = [asyncio.create_task(passwords.made("x")) for _ in range(AT_ONCE + WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(HashingBusy):
        await passwords.made("one more")
    slow.let.set()
    assert len(await asyncio.gather(*under_way)) == AT_ONCE + WAITING
    assert slow.most <= AT_ONCE
    assert await passwords.made("there is room again")


async def test_a_hash_with_weaker_parameters_is_old() -> None:
    weak = await Argon2Passwords(QUICK).made("correct horse battery")
    assert (Argon2Passwords().is_old(weak), Argon2Passwords(QUICK).is_old(weak)) == (True, False)
