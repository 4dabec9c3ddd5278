"""Given an account, when a configurer asks, then it says who may act."""

from typing import Any

from contracts.envelope import Actor, Body
from contracts.messages import staff
from runtime.change import Change, Reject
from services.staff.domain.account import Account, key_of
from services.staff.domain.appointing import Appointer
from services.staff.handlers.accounts import AccountHandlers
from tests.facts import staff as made_up
from tests.facts.values import COUNTY, UNIT
from tests.harness import MONDAY, request
from tests.unit.staff.accounts import INSTALLATION, LI, NAME, WANG, appointed, proposed

HANDLERS = AccountHandlers()


def asked(body: Body, by: Appointer) -> Any:
    actor = Actor(role=by.role, division=by.division, principal=f"staff:{by.account}")
    return request(body, actor=actor, key=key_of(NAME))


def test_a_proposal_opens_the_account_and_names_who_proposed() -> None:
    result = HANDLERS.on_propose_appointment(None, asked(made_up.propose_appointment(), LI), MONDAY)
    said = staff.AppointmentProposed(
        index=1, role="unit", unit=UNIT, division=COUNTY, since=None, until=None, proposer=LI.account
    )
    assert result == Change(proposed(), (said,), {"appointment": "1", "state": "proposed"})


def test_a_confirmation_says_on_whom_it_rests() -> None:
    result = HANDLERS.on_confirm_appointment(proposed(), asked(made_up.confirm_appointment(), WANG), MONDAY)
    said = made_up.appointment_made(by=(LI.account, WANG.account))
    assert result == Change(appointed(), (said,), {"appointment": "1", "state": "made"})


def test_the_first_configurer_is_proposed_and_made_at_once() -> None:
    wish = made_up.propose_appointment(role="configurer", unit="")
    result = HANDLERS.on_propose_appointment(None, asked(wish, INSTALLATION), MONDAY)
    assert isinstance(result, Change)
    assert [type(said) for said in result.facts] == [staff.AppointmentProposed, staff.AppointmentMade]
    assert [each.role for each in result.document.holding(MONDAY)] == ["configurer"]


def test_an_end_names_what_ended() -> None:
    result = HANDLERS.on_end_appointment(appointed(), asked(made_up.end_appointment(), WANG), MONDAY)
    assert isinstance(result, Change)
    assert result.facts == (made_up.appointment_ended(by=WANG.account),)


def test_what_is_not_allowed_is_refused_in_both_languages() -> None:
    own = Appointer(NAME, "configurer", COUNTY)
    result = HANDLERS.on_propose_appointment(None, asked(made_up.propose_appointment(), own), MONDAY)
    assert isinstance(result, Reject)
    assert (result.code, result.detail["en"].isascii(), bool(result.detail["zh"])) == ("not_yourself", True, True)


def test_a_lock_and_its_end_are_said() -> None:
    locked = HANDLERS.on_lock_account(appointed(), asked(made_up.lock_account(), LI), MONDAY)
    assert isinstance(locked, Change)
    assert locked.facts == (staff.AccountLocked(by=LI.account),)
    unlocked = HANDLERS.on_unlock_account(locked.document, asked(made_up.unlock_account(), WANG), MONDAY)
    assert unlocked == Change(appointed(), (staff.AccountUnlocked(by=WANG.account),))


def test_an_account_that_is_not_there_cannot_be_locked_or_confirmed() -> None:
    for result in (
        HANDLERS.on_lock_account(None, asked(made_up.lock_account(), LI), MONDAY),
        HANDLERS.on_confirm_appointment(None, asked(made_up.confirm_appointment(), WANG), MONDAY),
        HANDLERS.on_end_appointment(None, asked(made_up.end_appointment(), WANG), MONDAY),
    ):
        assert isinstance(result, Reject)
        assert result.code == "appointment_unknown"


def test_a_request_without_an_actor_appoints_nobody() -> None:
    message = request(made_up.propose_appointment(), actor=Actor(role=""), key=key_of(NAME))
    assert isinstance(HANDLERS.on_propose_appointment(Account(), message, MONDAY), Reject)


def test_a_replacement_is_proposed_and_confirmed_with_who_and_until_when() -> None:
    first = HANDLERS.on_propose_replacement(appointed(), asked(made_up.propose_replacement(), LI), MONDAY)
    assert isinstance(first, Change)
    assert (first.facts, first.answer) == (
        (made_up.replacement_proposed(),),
        {"replacement": "1", "state": "proposed"},
    )
    second = HANDLERS.on_confirm_replacement(first.document, asked(made_up.confirm_replacement(), WANG), MONDAY)
    assert isinstance(second, Change)
    assert (second.facts, second.answer) == (
        (made_up.replacement_confirmed(),),
        {"replacement": "1", "state": "confirmed"},
    )


def test_of_an_account_that_is_not_there_nothing_is_replaced() -> None:
    for result in (
        HANDLERS.on_propose_replacement(None, asked(made_up.propose_replacement(), LI), MONDAY),
        HANDLERS.on_confirm_replacement(None, asked(made_up.confirm_replacement(), WANG), MONDAY),
    ):
        assert isinstance(result, Reject)
