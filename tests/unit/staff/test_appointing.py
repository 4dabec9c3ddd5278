from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import ROLES
from services.staff.domain import appointing
from services.staff.domain.account import APPOINTMENTS_AT_MOST, Account, AppointmentState
from services.staff.domain.appointing import AccountRefused, Appointer
from tests.facts.values import COUNTY, DAY
from tests.harness import MONDAY
from tests.unit.staff.accounts import (
    ELSEWHERE,
    INSTALLATION,
    LI,
    NAME,
    PROVINCE,
    WANG,
    appointed,
    proposed,
    wanted,
)

SELF = Appointer(NAME, "configurer", COUNTY)
SUPERVISOR = Appointer("qian.yi", "supervisor", COUNTY)
NOWHERE = Appointer("qian.yi", "configurer", "")


def code_of(decided: Account | AccountRefused) -> str:
    return decided.code if isinstance(decided, AccountRefused) else ""


@pytest.mark.parametrize(
    ("by", "changed", "code"),
    [
        (LI, {}, ""),
        (PROVINCE, {}, ""),
        (ELSEWHERE, {}, "not_your_division"),
        (SUPERVISOR, {}, "not_your_division"),
        (NOWHERE, {}, "not_your_division"),
        (LI, {"division": "4312"}, "not_your_division"),
        (SELF, {}, "not_yourself"),
        (LI, {"unit": ""}, "unit_missing"),
        (LI, {"role": "supervisor", "unit": ""}, ""),
        (LI, {"until": MONDAY}, "ends_too_early"),
        (LI, {"since": MONDAY + 2 * DAY, "until": MONDAY + DAY}, "ends_too_early"),
        (LI, {"since": MONDAY + DAY, "until": MONDAY + 2 * DAY}, ""),
        (INSTALLATION, {"role": "configurer", "unit": ""}, ""),
        (INSTALLATION, {"role": "supervisor", "unit": ""}, "only_configurers"),
    ],
)
def test_who_may_propose_what(by: Appointer, changed: dict[str, Any], code: str) -> None:
    decided = appointing.decide_proposal(Account(), NAME, wanted(**changed), by, MONDAY)
    assert code_of(decided) == code


def test_no_account_is_called_like_the_installation() -> None:
    decided = appointing.decide_proposal(Account(), "installation", wanted(), LI, MONDAY)
    assert code_of(decided) == "name_reserved"


def test_what_is_proposed_lets_nobody_act_before_a_second_configurer_confirms_it() -> None:
    assert proposed().holding(MONDAY + DAY) == ()
    (made,) = appointed().holding(MONDAY)
    assert (made.state, made.since, made.proposer) == (AppointmentState.MADE, MONDAY, LI.account)


def test_the_installation_appoints_the_first_configurers_by_itself() -> None:
    first = appointing.decide_proposal(Account(), NAME, wanted(role="configurer", unit=""), INSTALLATION, MONDAY)
    assert isinstance(first, Account)
    assert [each.role for each in first.holding(MONDAY)] == ["configurer"]


@pytest.mark.parametrize(
    ("by", "index", "code"),
    [
        (WANG, 1, ""),
        (PROVINCE, 1, ""),
        (LI, 1, "second_account"),
        (SELF, 1, "not_yourself"),
        (ELSEWHERE, 1, "not_your_division"),
        (WANG, 2, "appointment_unknown"),
    ],
)
def test_who_may_confirm(by: Appointer, index: int, code: str) -> None:
    assert code_of(appointing.decide_confirmation(proposed(), NAME, index, by, MONDAY)) == code


def test_nothing_is_confirmed_twice_or_after_its_end() -> None:
    assert code_of(appointing.decide_confirmation(appointed(), NAME, 1, PROVINCE, MONDAY)) == "not_proposed"
    late = appointing.decide_confirmation(proposed(until=MONDAY + DAY), NAME, 1, WANG, MONDAY + DAY)
    assert code_of(late) == "ends_too_early"


def test_an_appointment_holds_from_its_beginning_until_before_its_end() -> None:
    account = appointed(since=MONDAY + DAY, until=MONDAY + 2 * DAY)
    moments = [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY - timedelta(milliseconds=1), MONDAY + 2 * DAY]
    assert [bool(account.holding(now)) for now in moments] == [False, True, True, False]


def test_a_confirmation_after_the_wanted_beginning_begins_then() -> None:
    account = appointing.decide_confirmation(proposed(since=MONDAY), NAME, 1, WANG, MONDAY + DAY)
    assert isinstance(account, Account)
    assert account.appointments[0].since == MONDAY + DAY


def test_one_configurer_is_enough_to_end_it_and_nobody_acts_by_it_then() -> None:
    ended = appointing.decide_end(appointed(), NAME, 1, WANG)
    assert isinstance(ended, Account)
    assert (ended.holding(MONDAY), ended.open) == ((), ())
    assert code_of(appointing.decide_end(ended, NAME, 1, WANG)) == "ended_already"
    assert code_of(appointing.decide_end(appointed(), NAME, 1, ELSEWHERE)) == "not_your_division"
    assert code_of(appointing.decide_end(appointed(), NAME, 1, SELF)) == "not_yourself"
    assert code_of(appointing.decide_end(appointed(), NAME, 2, WANG)) == "appointment_unknown"


def test_the_same_is_not_proposed_twice_and_may_be_again_once_it_ended() -> None:
    assert code_of(appointing.decide_proposal(proposed(), NAME, wanted(), WANG, MONDAY)) == "there_already"
    ended = appointing.decide_end(appointed(), NAME, 1, WANG)
    assert isinstance(ended, Account)
    again = appointing.decide_proposal(ended, NAME, wanted(), WANG, MONDAY)
    assert code_of(again) == ""


@given(st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(ROLES)))
def test_an_auditor_is_nothing_else(one: str, other: str) -> None:
    account = appointing.decide_proposal(Account(), NAME, wanted(role=one), LI, MONDAY)
    assert isinstance(account, Account)
    second = appointing.decide_proposal(account, NAME, wanted(role=other, division="431226100"), LI, MONDAY)
    assert (code_of(second) == "auditor_excludes_others") is ((one == "auditor") is not (other == "auditor"))


def test_the_appointments_of_an_account_are_bounded() -> None:
    account = Account(appointments=appointed().appointments * APPOINTMENTS_AT_MOST)
    more = appointing.decide_proposal(account, NAME, wanted(division="431226100"), LI, MONDAY)
    assert code_of(more) == "too_many_appointments"


def test_a_locked_account_acts_by_nothing_until_it_is_unlocked() -> None:
    locked = appointing.decide_lock(appointed(), NAME, LI, locked=True)
    assert isinstance(locked, Account)
    assert locked.holding(MONDAY) == ()
    assert code_of(appointing.decide_lock(locked, NAME, LI, locked=True)) == "locked_already"
    unlocked = appointing.decide_lock(locked, NAME, LI, locked=False)
    assert unlocked == appointed()


def test_whoever_is_not_above_all_appointments_may_not_lock() -> None:
    both = appointing.decide_proposal(appointed(), NAME, wanted(division="4312"), PROVINCE, MONDAY)
    assert isinstance(both, Account)
    assert code_of(appointing.decide_lock(both, NAME, LI, locked=True)) == "not_your_division"
    assert code_of(appointing.decide_lock(both, NAME, PROVINCE, locked=True)) == ""
    assert code_of(appointing.decide_lock(appointed(), NAME, SELF, locked=True)) == "not_yourself"
