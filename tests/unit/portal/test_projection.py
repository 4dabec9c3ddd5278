"""The fold: given a document and a fact, the document that people read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts import catalogue, facts
from contracts.envelope import Body
from runtime.change import Change, Ignore
from services.portal import wiring
from services.portal.domain import filters
from services.portal.domain.counters import Counter, counter_of
from services.portal.domain.filters import Scope
from services.portal.domain.ticket import HISTORY_STEPS, State, Ticket
from services.portal.ports import ClearWords
from services.portal.projection.reacts import REACTS
from tests.harness import MONDAY, TICKET, Stage, fact
from tests.unit.portal import log
from tests.unit.portal.tickets import a_ticket


def folded(ticket: Ticket | None, body: Body, given: str = "", minutes: int = 1) -> Ticket:
    """The document after one fact."""
    at = MONDAY + timedelta(minutes=minutes)
    message = replace(fact(body, at), given=given or None)
    change = REACTS[type(body)](ticket, message, at)
    assert isinstance(change, Change), change
    return change.document


def test_the_portal_reacts_to_exactly_what_the_catalogue_lists() -> None:
    assert set(REACTS) == catalogue.consumed_by("portal")


def test_a_registered_matter_begins_a_document_with_its_words_in_clear() -> None:
    ticket = folded(None, log.registered(voters=log.VOTERS), given=log.registered().words)
    assert (ticket.state, ticket.title, ticket.division) == (State.REGISTERED, "路灯不亮", "431226")
    assert ticket.collective
    assert [voter.digest for voter in ticket.voters] == ["d0", "d1"]


def test_words_that_cannot_be_read_leave_the_title_empty() -> None:
    for words in ("", "[1]", "{broken", "plain"):
        assert folded(None, log.registered(), given=words).title == ""


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (facts.AssignmentQueued(reason="ambiguous"), State.QUEUED),
        (log.assigned(), State.ASSIGNED),
        (facts.TicketReturned(unit="U1", ground="g", explanation="", count=1, disputed=False), State.QUEUED),
        (facts.TicketReturned(unit="U1", ground="g", explanation="", count=2, disputed=True), State.DISPUTED),
        (log.accepted(), State.IN_HAND),
        (log.completed(), State.AWAITING_EVALUATION),
        (log.rework(), State.REWORK),
        (log.struck_off(), State.STRUCK_OFF),
        (facts.TicketWithdrawn(voter=0, state="queued"), State.WITHDRAWN),
        (log.deadline("c", "accept_by"), State.REGISTERED),
        (log.ordered(), State.REGISTERED),
    ],
)
def test_only_the_holder_of_the_baton_moves_the_state(body: Body, state: State) -> None:
    assert folded(a_ticket(), body).state is state


def test_a_unit_that_gave_a_matter_back_reads_it_no_more_and_the_story_says_who_it_was() -> None:
    had = folded(folded(a_ticket(), log.assigned()), log.deadline("c1", "accept_by"))
    mine = Scope(division="4312", unit="U1")
    back = folded(had, facts.TicketReturned(unit="U1", ground="not_our_duty", explanation="", count=1, disputed=False))
    assert [filters.in_scope(each, mine) for each in (had, back)] == [True, False]
    assert (back.unit, back.history[-1].unit_zh) == ("", "县住建局")


def test_a_deadline_runs_until_its_clock_is_stopped() -> None:
    running = folded(a_ticket(), log.deadline("c1", "accept_by"))
    assert running.accept_by == MONDAY + timedelta(hours=8)
    assert running.complete_by is None
    other = folded(running, log.stopped("c9"))
    assert other.accept_by == running.accept_by
    done = folded(running, log.stopped("c1"))
    assert (done.accept_by, done.clocks) == (None, ())


def test_a_desk_that_does_not_hand_out_in_time_leaves_the_matter_overdue_unaccepted() -> None:
    queued = folded(folded(a_ticket(), facts.AssignmentQueued(reason="no_unit")), log.deadline("c1", "assign_by"))
    due = MONDAY + timedelta(hours=8)
    assert [counter_of(queued, at) for at in (due - timedelta(seconds=1), due)] == [
        Counter.ACCEPTING, Counter.OVERDUE_UNACCEPTED,
    ]  # fmt: skip


def test_a_struck_off_matter_has_no_running_clock() -> None:
    assert folded(folded(a_ticket(), log.deadline("c", "rework_by")), log.struck_off()).clocks == ()


def test_an_order_that_was_false_no_longer_counts() -> None:
    ordered = folded(a_ticket(), log.ordered())
    assert ordered.ordered
    withdrawn = folded(ordered, facts.OrderWithdrawn(order="督1", unit="U1", reason="late fact"))
    assert not withdrawn.ordered
    assert withdrawn.orders[0].withdrawn


def test_erasure_scrubs_every_word_and_keeps_the_story() -> None:
    ticket = folded(None, log.registered(), given=log.registered().words)
    ticket = folded(ticket, facts.ProgressReported(index=1, text="s"), given="已联系王小明")
    erased = folded(ticket, facts.TicketErased())
    assert (erased.title, erased.summary, erased.erased) == ("", "", True)
    assert all(step.words == "" for step in erased.history)
    again = folded(erased, log.completed(), given="王小明已答复")
    assert again.history[-1].words == ""
    assert [step.kind for step in again.history] == ["registered", "progress", "erased", "completed"]


def test_a_conflicting_submission_gets_a_code_for_its_own_part() -> None:
    body = facts.SubmissionConflicted(first_digest="1", second_digest="2", words="s", voter=log.VOTERS[1])
    ticket = folded(a_ticket(title="第一份"), body, given='{"title": "t", "content": "另一份"}')
    assert (ticket.title, ticket.voters[-1].part, ticket.voters[-1].words) == ("第一份", True, "另一份")
    assert folded(ticket, facts.TicketErased()).voters[-1].words == ""


def test_the_story_keeps_its_beginning_and_its_latest_lines() -> None:
    ticket = folded(None, log.registered())
    for _ in range(HISTORY_STEPS + 9):
        ticket = folded(ticket, facts.EvaluationReminded(round=1, outstanding=(0,)))
    assert len(ticket.history) == HISTORY_STEPS
    assert ticket.history[0].kind == "registered"


def test_a_fact_with_an_earlier_instant_does_not_move_the_change_back() -> None:
    ticket = folded(a_ticket(changed_at=MONDAY + timedelta(days=1)), log.assigned())
    assert ticket.changed_at == MONDAY + timedelta(days=1)


def test_a_fact_about_an_unknown_ticket_is_overtaken() -> None:
    assert REACTS[facts.TicketAssigned](None, fact(log.assigned()), MONDAY) == Ignore("unknown_ticket")


def test_what_staff_are_told_is_no_part_of_the_story() -> None:
    body = facts.PersonNotified(
        audience="unit", person=0, kind="k", round=0, channel="sms", outcome="sent", reference="r"
    )
    assert REACTS[facts.PersonNotified](a_ticket(), fact(body), MONDAY) == Ignore("not_shown")


async def folded_by_the_loop(*, twice: bool) -> Any:
    stage = Stage(wiring.build(ClearWords()))
    seqs: dict[str, int] = {}
    for minute, (producer, body) in enumerate(log.journey()):
        seqs[producer] = seqs.get(producer, 0) + 1
        message = fact(body, MONDAY + timedelta(minutes=minute), seq=seqs[producer], producer=producer)
        stage.say(*([message] * (2 if twice else 1)))
    await stage.run()
    return stage.document(TICKET)


async def test_a_whole_journey_through_the_loop_ends_struck_off() -> None:
    ticket = await folded_by_the_loop(twice=False)
    assert (ticket.state, ticket.returns, ticket.reworks, ticket.hops) == (State.STRUCK_OFF, 1, 1, 2)
    assert (ticket.clocks, len(ticket.votes), ticket.title) == ((), 2, "路灯不亮")
    words = [step.words for step in ticket.history if step.words]
    assert words == ["已派工", "已修复", "已修复"]


async def test_facts_that_come_twice_are_told_once() -> None:
    assert await folded_by_the_loop(twice=True) == await folded_by_the_loop(twice=False)
