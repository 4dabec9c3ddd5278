"""The fold: given a document and a fact, the document that people read."""

from datetime import timedelta

import orjson
import pytest

from contracts import catalogue
from contracts.envelope import Body
from contracts.lifecycle import OfficialCounter, TicketState
from contracts.messages import notify, routing
from contracts.values import Voter
from runtime.change import Ignore
from services.portal.reading.board.counters import counter_of
from services.portal.reading.search import filters
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket import lights
from services.portal.reading.ticket.document import (
    CUT,
    HISTORY_STEPS,
    WORDS_LISTED,
    ShownEvidence,
)
from services.portal.reading.ticket.fold.reacts import REACTS
from services.portal.reading.ticket.fold.words import sealed_in
from services.portal.reading.ticket.lights import Light
from services.portal.reading.ticket.planned import ShownMeasure, ShownPlan
from tests.facts.accountability import accountability_recorded
from tests.facts.feedback import (
    completed,
    evaluated,
    evaluation_reminded,
    look_back_recorded,
    plan_made,
    progress_reported,
    rework_ordered,
    struck_off,
)
from tests.facts.intake import conflicted, erased, seat_confirmed, supplemented, withdrawn
from tests.facts.notify import people_notified, person_notified, person_told
from tests.facts.routing import accepted, assigned, queued, returned
from tests.facts.sla import clock_stopped, order_withdrawn, supervision_ordered
from tests.facts.values import PHOTO, UNIT, UNIT_ZH, voters
from tests.facts.verification import matter_verified
from tests.harness import MONDAY, fact
from tests.unit.portal import log
from tests.unit.portal.folding import folded, folded_by_the_loop
from tests.unit.portal.tickets import a_clock, a_ticket

QUEUED = {"complete_by", "assign_by", "later_by"}


def test_the_portal_reacts_to_exactly_what_the_catalogue_lists() -> None:
    assert set(REACTS) == catalogue.consumed_by("portal")


def test_a_matter_is_joint_once_a_seat_beside_the_filers_is_confirmed() -> None:
    strangers = (*voters(1), Voter(index=1, code_digest="d1", confirmed=False))
    named = folded(None, log.registered(voters=strangers), log.registered().words)
    assert (named.collective, folded(named, seat_confirmed()).collective) == (False, True)


def test_a_registered_matter_begins_a_document_with_its_words_in_clear() -> None:
    ticket = folded(None, log.registered(voters=voters(2)), log.registered().words)
    assert (ticket.state, ticket.title, ticket.division) == (TicketState.REGISTERED, "路灯不亮", "431226")
    assert ticket.collective
    assert [voter.digest for voter in ticket.voters] == ["d0", "d1"]


def test_words_that_cannot_be_read_leave_the_title_empty() -> None:
    for words in ("", "[1]", "{broken", "plain"):
        assert folded(None, log.registered(), words).title == ""


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (queued(), TicketState.QUEUED),
        (assigned(), TicketState.ASSIGNED),
        (returned(), TicketState.QUEUED),
        (returned(count=2, disputed=True), TicketState.DISPUTED),
        (accepted(), TicketState.IN_HAND),
        (completed(), TicketState.AWAITING_EVALUATION),
        (rework_ordered(), TicketState.REWORK),
        (struck_off(), TicketState.STRUCK_OFF),
        (withdrawn(state="queued"), TicketState.WITHDRAWN),
        (log.deadline("c", "accept_by"), TicketState.REGISTERED),
        (supervision_ordered(), TicketState.REGISTERED),
    ],
)
def test_only_the_holder_of_the_baton_moves_the_state(body: Body, state: TicketState) -> None:
    assert folded(a_ticket(), body).state is state


def test_a_unit_that_gave_a_matter_back_reads_it_no_more_and_the_story_says_who_it_was() -> None:
    had = folded(folded(a_ticket(), assigned()), log.deadline("c1", "accept_by"))
    mine = TicketScope(division="4312", unit=UNIT)
    back = folded(had, returned())
    assert [filters.in_scope(each, mine) for each in (had, back)] == [True, False]
    assert (back.unit, back.history[-1].unit_zh) == ("", UNIT_ZH)


def test_a_deadline_runs_until_its_clock_is_stopped() -> None:
    running = folded(folded(a_ticket(), assigned()), log.deadline("c1", "accept_by"))
    assert running.accept_by == MONDAY + timedelta(hours=8)
    assert running.complete_by is None
    other = folded(running, clock_stopped(clock="c9"))
    assert other.accept_by == running.accept_by
    done = folded(running, clock_stopped())
    assert (done.accept_by, done.clocks) == (None, ())


