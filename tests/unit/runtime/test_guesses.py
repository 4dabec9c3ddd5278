"""Guessing is limited, and nobody can lock a reporter out by guessing."""

from datetime import timedelta

import pytest

from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from runtime.identity import code_attempts
from runtime.identity.code_attempts import TRIES, TRIES_ANYWHERE, WITHIN, CodeAttempts, TooManyGuesses

NUMBER, OTHER = "431226A", "431226B"
SECOND = timedelta(seconds=1)


class TimedAttempts:
    """Guesses, and a clock that the test moves."""

    def __init__(self) -> None:
        self.now = timedelta(days=3)
        self.guesses = CodeAttempts(lambda: self.now, WRONG_CODE, TOO_MANY_CODES)

    def guess(self, address: str, times: int = 1, number: str = NUMBER) -> None:
        for _ in range(times):
            self.guesses.wrong(number, address)

    def lets(self, address: str, number: str = NUMBER) -> bool:
        try:
            self.guesses.refuse_guessing(number, address)
        except TooManyGuesses:
            return False
        return True


def test_the_guesser_waits_and_nobody_else_and_for_no_other_number() -> None:
    desk = TimedAttempts()
    desk.guess("a", TRIES - 1)
    assert desk.lets("a")
    desk.guess("a")
    assert [desk.lets("a"), desk.lets("b"), desk.lets("a", OTHER)] == [False, True, True]


def test_who_waited_may_try_again() -> None:
    desk = TimedAttempts()
    desk.guess("a", TRIES)
    desk.now += WITHIN - SECOND
    assert not desk.lets("a")
    desk.now += 2 * SECOND
    assert desk.lets("a")


def test_many_addresses_together_have_a_single_try_each_and_the_reporter_has_one_too() -> None:
    desk = TimedAttempts()
    for nth in range(TRIES_ANYWHERE - 1):
        desk.guess(f"address {nth}")
    assert desk.lets("address 0")
    desk.guess("one more")
    assert not desk.lets("address 0")
    assert desk.lets("the reporter's own")
    assert desk.lets("address 0", OTHER)


def test_what_is_counted_is_bounded_and_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_attempts, "COUNTED_AT_MOST", 4)
    desk = TimedAttempts()
    desk.guess("a", TRIES)
    for nth in range(4):
        desk.guess("a", number=f"other {nth}")
    assert desk.lets("a")
    assert len(desk.guesses._wrong) == 4
