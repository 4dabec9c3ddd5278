"""Nobody takes over an account alone: another credential rests on two configurers, and the holder is told."""

from datetime import timedelta
from typing import Any

import pytest

from services.staff.domain import appointing, replacing
from services.staff.domain.account import Account, Replacement
from services.staff.domain.appointing import AccountRefused, Appointer
from services.staff.domain.replacing import HOLDS
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.staff.accounts import ELSEWHERE, INSTALLATION, LI, NAME, PROVINCE, WANG, appointed, wanted

SELF = Appointer(NAME, "configurer", "43")
WHAT = "password"


def done(decided: Account | AccountRefused) -> Account:
    assert isinstance(decided, Account), decided
    return decided


def code_of(decided: Account | AccountRefused) -> str:
    return decided.code if isinstance(decided, AccountRefused) else ""


def proposed(account: Account | None = None, what: str = WHAT, by: Appointer = LI) -> Account:
    return done(replacing.decide_proposal(account or appointed(), NAME, what, by, MONDAY))


def confirmed(account: Account | None = None, index: int = 1) -> Account:
    return done(replacing.decide_confirmation(account or proposed(), NAME, index, WANG, MONDAY))


@pytest.mark.parametrize(
    ("by", "code"), [(LI, ""), (PROVINCE, ""), (ELSEWHERE, "not_your_division"), (SELF, "not_yourself")]
)
def test_who_may_propose(by: Appointer, code: str) -> None:
    assert code_of(replacing.decide_proposal(appointed(), NAME, WHAT, by, MONDAY)) == code


def test_whoever_is_not_above_all_appointments_may_not() -> None:
    both = done(appointing.decide_proposal(appointed(), NAME, wanted(division="4312"), PROVINCE, MONDAY))
    assert code_of(replacing.decide_proposal(both, NAME, WHAT, LI, MONDAY)) == "not_your_division"
    assert code_of(replacing.decide_confirmation(proposed(both, by=PROVINCE), NAME, 1, WANG, MONDAY)) != ""


@pytest.mark.parametrize(
    ("by", "index", "after", "code"),
    [
        (WANG, 1, timedelta(), ""),
        (INSTALLATION, 1, timedelta(), ""),
        (LI, 1, timedelta(), "second_account"),
        (SELF, 1, timedelta(), "not_yourself"),
        (ELSEWHERE, 1, timedelta(), "not_your_division"),
        (WANG, 2, timedelta(), "replacement_unknown"),
        (WANG, 1, HOLDS, "replacement_ran_out"),
    ],
)
def test_who_may_confirm(by: Appointer, index: int, after: timedelta, code: str) -> None:
    assert code_of(replacing.decide_confirmation(proposed(), NAME, index, by, MONDAY + after)) == code


def test_nothing_is_confirmed_twice() -> None:
    again = replacing.decide_confirmation(confirmed(), NAME, 1, PROVINCE, MONDAY)
    assert code_of(again) == "not_proposed"


@pytest.mark.parametrize(
    ("by", "after", "index"),
    [(LI, DAY, 1), (WANG, DAY, 1), (PROVINCE, DAY, 0), (LI, HOLDS, 0), (WANG, HOLDS - timedelta(seconds=1), 1)],
)
def test_only_the_two_may_carry_it_out_and_not_for_ever(by: Appointer, after: timedelta, index: int) -> None:
    assert replacing.usable(confirmed(), WHAT, by.account, MONDAY + after) == index


def test_what_is_only_proposed_lets_nobody_do_anything_and_ends_no_session() -> None:
    assert (replacing.usable(proposed(), WHAT, LI.account, MONDAY), proposed().replaced) == (0, 0)


def test_each_confirmation_counts_whatever_was_proposed_first() -> None:
    """An earlier proposal of another kind that is confirmed late ends the sessions of meanwhile, too."""
    both = proposed(proposed(what="other"))
    assert [confirmed(both, 2).replaced, confirmed(confirmed(both, 2), 1).replaced] == [1, 2]


def test_a_later_proposal_takes_the_place_of_an_earlier_one_and_indexes_never_come_back() -> None:
    first = confirmed()
    again = proposed(proposed(first))
    assert [(each.index, each.is_confirmed) for each in again.replacements] == [(1, True), (3, False)]
    assert [each.index for each in confirmed(again, 3).replacements] == [3]


def test_what_was_replaced_is_bounded() -> None:
    account = appointed()
    for index in range(1, 9):
        account = confirmed(proposed(account), index)
    expected: Any = Replacement(index=8, what=WHAT, by=(LI.account, WANG.account), at=MONDAY, until=MONDAY + HOLDS)
    assert (account.replacements, account.replaced) == ((expected,), 8)