def test_a_desk_that_does_not_hand_out_in_time_leaves_the_matter_overdue_unaccepted() -> None:
    waiting = folded(folded(a_ticket(), queued(reason="no_unit")), log.deadline("c1", "assign_by"))
    due = MONDAY + timedelta(hours=8)
    assert [counter_of(waiting, at) for at in (due - timedelta(seconds=1), due)] == [
        OfficialCounter.ACCEPTING, OfficialCounter.OVERDUE_UNACCEPTED,
    ]  # fmt: skip


def test_a_struck_off_matter_has_no_running_clock() -> None:
    assert folded(folded(a_ticket(), log.deadline("c", "rework_by")), struck_off()).clocks == ()


RUNNING = ("accept_by", "complete_by", "rework_by", "assign_by", "later_by")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (queued(), {"complete_by", "assign_by", "later_by"}),
        (assigned(), {"accept_by", "complete_by", "later_by"}),
        (returned(), QUEUED),
        (returned(count=2, disputed=True), QUEUED),
        (accepted(), {"complete_by", "later_by"}),
        (rework_ordered(), {"rework_by", "later_by"}),
        (completed(), set()),
        (struck_off(), set()),
        (withdrawn(state="queued"), set()),
    ],
)
def test_with_sla_down_no_clock_shows_that_does_not_count_any_more(body: Body, left: set[str]) -> None:
    """A day late, and nobody stopped anything: what shows a light, and counts as overdue, are the clocks that count."""
    now = MONDAY + timedelta(days=1)
    started = a_ticket(clocks=tuple(a_clock(MONDAY, kind) for kind in RUNNING))
    moved = folded(folded(started, supervision_ordered()), body)
    assert {clock.kind for clock in moved.clocks} == left
    assert (lights.light(moved, now) is Light.RED) == bool(left)
    assert moved.accept_by == (MONDAY if left & {"accept_by", "assign_by"} else None)
    assert moved.complete_by == (MONDAY if left & {"complete_by", "rework_by"} else None)


def test_a_deadline_that_comes_when_its_time_is_over_is_told_and_does_not_run() -> None:
    late = folded(folded(a_ticket(), accepted()), log.deadline("c1", "accept_by"))
    assert (late.clocks, late.history[-1].kind) == ((), "deadline")


def test_an_order_that_was_false_no_longer_counts() -> None:
    ordered = folded(a_ticket(), supervision_ordered())
    assert ordered.ordered
    void = folded(ordered, order_withdrawn())
    assert not void.ordered
    assert void.orders[0].withdrawn


WRITTEN: tuple[tuple[Body, tuple[str, ...]], ...] = (
    (supplemented(), ("补充王小明",)),
    (returned(), ("退回王小明",)),
    (assigned(), ("裁定王小明",)),
    (plan_made(), ("依据王小明", "措施王小明", "责任王小明")),
    (progress_reported(), ("进展王小明",)),
    (progress_reported(index=2, public=False), ("内部王小明",)),
    (matter_verified(), ("核实王小明",)),
    (accountability_recorded(), ("处理王小明", "人员王小明")),
    (completed(talked_to="sealed"), ("办结王小明", "谈话王小明")),
    (evaluated(grade=1, solved=False, words="sealed"), ("评价王小明",)),
    (look_back_recorded(grade=1, solved=False, note="sealed"), ("回访王小明",)),
)
"""Every fact in which people write, and what they wrote."""


def test_the_fold_opens_whatever_people_write() -> None:
    assert [len(sealed_in(body)) for body, _ in WRITTEN] == [len(words) for _, words in WRITTEN]


def test_erasure_scrubs_every_word_and_keeps_the_story() -> None:
    ticket = folded(None, log.registered(), log.registered().words)
    for body, words in WRITTEN:
        ticket = folded(ticket, body, *words)
    assert all(word in str(ticket) for _, words in WRITTEN for word in words), "they are there to be scrubbed"
    scrubbed = folded(ticket, erased())
    assert (scrubbed.title, scrubbed.content, scrubbed.masked) == ("", "", "")
    assert (scrubbed.plan, scrubbed.erased) == (None, True)
    assert (scrubbed.place, scrubbed.latitude, scrubbed.longitude, scrubbed.category_said) == ("", None, None, "")
    assert [step for step in scrubbed.history if step.said] == []
    for body, words in WRITTEN:
        scrubbed = folded(scrubbed, body, *words)
    left = [word for _, words in WRITTEN for word in (*words, "example.org") if word in str(scrubbed)]
    assert left == [], "what comes after an erasure is not kept either"
    assert [step.kind for step in scrubbed.history][:2] == ["registered", "supplemented"]


def test_a_conflicting_submission_gets_a_code_for_its_own_part() -> None:
    body = conflicted(voter=voters(2)[1])
    ticket = folded(a_ticket(title="第一份"), body, '{"title": "t", "content": "另一份"}')
    assert (ticket.title, ticket.voters[-1].part, ticket.voters[-1].words) == ("第一份", True, "另一份")
    assert folded(ticket, erased()).voters[-1].words == ""


