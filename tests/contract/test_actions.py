"""The table of actions says what the services decide: over all states and roles, nothing more and nothing less."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from contracts import actions
from contracts.actions import ACTIONS, REPORTER
from contracts.envelope import Actor, Body
from contracts.lifecycle import STATES, TicketState
from contracts.vocabulary import ROLES
from runtime.change import Change
from services.feedback import wiring as feedback
from services.feedback.domain.case import CaseCheck, CaseVoter, ChainLevel
from services.feedback.handlers import shared
from services.intake import wiring as intake
from services.intake.domain.screening import Signals
from services.intake.domain.submission import Registration, SubmissionVoter
from services.intake.ports import Added
from services.portal.reading.ticket.offers import offers
from services.routing.domain.assignment.assignment import AssignmentState, AssignmentVoter
from tests.contract.guarded import BY_CODE, GUARDED, TICKET
from tests.facts import draws
from tests.facts import feedback as of_feedback
from tests.facts import intake as of_intake
from tests.facts import routing as of_routing
from tests.facts.accountability import record_accountability, record_rule
from tests.facts.reviews import review_completion
from tests.facts.values import NUMBER, PHOTO
from tests.facts.verification import verify_matter
from tests.harness import MONDAY, request
from tests.unit.feedback.cases import STAFF as UNIT_OF_CASES
from tests.unit.feedback.cases import a_case
from tests.unit.routing.matters import LEADER, ROADS, SUPERVISION, WATERWORKS, an_assignment, routing_service

CHECK = draws.record_check()
SHOWN = PHOTO.model_copy(update={"dated": MONDAY})
REQUESTS: Mapping[str, Body] = {
    type(body).__name__: body
    for body in (
        of_intake.supplement_ticket(),
        of_intake.withdraw_ticket(),
        of_intake.confirm_seat(),
        of_intake.erase_identity(),
        of_feedback.evaluate_ticket(),
        of_routing.assign_ticket(unit=ROADS, reason="sealed", gives_reason=True),
        of_routing.accept_ticket(standard="WTR-01"),
        of_routing.return_ticket(),
        of_routing.judge_urgency(),
        verify_matter(evidence=(SHOWN,)),
        of_feedback.plan_ticket(),
        of_feedback.review_plan(),
        of_feedback.report_measure(),
        of_feedback.ask_progress(),
        of_feedback.record_attempt(),
        of_feedback.report_progress(),
        of_feedback.record_contact(),
        of_feedback.ask_reporter(),
        of_feedback.complete_ticket(evidence=(SHOWN,)),
        review_completion(),
        of_feedback.record_look_back(),
        of_feedback.reopen_ticket(),
        draws.check_ticket(draw="another"),
        record_accountability(),
        record_rule(),
        CHECK,
    )
}
"""One good request of each kind."""
SERVICES: Mapping[str, Any] = {"intake": intake.build(), "routing": routing_service(), "feedback": feedback.build()}
CASES = tuple(state for state in TicketState if STATES[state].holder == "feedback")
OF_ROUTING = {"queued", "assigned", "disputed"}


def registration(state: TicketState) -> Registration:
    names = {TicketState.INVALID: "invalid", TicketState.WITHDRAWN: "withdrawn", TicketState.STRUCK_OFF: "closed"}
    seats = (SubmissionVoter(0, "d0"), SubmissionVoter(1, "d1", confirmed=False))
    name = names.get(state, "registered")
    return Registration(NUMBER, "web", "431226", name, "digest", "sealed", identity="sealed", voters=seats)


def assignment(state: TicketState) -> Any:
    """Routing's document; None before it has one."""
    if state in (TicketState.INVALID, TicketState.REGISTERED):
        return None
    name = state.value if state in OF_ROUTING else "withdrawn" if state is TicketState.WITHDRAWN else "handed_over"
    return an_assignment(
        state=AssignmentState(name), voters=(AssignmentVoter(0, "d0"), AssignmentVoter(1, "d1", confirmed=False))
    )


