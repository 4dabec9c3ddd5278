"""The plan as people read it: with its reviewer, approved or drafted anew, its measures done, lapsed."""

from dataclasses import replace

import pytest

from contracts.envelope import Body
from contracts.lifecycle import TicketState
from contracts.values import Measure
from contracts.vocabulary import LANGUAGES
from services.portal.reading.ticket import lights, story
from services.portal.reading.ticket.document import WORKING, Ticket
from tests.facts import class_plans, conferences, feedback, schemes
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.portal.folding import folded
from tests.unit.portal.tickets import a_ticket


def after(*facts: Body) -> Ticket:
    ticket = a_ticket()
    for fact in facts:
        ticket = folded(ticket, fact)
    return ticket


def told(ticket: Ticket) -> list[str]:
    return [line.sentence for line in story.lines(ticket, "zh")]


def test_a_plan_is_pending_then_approved_or_drafted_anew_then_lapsed() -> None:
    pending = feedback.plan_made(reviewer="431226-ZW", review_limit=2)
    redraft = feedback.plan_reviewed()
    approved = feedback.plan_reviewed(approved=True, grounds=())
    ways = [(), (pending,), (pending, redraft), (pending, approved), (pending, approved, feedback.plan_lapsed())]
    plans = [after(*way).plan for way in ways]
    assert [plan.plan_review if plan else None for plan in plans] == [None, "pending", "redraft", "approved", "lapsed"]


def test_a_measure_that_is_done_is_marked_and_told_one_that_goes_on_is_told() -> None:
    ticket = after(feedback.plan_made(), feedback.measure_reported(), feedback.measure_reported(done=False))
    assert ticket.plan is not None
    assert ticket.plan.measures_done == (1,)
    done, goes_on = told(ticket)[-2:]
    assert "落实第1项措施" in done
    assert "第1项措施的进展" in goes_on


def test_a_plan_that_is_not_approved_says_on_which_ground() -> None:
    ticket = after(feedback.plan_made(reviewer="431226-ZW"), feedback.plan_reviewed())
    assert "未获同意，须重新制定：措施不具体" in told(ticket)[-1]
    assert all(story.lines(ticket, language)[-1].sentence for language in LANGUAGES)


def test_a_plan_that_was_inherited_is_read_in_the_words_of_its_class() -> None:
    of_class = tuple(
        Measure(text="", person="", due=MONDAY + each.days * DAY, of_class=each) for each in class_plans.MEASURES
    )
    name = "431226-UB/URB.06@1"
    plan = after(feedback.plan_made(mode="within_limit", measures=of_class, class_plan=name)).plan
    assert plan is not None
    assert (plan.plan_review, plan.class_plan) == ("approved", name)
    assert [(each.text, each.person) for each in plan.measures] == [
        (each.text, each.post) for each in class_plans.MEASURES
    ]


def sentences(ticket: Ticket) -> list[str]:
    return [story.lines(ticket, language)[-1].sentence for language in ("zh", "en")]


def conference(decision: str, **until: object) -> Body:
    return conferences.conference_decided(decision=decision, clock="", amount=0, due=None, **until)


def test_what_a_conference_decides_of_the_work_is_told_once_and_overtakes_the_plan() -> None:
    pending = feedback.plan_made(reviewer="431226-ZW")
    redraft = feedback.plan_reviewed(grounds=(), by_conference=True)
    ticket = after(pending, conference("plan"), redraft)
    assert ticket.plan is not None
    assert ticket.plan.plan_review == "redraft"
    zh, en = sentences(ticket)
    assert (zh.endswith("决定：重新制定办理方案。"), en.endswith("decided: the plan is drafted anew.")) == (True, True)
    assert len(told(ticket)) == len(told(after(pending, conference("plan"))))


def test_what_a_conference_holds_back_says_until_when_and_that_it_is_taken_up_again() -> None:
    pending = feedback.plan_made(reviewer="431226-ZW")
    held = feedback.plan_reviewed(approved=True, grounds=(), mode="held_by_conference", by_conference=True)
    ticket = after(pending, conference("hold", until=MONDAY + 30 * DAY), held)
    assert ticket.plan is not None
    assert ticket.plan.plan_review == "overtaken"
    zh, en = sentences(ticket)
    assert "决定：暂缓办理，2026年4月1日 09:00 复查。" in zh
    assert "decided: held back, to be looked at again on " in en
    resumed = after(conference("hold", until=MONDAY + 30 * DAY), held, feedback.plan_lapsed())
    zh, en = sentences(resumed)
    assert "此事恢复办理" in zh
    assert "taken up again" in en


def test_a_conference_is_told_of_a_matter_that_has_no_plan() -> None:
    ticket = after(conference("plan"), feedback.plan_reviewed(version=0, grounds=(), by_conference=True))
    assert ticket.plan is None
    assert "重新制定办理方案" in told(ticket)[-1]


TWO = tuple(Measure(text="修", person="经办人", due=MONDAY + days * DAY) for days in (20, 30))
"""As schemes.measures_timed has them: the second has no orange."""


def shown(ticket: Ticket, days: int) -> list[str]:
    at_work = replace(ticket, state=WORKING[0])
    return [each.value for each in lights.measure_lights(at_work, MONDAY + days * DAY)]


def test_each_measure_has_its_light_by_comparing() -> None:
    ticket = after(feedback.plan_made(measures=TWO), schemes.measures_timed())
    assert shown(ticket, 4) == ["yellow", "green"]
    assert shown(ticket, 10) == ["orange", "yellow"]
    assert shown(ticket, 29) == ["red", "yellow"]
    assert shown(ticket, 30) == ["red", "red"]


def test_what_is_done_not_timed_or_not_worked_on_has_no_light() -> None:
    planned, timed = feedback.plan_made(measures=TWO), schemes.measures_timed()
    assert shown(after(planned), 40) == ["none", "none"]
    with pytest.raises(AssertionError, match="another_plan"):
        after(planned, schemes.measures_timed(plan=2))
    assert shown(after(planned, timed, feedback.measure_reported()), 40) == ["none", "red"]
    over = replace(after(planned, timed), state=TicketState.AWAITING_EVALUATION)
    assert {each.value for each in lights.measure_lights(over, MONDAY + 40 * DAY)} == {"none"}


def test_another_plan_has_other_lights() -> None:
    again = after(
        feedback.plan_made(measures=TWO), schemes.measures_timed(), feedback.plan_made(measures=TWO, version=2)
    )
    assert shown(again, 40) == ["none", "none"]