def test_the_story_keeps_its_beginning_and_its_latest_lines() -> None:
    ticket = folded(None, log.registered())
    for _ in range(HISTORY_STEPS + 9):
        ticket = folded(ticket, evaluation_reminded())
    assert len(ticket.history) == HISTORY_STEPS
    assert ticket.history[0].kind == "registered"


def test_a_fact_with_an_earlier_instant_does_not_move_the_change_back() -> None:
    ticket = folded(a_ticket(changed_at=MONDAY + timedelta(days=1)), assigned())
    assert ticket.changed_at == MONDAY + timedelta(days=1)


def test_a_fact_about_an_unknown_ticket_is_overtaken() -> None:
    assert REACTS[routing.TicketAssigned](None, fact(assigned()), MONDAY) == Ignore("unknown_ticket")


def notice(person: int, kind: str = "registered", channel: str = "sms") -> notify.PersonNotified:
    return person_notified(person=person, kind=kind, round=0, channel=channel, reference=f"{person}{kind}")


def test_a_crowd_that_is_told_is_one_line_of_the_story_and_no_change() -> None:
    before = ticket = a_ticket()
    for person in range(51):
        for kind in ("registered", "assigned"):
            ticket = folded(ticket, notice(person, kind, "email" if person == 7 else "sms"), minutes=person)
    notes = [step.note for step in ticket.history]
    assert notes == ["registered|sms|50", "assigned|sms|50", "registered|email", "assigned|email"]
    assert ticket.changed_at == before.changed_at


def test_a_notice_after_something_else_has_a_line_of_its_own() -> None:
    ticket = folded(a_ticket(), notice(0, "progress"))
    ticket = folded(folded(ticket, progress_reported(), "s"), notice(0, "progress"))
    assert [step.kind for step in ticket.history] == ["told", "progress", "told"]


def test_a_single_view_has_all_words_and_a_list_their_masked_beginning() -> None:
    content = "水。" * 299 + "13912345678" + "。" * 9_000
    words = orjson.dumps(
        {"title": "停水\n三天", "content": content, "place": "锦江路12号", "latitude": 27, "longitude": 1.5}
    )
    ticket = folded(None, log.registered(), words.decode())
    assert (ticket.content, ticket.place, ticket.latitude, ticket.longitude) == (content, "锦江路12号", 27, 1.5)
    title, _, listed = ticket.masked.partition("\n")
    assert (title, len(listed)) == ("停水 三天", WORDS_LISTED + len(CUT))
    assert listed.endswith("13" + CUT), "masked before it is cut: half a telephone number is no longer one"


def test_a_completion_shows_its_evidence() -> None:
    said = folded(a_ticket(), completed(), "已修复").history[-1].said
    assert said is not None
    assert said.evidence == (ShownEvidence(**dict(PHOTO)),)


def test_what_staff_are_told_is_no_part_of_the_story() -> None:
    told = fact(person_notified(audience="unit"))
    assert REACTS[notify.PersonNotified](a_ticket(), told, MONDAY) == Ignore("not_shown")


def test_people_who_are_told_by_one_report_are_told_as_by_a_fact_each() -> None:
    heard = [(person, kind) for person in range(3) for kind in ("registered", "assigned")]
    each_alone = one_for_all = a_ticket()
    for person, kind in heard:
        each_alone = folded(each_alone, notice(person, kind))
    told = [person_told(person=person, kind=kind) for person, kind in heard]
    others = [person_told(audience="unit"), person_told(outcome="undeliverable", channel="page")]
    one_for_all = folded(one_for_all, people_notified(*told, *others))
    assert one_for_all.history == each_alone.history
    assert REACTS[notify.PeopleNotified](a_ticket(), fact(people_notified(*others)), MONDAY) == Ignore("not_shown")


async def test_a_whole_journey_through_the_loop_ends_struck_off() -> None:
    ticket = await folded_by_the_loop(twice=False)
    assert (ticket.state, ticket.returns, ticket.reworks, ticket.hops) == (TicketState.STRUCK_OFF, 1, 1, 2)
    assert (ticket.clocks, len(ticket.votes), ticket.title) == ((), 2, "路灯不亮")
    words = [step.said.words for step in ticket.history if step.said]
    words_of_staff = ["人手不足", "请补齐", "可以销督", "要先做检测", "同意检测", "涉及两个单位", "同意延长"]
    assert words == ["不归我们管", "是哪一户？", *words_of_staff, "已派工", "已修复", "水还是黄的", "已修复"]
    assert ticket.plan == ShownPlan(
        version=1,
        mode="at_once",
        at=MONDAY + timedelta(minutes=13),
        measures=(ShownMeasure(**log.MEASURE.model_dump()),),
    )


async def test_facts_that_come_twice_are_told_once() -> None:
    assert await folded_by_the_loop(twice=True) == await folded_by_the_loop(twice=False)
