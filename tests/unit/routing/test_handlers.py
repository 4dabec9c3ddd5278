"""Routing's handlers: given a document and a message, what comes of it; and the service run in memory."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import Body, RequestDecided
from contracts.messages import intake, routing
from runtime.change import Change, Ignore, Keep, Reject
from services.routing.domain.assignment.assignment import Assignment, AssignmentState, AssignmentVoter
from services.routing.domain.kind.categories import TAXONOMY_VERSION
from services.routing.ports import Text
from tests.facts.intake import confirm_seat, erased, registered, withdraw_ticket, withdrawn
from tests.facts.routing import accept_ticket, assign_ticket, return_ticket
from tests.facts.values import COUNTY, NUMBER, voters
from tests.harness import MONDAY, TICKET, Stage, fact, request
from tests.unit.routing.matters import (
    DRY,
    LEADER,
    ROADS,
    ROADWORKS,
    SUPERVISION,
    WATER,
    WATER_REPAIR,
    WATERWORKS,
    an_assignment,
    routing_service,
)

REACTS = routing_service().reacts
OF_HOUSING = LEADER.model_copy(update={"unit": f"{COUNTY}-MZ"})
ASSIGN, ACCEPT = assign_ticket(unit=ROADS), accept_ticket(standard="WTR-01")
DECIDE = assign_ticket(unit=ROADS, reason="sealed", gives_reason=True)
RETURN = return_ticket()
WITHDRAW = withdraw_ticket()


def changed(document: Assignment | None, message: Any) -> Change[Assignment]:
    result = REACTS[type(message.body)](document, message, message.at)
    assert isinstance(result, Change), result
    return result


def ended(document: Assignment | None, message: Any) -> Any:
    return REACTS[type(message.body)](document, message, message.at)


def test_a_clear_matter_is_assigned_at_once_and_the_fact_holds_everything_by_value() -> None:
    change = changed(None, fact(registered(urgent=True, voters=voters(2)), given=DRY))
    said = change.facts[0]
    assert isinstance(said, routing.TicketAssigned)
    assert change.takes_over
    assert (said.number, said.unit, said.unit_zh, said.level) == (NUMBER, WATER, "麻阳县自来水公司", "department")
    assert (said.division, said.division_zh) == ("431226100", "湖南省怀化市麻阳苗族自治县高村镇")
    assert (said.category, said.category_zh, said.taxonomy_version) == ("WTR.01", "供水", TAXONOMY_VERSION)
    assert (said.hop, said.binding, said.urgent) == (1, False, True)
    assert [reason.split(":")[0] for reason in said.reasons] == ["place", "words", "duty"]
    assert change.document.voters[1].code_digest == "d1"


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [
        (Text(title="希望多一点关心"), {}, "category_unknown"),
        (None, {}, "category_unknown"),
        (Text(title="停水三天"), {"door": "43", "division_given": "43"}, "division_unknown"),
        (Text(title="路灯不亮，学校门口红绿灯也坏了"), {}, "category_ambiguous"),
        (Text(title="停水三天", pinned=True), {}, "division_unknown"),
        (Text(title="鼓楼区停水三天"), {}, "division_unknown"),
        (Text(title="停水三天"), {"division_given": "431299"}, "division_unknown"),
        (Text(title="我在北京市朝阳区打工被拖欠工资三个月"), {}, "outside_the_platform"),
        (Text(title="路灯不亮", place="广东省深圳市"), {"urgent": True}, "outside_the_platform"),
    ],
)
def test_what_is_not_clear_waits_on_the_work_list(text: Text | None, more: dict[str, Any], reason: str) -> None:
    change = changed(None, fact(registered(**more), given=text))
    said = change.facts[0]
    assert isinstance(said, routing.AssignmentQueued)
    assert (said.reason, change.document.state, change.document.reason) == (reason, AssignmentState.QUEUED, reason)
    assert tuple(each.unit for each in said.candidates) == change.document.candidates
    assert change.takes_over


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (Text(title="我在北京市朝阳区打工被拖欠工资三个月"), ("110105",)),
        (Text(title="鼓楼区停水三天"), ("320106", "320302", "350102", "410204")),
    ],
)
def test_whoever_decides_is_told_which_places_it_may_be_about_and_sees_it_at_the_door(
    text: Text, places: tuple[str, ...]
) -> None:
    change = changed(None, fact(registered(), given=text))
    said = change.facts[0]
    assert isinstance(said, routing.AssignmentQueued)
    assert (said.places, change.document.places, said.division) == (places, places, COUNTY)
    given = changed(change.document, request(ASSIGN.model_copy(update={"category": "TRF.01"}), actor=LEADER))
    assert given.document.places == ()


def test_an_emergency_whose_kind_is_not_clear_is_with_the_emergency_desk_at_once() -> None:
    change = changed(None, fact(registered(urgent=True), given=Text(title="出大事了快来人", place="高村镇")))
    said = change.facts[0]
    assert isinstance(said, routing.TicketAssigned)
    assert (said.unit, said.category, said.urgent) == (f"{COUNTY}-YJ", "SAF.04", True)
    assert said.reasons[-1] == "urgent:category_unknown"


def test_the_reason_of_a_decision_travels_sealed_with_it() -> None:
    disputed = an_assignment(state=AssignmentState.DISPUTED, unit="", returned_by=(WATER, ROADS))
    said = changed(disputed, request(DECIDE, actor=SUPERVISION)).facts[0]
    assert isinstance(said, routing.TicketAssigned)
    assert (said.binding, said.explanation) == (True, "sealed")


def test_the_second_registration_changes_nothing() -> None:
    assert ended(an_assignment(), fact(registered())) == Ignore("held_already")


@pytest.mark.parametrize("body", [ASSIGN, ACCEPT, RETURN, WITHDRAW])
def test_what_is_asked_before_registration_is_kept(body: Body) -> None:
    assert ended(None, request(body)) == Keep()


def test_acceptance_hands_the_standard_over_by_value() -> None:
    change = changed(an_assignment(), request(ACCEPT, actor=WATERWORKS))
    said = change.facts[0]
    assert isinstance(said, routing.TicketAccepted)
    assert (said.standard, said.unit, said.registered_at) == (WATER_REPAIR, WATER, MONDAY)
    assert [voter.code_digest for voter in said.voters] == ["d0", "d1"]
    assert (change.document.state, change.answer) == (AssignmentState.HANDED_OVER, {"standard": "WTR-01"})


@pytest.mark.parametrize(
    ("document", "body", "actor", "code"),
    [
        (an_assignment(), ACCEPT, ROADWORKS, "not_yours"),
        (an_assignment(), ACCEPT, None, "not_yours"),
        (an_assignment(), accept_ticket(standard="NONE"), WATERWORKS, "unknown_standard"),
        (an_assignment(), accept_ticket(standard="LND-01"), WATERWORKS, "standard_not_allowed"),
        (an_assignment(), ASSIGN, LEADER, "not_waiting"),
        (an_assignment(state=AssignmentState.QUEUED), assign_ticket(unit="NONE"), LEADER, "unknown_unit"),
        (an_assignment(state=AssignmentState.DISPUTED), ASSIGN, LEADER, "disputed"),
        (an_assignment(state=AssignmentState.DISPUTED), ASSIGN, SUPERVISION, "reason_needed"),
        (an_assignment(state=AssignmentState.QUEUED, category=""), ASSIGN, LEADER, "category_needed"),
        (an_assignment(state=AssignmentState.QUEUED, returned_by=(ROADS,)), ASSIGN, LEADER, "returned_by_this_unit"),
        (an_assignment(state=AssignmentState.QUEUED), ASSIGN, OF_HOUSING, "not_your_line"),
        (an_assignment(category="ENV.01"), ACCEPT, WATERWORKS, "standard_not_allowed"),
        (an_assignment(binding=True), RETURN, WATERWORKS, "binding"),
        (an_assignment(), return_ticket(ground="busy"), WATERWORKS, "unknown_ground"),
        (an_assignment(state=AssignmentState.WITHDRAWN), WITHDRAW, None, "ended"),
    ],
)
def test_a_refusal_says_why_in_two_languages(document: Assignment, body: Body, actor: Any, code: str) -> None:
    refused = ended(document, request(body, actor=actor))
    assert isinstance(refused, Reject)
    assert (refused.code, set(refused.detail)) == (code, {"zh", "en"})


def test_without_an_actor_nothing_is_assigned() -> None:
    message = fact(ASSIGN)
    refused = REACTS[routing.AssignTicket](an_assignment(state=AssignmentState.QUEUED), message, MONDAY)
    assert isinstance(refused, Reject)
    assert refused.code == "outside_your_division"


def test_withdrawing_is_decided_by_whoever_holds_the_baton() -> None:
    change = changed(an_assignment(voters=(AssignmentVoter(0, "d0"),)), request(WITHDRAW))
    assert change.facts == (withdrawn(voter=0, state="assigned"),)
    assert ended(an_assignment(state=AssignmentState.HANDED_OVER), request(WITHDRAW)) == Ignore("handed_on")


def test_confirming_a_seat_is_decided_by_whoever_holds_the_baton() -> None:
    named = (AssignmentVoter(0, "d0"), AssignmentVoter(1, "d1", confirmed=False))
    change = changed(an_assignment(voters=named), request(confirm_seat()))
    assert change.facts == (intake.SeatConfirmed(voter=1),)
    assert ended(None, request(confirm_seat())) == Keep()
    assert ended(an_assignment(state=AssignmentState.HANDED_OVER), request(confirm_seat())) == Ignore("handed_on")


def test_erasure_finds_nothing_to_scrub() -> None:
    assert ended(an_assignment(), fact(erased())) == Ignore("nothing_to_scrub")
    assert not {"title", "content", "words"} & set(Assignment.__dataclass_fields__)


async def test_two_returns_and_the_supervision_offices_word_is_the_last() -> None:
    stage, hour = Stage(routing_service()), timedelta(hours=1)
    stage.say(fact(registered(), key=TICKET, seq=1, producer="intake"))
    asked: list[tuple[Body, Any]] = [
        (assign_ticket(unit=WATER, category="WTR.01"), LEADER),
        (RETURN, WATERWORKS),
        (ASSIGN, LEADER),
        (RETURN, ROADWORKS),
        (DECIDE, LEADER),
        (DECIDE, SUPERVISION),
        (RETURN, ROADWORKS),
    ]
    for nth, (body, actor) in enumerate(asked, start=1):
        stage.say(request(body, MONDAY + nth * hour, actor))
    await stage.run()
    outcomes = [(m.body.accepted, m.body.code) for m in stage.facts([RequestDecided])]
    assert outcomes == [(True, "accepted")] * 4 + [(False, "disputed"), (True, "accepted"), (False, "binding")]
    returned = [(m.body.count, m.body.disputed) for m in stage.facts([routing.TicketReturned])]
    assigned = [(m.body.unit, m.body.hop, m.body.binding) for m in stage.facts([routing.TicketAssigned])]
    assert returned == [(1, False), (2, True)]
    assert assigned == [(WATER, 1, False), (ROADS, 2, False), (ROADS, 3, True)]
    assert stage.document().returned_by == (WATER, ROADS)


async def test_a_withdrawal_that_came_before_the_registration_is_decided_when_routing_takes_over() -> None:
    stage = Stage(routing_service())
    stage.say(request(WITHDRAW, to=("intake", "routing", "feedback")))
    alone = registered()
    stage.say(fact(alone, seq=1, producer="intake"))
    await stage.run()
    assert [m.body.state for m in stage.facts([intake.TicketWithdrawn])] == ["queued"]
    assert stage.document().state is AssignmentState.WITHDRAWN
