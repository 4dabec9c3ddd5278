"""What may be a password, and how guessing is slowed down without locking anybody out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.staff.domain.passwords import (
    FREE,
    FREE_ANYWHERE,
    LONGEST,
    LONGEST_WAIT,
    SHORTEST,
    may_try_at,
    wrong_with,
)
from tests.harness import MONDAY

GOOD = "四匹马 tea window 29"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (GOOD, ""),
        ("correct horse battery", ""),
        ("x1" * 5, "password_too_short"),
        ("elevenchars", "password_too_short"),
        ("x" * (LONGEST + 1), "password_too_long"),
        ("Password1234", "password_too_plain"),
        ("1234567890123456", "password_too_plain"),
        ("mnopqrstuvwxyz", "password_too_plain"),
        ("ababababababab", "password_too_plain"),
        ("my chen.jing password", "password_too_plain"),
    ],
)
def test_what_may_be_a_password(password: str, code: str) -> None:
    wrong = wrong_with(password, "chen.jing")
    assert (wrong.code if wrong else "") == code


@given(st.text(max_size=SHORTEST - 1))
def test_nothing_short_is_a_password(password: str) -> None:
    assert wrong_with(password, "chen.jing") is not None


def waits(wrong: int, anywhere: int = 0) -> timedelta:
    return may_try_at(wrong, anywhere, MONDAY) - MONDAY


def test_the_first_wrong_ones_are_free_and_then_each_costs_twice_as_much() -> None:
    assert [waits(wrong) for wrong in range(FREE + 1)] == [timedelta()] * (FREE + 1)
    assert [waits(FREE + more).total_seconds() for more in (1, 2, 3)] == [2, 4, 8]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_nobody_waits_longer_than_a_quarter_of_an_hour(wrong: int, anywhere: int) -> None:
    assert timedelta() <= waits(wrong, anywhere) <= LONGEST_WAIT


@given(st.integers(0, 10**6))
def test_whoever_was_not_wrong_never_waits_for_the_guesses_of_others(anywhere: int) -> None:
    assert waits(0, anywhere) == timedelta()


def test_an_account_that_many_guess_at_costs_each_address_from_its_first_wrong_one() -> None:
    assert (waits(1, FREE_ANYWHERE - 1), waits(1, FREE_ANYWHERE).total_seconds()) == (timedelta(), 2)
