"""Whose turn it is: from each fact what each office has to do, by when, and in which order the desk shows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Body
from contracts.lifecycle import ENDED, TicketState
from contracts.values import ReviewLevel
from contracts.vocabulary import leader_of, supervision_of
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.search import filters
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket import work
from services.portal.reading.ticket.document import DueWork, Order, Step, Ticket, Unheard
from tests.facts.conferences import conference_decided
from tests.facts.feedback import (
    completed,
    evaluation_reminded,
    look_back_recorded,
    plan_lapsed,
    plan_made,
    plan_reviewed,
    progress_reported,
    rework_ordered,
)
from tests.facts.intake import withdrawn
from tests.facts.notify import delivery_unknown, person_notified
from tests.facts.reviews import completion_submitted, review_passed, review_rejected
from tests.facts.routing import accepted, assigned, queued, returned
from tests.facts.sla import (
    clock_stopped,
    deadline_set,
    order_answered,
    order_decided,
    order_withdrawn,
    supervision_ordered,
)
from tests.facts.values import COUNTY, LEAD, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.portal import log
from tests.unit.portal.folding import folded
from tests.unit.portal.test_queries import SCOPES
from tests.unit.portal.tickets import NOON, TICKET, a_clock, a_ticket, instants, tickets

KINDS = (*work.ACTS, *work.HANDED_OUT, "ordered", "look_back_due", "look_back", "told")
STORIES = st.lists(st.sampled_from(KINDS).map(lambda kind: Step(at=NOON, kind=kind)), max_size=6).map(tuple)
ORDERS = st.lists(
    st.builds(
        lambda unit, withdrawn, by: Order(
            number="1", unit=unit, colour="red", level=1, items_zh=(), items_en=(), answer_by=by, withdrawn=withdrawn
        ),
        st.sampled_from((UNIT, OTHER)),
        st.booleans(),
        instants(),
    ),
    max_size=2,
).map(tuple)
UNHEARD = st.lists(st.builds(Unheard, reference=st.just("r"), since=instants()), max_size=1).map(tuple)
MATTERS = st.builds(
    lambda ticket, story, orders, unheard: replace(ticket, history=story, orders=orders, unheard=unheard),
    *(tickets(), STORIES, ORDERS, UNHEARD),
)


def after(*facts: Body) -> Ticket:
    """The matter once these were said of it, a minute apart."""
    ticket = folded(None, log.registered())
    for minute, body in enumerate(facts, start=2):
        ticket = folded(ticket, body, minutes=minute)
    return ticket


def offices(ticket: Ticket) -> dict[str, str]:
    """What each office that has anything to do has to do first."""
    due = {office: getattr(ticket, work.field_of(office)) for office in work.OFFICES}
    return {office: turn.kind for office, turn in due.items() if turn}


DISPUTED = returned(count=2, disputed=True)
ORDERED = supervision_ordered(unit=UNIT)
ANSWERS = tuple(order_answered(order=ORDERED.order, index=item.index) for item in ORDERED.items)
SENT_BACK = order_decided(order=ORDERED.order, lifted=False, answer_by=MONDAY + timedelta(days=3))
IN_HAND = (assigned(unit=UNIT), accepted())
SUBMITTED = (*IN_HAND, completion_submitted())
TOGETHER = tuple(
    ReviewLevel(kind=kind, reviewer=reviewer, together=True)
    for kind, reviewer in (("lead", LEAD), ("leader", leader_of(COUNTY)))
)
ITS_OWN = (ReviewLevel(kind="lead", reviewer=supervision_of(COUNTY)),)
UNKNOWN = (ReviewLevel(kind="of_a_later_build", reviewer=LEAD),)
ONE_UP = supervision_ordered(unit=LEAD, lead_unit="", level=2)


@pytest.mark.parametrize(
    ("facts", "has"),
    [
        ((), {}),
        ((queued(),), {"lead": "assign"}),
        ((assigned(unit=UNIT),), {"unit": "accept"}),
        ((assigned(unit=UNIT), returned()), {"lead": "assign"}),
        ((assigned(unit=UNIT), DISPUTED), {"supervision": "rule"}),
        ((assigned(unit=UNIT), accepted()), {"unit": "handle"}),
        ((assigned(unit=UNIT), accepted(), completed()), {}),
        ((assigned(unit=UNIT), accepted(), completed(), evaluation_reminded(look_back=False)), {}),
        ((assigned(unit=UNIT), accepted(), completed(), evaluation_reminded(look_back=True)), {"clerk": "look_back"}),
        ((assigned(unit=UNIT), accepted(), completed(), evaluation_reminded(look_back=True), look_back_recorded()), {}),
        ((assigned(unit=UNIT), accepted(), completed(), rework_ordered()), {"unit": "redo"}),
        ((assigned(unit=UNIT), accepted(), ORDERED), {"unit": "answer_order"}),
        ((assigned(unit=UNIT), accepted(), ORDERED, order_withdrawn(order=ORDERED.order)), {"unit": "handle"}),
        ((assigned(unit=UNIT), accepted(), ONE_UP), {"unit": "handle", "lead": "answer_order"}),
        ((assigned(unit=UNIT), accepted(), ONE_UP, order_answered(order=ONE_UP.order, left=())), {"unit": "handle"}),
        ((assigned(unit=UNIT), accepted(), ONE_UP, completed()), {}),
        ((assigned(unit=UNIT), accepted(), ORDERED, progress_reported()), {"unit": "answer_order"}),
        ((assigned(unit=UNIT), accepted(), ORDERED, *ANSWERS), {"unit": "handle"}),
        ((assigned(unit=UNIT), accepted(), ORDERED, *ANSWERS, SENT_BACK), {"unit": "answer_order"}),
        ((assigned(unit=UNIT), accepted(), ORDERED, order_decided(order=ORDERED.order)), {"unit": "handle"}),
        ((*SUBMITTED,), {"head": "review"}),
        ((*SUBMITTED, review_passed()), {"lead": "review"}),
        ((*SUBMITTED, review_passed(), review_rejected()), {"unit": "handle"}),
        ((*SUBMITTED, review_passed(), review_passed(level=2, next=0, kind="lead"), completed()), {}),
        ((*SUBMITTED, withdrawn()), {}),
        ((*IN_HAND, completion_submitted(chain=TOGETHER)), {"lead": "review", "leader": "review"}),
        ((*IN_HAND, completion_submitted(chain=TOGETHER), review_passed(level=2)), {"lead": "review"}),
        ((*IN_HAND, completion_submitted(chain=ITS_OWN)), {"supervision": "review"}),
        ((*IN_HAND, completion_submitted(chain=UNKNOWN)), {}),
        ((assigned(unit=UNIT), withdrawn()), {}),
        ((assigned(unit=UNIT), delivery_unknown(reference="r")), {"unit": "accept", "clerk": "delivery"}),
        (
            (assigned(unit=UNIT), delivery_unknown(reference="r"), person_notified(reference="r", outcome="sent")),
            {"unit": "accept"},
        ),
    ],
)
def test_from_each_fact_follows_whose_turn_it_is(facts: Sequence[Body], has: dict[str, str]) -> None:
    assert offices(after(*facts)) == has


HELD = plan_made(mode="held_by_policy", review_on=MONDAY + timedelta(days=9))
ASKED = HELD.model_copy(update={"reviewer": LEAD})
APPROVED = plan_reviewed(approved=True, grounds=(), mode="held_by_policy")
BY_CONFERENCE = plan_reviewed(approved=True, grounds=(), mode="held_by_conference", by_conference=True)
HOLD = conference_decided(decision="hold", clock="", amount=0, due=None, until=MONDAY + timedelta(days=20))


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ((HELD,), 9),
        ((ASKED,), None),
        ((ASKED, APPROVED), 9),
        ((ASKED, plan_reviewed()), None),
        ((HELD, plan_lapsed()), None),
        ((HELD, plan_lapsed(), plan_made()), None),
        ((HOLD, BY_CONFERENCE), 20),
        ((HELD, conference_decided(), HOLD, BY_CONFERENCE), 20),
        ((HELD, conference_decided(decision="stands")), 9),
        ((HOLD, BY_CONFERENCE, plan_reviewed(by_conference=True)), None),
        ((HOLD, BY_CONFERENCE, plan_lapsed()), None),
    ],
)
def test_what_is_held_back_is_due_when_it_is_looked_at_again(facts: Sequence[Body], days: int | None) -> None:
    ticket = after(assigned(unit=UNIT), accepted(), *facts)
    assert ticket.due_unit is not None
    assert ticket.due_unit.at == (ticket.changed_at if days is None else MONDAY + timedelta(days=days))


def test_a_plan_that_is_asked_for_is_work_until_it_is_made() -> None:
    work_by, plan_by = (
        deadline_set(clock=clock, kind=kind) for clock, kind in (("c2", "complete_by"), ("c3", "plan_by"))
    )
    asked = after(assigned(unit=UNIT), accepted(plan_asked=True), work_by, plan_by)
    assert offices(asked) == {"unit": "plan"}
    assert offices(folded(asked, clock_stopped(clock="c3"))) == {"unit": "handle"}


def test_the_reporters_are_contacted_before_all_else() -> None:
    work_by, contact_by, plan_by = (
        deadline_set(clock=clock, kind=kind)
        for clock, kind in (("c2", "complete_by"), ("c4", "contact_by"), ("c3", "plan_by"))
    )
    owed = after(assigned(unit=UNIT), accepted(), work_by, plan_by, contact_by)
    assert offices(owed) == {"unit": "contact"}
    assert offices(folded(owed, clock_stopped(clock="c4"))) == {"unit": "plan"}


@pytest.mark.parametrize(("reviewer", "office"), [(LEAD, "lead"), ("431226-SUP", "supervision")])
def test_a_plan_is_in_the_inbox_of_its_reviewer_while_the_clock_of_the_work_rests(reviewer: str, office: str) -> None:
    review_by = deadline_set(clock="c3", kind="plan_review_by", unit=reviewer)
    at_review = after(assigned(unit=UNIT), accepted(), plan_made(reviewer=reviewer, review_limit=1), review_by)
    assert offices(at_review) == {office: "review_plan"}
    assert getattr(at_review, work.field_of(office)).at == review_by.due
    late = after(assigned(unit=UNIT), accepted(), deadline_set(clock="c2", kind="complete_by"), review_by)
    assert offices(late) == {"unit": "handle", office: "review_plan"}, "one that is red runs on"
    back = folded(folded(at_review, clock_stopped(clock="c3")), plan_reviewed())
    assert offices(back) == {"unit": "handle"}


def test_an_urgent_matter_comes_first_until_its_unit_acts() -> None:
    idle = after(assigned(unit=UNIT, urgent=True), accepted())
    assert idle.due_unit is not None
    assert idle.due_unit.rank == work.URGENT
    acted = folded(idle, plan_made(), minutes=9)
    assert acted.due_unit is not None
    assert acted.due_unit.rank == work.IN_TURN
    again = folded(folded(acted, completed(), minutes=10), rework_ordered(), minutes=11)
    assert again.due_unit is not None
    assert again.due_unit.rank == work.URGENT


def test_it_is_due_when_its_clock_says_and_without_one_since_it_came() -> None:
    bare = after(assigned(unit=UNIT))
    assert bare.due_unit == DueWork(kind="accept", rank=work.IN_TURN, at=MONDAY + timedelta(minutes=2))
    clock = log.deadline("c", "accept_by", hours=3)
    timed = folded(bare, clock, minutes=3)
    assert timed.due_unit == DueWork(kind="accept", rank=work.IN_TURN, at=clock.due)


def test_a_review_is_due_by_its_own_clock_and_of_the_lead_unit_that_is_named() -> None:
    inside = after(*SUBMITTED)
    assert inside.due_head == DueWork(kind="review", rank=work.IN_TURN, at=inside.changed_at)
    of_work, of_level = log.deadline("w", "complete_by", hours=1), log.deadline("c", "review_by", hours=5, unit=LEAD)
    outside = folded(folded(folded(inside, of_work, minutes=8), review_passed(), minutes=9), of_level, minutes=10)
    assert outside.due_lead == DueWork(kind="review", rank=work.IN_TURN, at=of_level.due, unit=LEAD)
    urgent = after(assigned(unit=UNIT, urgent=True), accepted(), completion_submitted())
    assert urgent.due_head is not None
    assert urgent.due_head.rank == work.URGENT


@given(MATTERS)
def test_a_matter_is_with_one_office_at_a_time_and_with_none_once_it_ended(ticket: Ticket) -> None:
    holding = {office for office, turn in work.work(ticket) if office != work.CLERK}
    assert len(holding) <= 1
    if ticket.state in ENDED:
        assert holding == set()
    if ticket.unit and ticket.state in work.OF_THE_UNIT:
        assert holding == {work.UNIT}


def desk_order(ticket: Ticket, office: str) -> tuple[object, ...]:
    """As the desk says it, in words of its own: urgent and untouched, orders, then what is longest overdue."""
    todo = [turn for name, turn in work.work(ticket) if name == office]
    urgent = [turn.at for turn in todo if turn.rank == work.URGENT]
    orders = [turn.at for turn in todo if turn.kind == "answer_order"]
    first = urgent or orders or [turn.at for turn in todo]
    return not urgent, not urgent and not orders, min(first), ticket.id


@given(st.lists(MATTERS, max_size=12), SCOPES, st.sampled_from(work.OFFICES), st.integers(1, 5), st.integers(0, 5))
async def test_an_inbox_is_what_is_to_do_in_the_order_of_the_desk(
    kept: list[Ticket], scope: TicketScope, office: str, limit: int, skip: int
) -> None:
    store: InMemoryStore[Ticket] = InMemoryStore()
    matters = [replace(each, id=f"{nth:012d}{TICKET[12:]}", **work.turns(each)) for nth, each in enumerate(kept)]  # type: ignore[arg-type]
    store.records = {each.id: Record(key=each.id, partition=0, document=each, version=1) for each in matters}
    found = await InMemoryTickets(store).inbox(office, scope, unit=LEAD, limit=limit, skip=skip)
    todo = [each for each in matters if filters.in_scope(each, scope) and any(o == office for o, _ in work.work(each))]
    ordered = sorted(todo, key=lambda each: desk_order(each, office))
    assert [each.id for each in found.tickets] == [each.id for each in ordered[skip : skip + limit]]
    assert found.more == (len(ordered) > skip + limit)


def test_the_made_up_matters_meet_every_rank_and_office() -> None:
    """The property above says something: an order before a plain matter, an urgent one before both."""
    plain = a_ticket(state=TicketState.IN_HAND, unit=UNIT, clocks=(a_clock(NOON, "complete_by"),))
    order = Order(
        number="1", unit=UNIT, colour="red", level=1, items_zh=(), items_en=(), answer_by=NOON + timedelta(days=9)
    )
    ordered, urgent = replace(plain, orders=(order,)), replace(plain, urgent=True)
    keys = [desk_order(each, work.UNIT) for each in (urgent, ordered, plain)]
    assert keys == sorted(keys)