def case(state: TicketState, kind: str, actor: Actor) -> Any:
    """Feedback's document, with what the request is about; None before it has one."""
    if state not in (*CASES, TicketState.WITHDRAWN):
        return None
    silent = {"reminders": 2} if state is TicketState.AWAITING_EVALUATION else {}
    seated = tuple(sorted(shared.seats(actor)))
    levels = tuple(ChainLevel(kind="lead", seat=seat, reviewer="") for seat in (*seated[:1], "another"))
    about: Mapping[str, dict[str, Any]] = {
        "ReviewPlan": {"plan_version": 1, "plan_review": "pending", "open_to": seated},
        "ReportMeasure": {"plan_version": 1, "plan_measures": 1},
        "ReviewCompletion": {"review_levels": levels},
    }
    checks = (CaseCheck(draw=CHECK.draw, due=MONDAY),)
    seats = CaseVoter(index=0, code_digest="d0"), CaseVoter(index=1, code_digest="d1", confirmed=False)
    return replace(a_case(state=state, checks=checks, **(silent | about.get(kind, {}))), voters=seats)


def who(role: str, service: str) -> Actor:
    """Somebody of the role whose matter it is."""
    if role == "unit":
        return WATERWORKS if service == "routing" else UNIT_OF_CASES
    unit = UNIT_OF_CASES.unit if role == "head" else ""
    other = Actor(role=role, unit=unit, division="431226", principal=f"staff:{role}")
    return {"lead": LEADER, "supervisor": SUPERVISION}.get(role, other)


def is_taken(kind: str, role: str, state: TicketState) -> bool:
    """Whether the service that decides where a matter stands takes a good request of the role."""
    body = REQUESTS[kind]
    service = STATES[state].holder if kind in ("WithdrawTicket", "ConfirmSeat") else ACTIONS[kind].service
    if service not in SERVICES:
        return False
    actor = who(role, service)
    of_others = {"intake": registration, "routing": assignment}
    document = of_others[service](state) if service in of_others else case(state, kind, actor)
    given = Added(words="sealed", signals=Signals()) if kind == "SupplementTicket" else None
    message = request(body, MONDAY, actor, given=given)
    return isinstance(SERVICES[service].reacts[type(body)](document, message, MONDAY), Change)


def test_there_is_a_good_request_of_each_kind() -> None:
    assert REQUESTS.keys() == ACTIONS.keys()


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("kind", ACTIONS)
def test_what_the_table_offers_is_taken_and_what_it_does_not_is_refused(kind: str, state: TicketState) -> None:
    row = ACTIONS[kind]
    offered = {role: actions.allows(row, role, state) for role in row.roles}
    assert {role: is_taken(kind, role, state) for role in row.roles} == offered


def test_each_action_stands_at_its_route_and_lets_in_its_roles_and_nobody_else() -> None:
    routes = {(each.service, each.path): frozenset(each.roles) for each in GUARDED if each.method == "POST"}
    by_code = {(service, path): frozenset((REPORTER,)) for service, method, path in BY_CODE if method == "POST"}
    asked_of_portal = {at for at in routes if at[0] == "portal"}  # looks: written down, and nothing is decided
    there = {at: roles for at, roles in (routes | by_code).items() if at not in asked_of_portal}
    of_a_ticket = {at: roles for at, roles in there.items() if at[1].startswith(TICKET)}
    assert {(row.service, f"{TICKET}/{row.path}"): row.roles for row in ACTIONS.values()} == of_a_ticket


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("role", [*ROLES, REPORTER])
def test_what_may_not_be_sent_now_says_when_it_may(role: str, state: TicketState) -> None:
    for each in offers(NUMBER, state, role, is_confirmed=False):
        row = ACTIONS[each.request]
        assert each.now == actions.allows(row, role, state)
        assert bool(each.zh and each.en) != each.now
        assert each.path == f"/v1/tickets/{NUMBER}/{row.path}"


@pytest.mark.parametrize("state", TicketState)
def test_a_seat_that_counts_is_not_asked_to_be_confirmed(state: TicketState) -> None:
    open_seat, confirmed = (
        {each.request for each in offers(NUMBER, state, REPORTER, is_confirmed=known)} for known in (False, True)
    )
    assert open_seat - confirmed == {"ConfirmSeat"}
