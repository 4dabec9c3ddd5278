"""Guessing is limited, and nobody can lock a reporter out by guessing."""

import asyncio

import pytest

from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from runtime.clock import system_stopwatch
from runtime.identity.code_attempts import TRIES, CodeAttempts, TooManyGuesses, WrongCode
from runtime.memory import tried_codes
from runtime.memory.tried_codes import InMemoryTriedCodes

NUMBER, SECRET = "431226A", b"a secret of the tests, long enough"


@pytest.fixture
def tried() -> InMemoryTriedCodes:
    return InMemoryTriedCodes(system_stopwatch)


@pytest.fixture
def guesses(tried: InMemoryTriedCodes) -> CodeAttempts:
    return attempts(tried)


def attempts(tried: InMemoryTriedCodes) -> CodeAttempts:
    return CodeAttempts(tried, SECRET, WRONG_CODE, TOO_MANY_CODES)


async def told(guesses: CodeAttempts, ends: Exception | None = None, address: str = "a") -> str:
    """What becomes of a try whose look-up ends so."""
    try:
        async with guesses.one(NUMBER, address):
            await asyncio.sleep(0)
            if ends is not None:
                raise ends
    except (TooManyGuesses, WrongCode, LookupError) as why:
        return type(why).__name__
    return "opened"


async def test_a_wrong_code_counts_and_what_ends_otherwise_does_not(guesses: CodeAttempts) -> None:
    for ends in [None, LookupError()] * TRIES:
        await told(guesses, ends)
    found = [await told(guesses, guesses.refusal()) for _ in range(TRIES + 1)]
    assert found == ["WrongCode"] * TRIES + ["TooManyGuesses"]
    assert [await told(guesses), await told(guesses, address="b")] == ["TooManyGuesses", "opened"]


async def test_what_is_tried_at_several_services_counts_together(tried: InMemoryTriedCodes) -> None:
    services = [attempts(tried) for _ in range(3)]
    found = [await told(services[nth % 3], services[0].refusal()) for nth in range(TRIES + 3)]
    assert found == ["WrongCode"] * TRIES + ["TooManyGuesses"] * 3


async def test_whoever_tries_many_at_once_has_no_more_tries(guesses: CodeAttempts) -> None:
    found = await asyncio.gather(*(told(guesses, guesses.refusal()) for _ in range(100)))
    assert sorted(set(found)) == ["TooManyGuesses", "WrongCode"]
    assert found.count("WrongCode") == TRIES


async def test_neither_number_nor_address_is_kept(guesses: CodeAttempts, tried: InMemoryTriedCodes) -> None:
    await told(guesses, guesses.refusal(), address="203.0.113.9")
    kept = repr(tried._tries)
    assert (NUMBER in kept, "203.0.113.9" in kept, len(tried._tries)) == (False, False, 2)


async def test_what_is_counted_is_bounded_and_the_oldest_is_forgotten(
    tried: InMemoryTriedCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tried_codes, "COUNTED_AT_MOST", 4)
    for nth in range(TRIES):
        assert await tried.begin("a", "anywhere", str(nth))
    assert not await tried.begin("a", "anywhere", "one more")
    for nth in range(4):
        await tried.begin(f"other {nth}", "anywhere", "try")
    assert await tried.begin("a", "anywhere", "again")
    assert len(tried._tries) == 4
