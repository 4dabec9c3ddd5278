"""A matter is put to a joint conference, whose decision binds (C7)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Actor, Body
from contracts.messages import conferences, sla
from contracts.values import ReviewLevel
from services.sla.domain import conference, explanation, lines, more_time
from services.sla.domain.deadlines import due_at
from services.sla.domain.limits import Limit
from tests.facts.conferences import record_conference, refer_matter
from tests.facts.feedback import completed, plan_lapsed, plan_reviewed
from tests.facts.reviews import completion_submitted, review_rejected
from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.sla import ask_more_time, decide_more_time
from tests.facts.values import DAY, LEAD, NUMBER, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN

CLERK = Actor(role="unit", unit=UNIT, division="431226", principal="staff:clerk")
OFFICE = Actor(role="supervisor", division="431226", principal="staff:supervisor")
LEADING = Actor(role="lead", division="431226", principal="staff:lead")
ELSEWHERE = Actor(role="supervisor", division="431225", principal="staff:elsewhere")


async def at_work(*, urgent: bool = False) -> Scene:
    made = Scene()
    await made.hear(assigned(urgent=urgent))
    await made.hear(accepted(urgent=urgent))
    return made


@pytest.fixture
async def scene() -> Scene:
    """At work, and on the agenda."""
    made = await at_work()
    assert await made.asked(refer_matter(), LEADING) == "accepted"
    return made


def the_work(scene: Scene) -> sla.DeadlineSet:
    found: sla.DeadlineSet = [m.body for m in scene.facts([sla.DeadlineSet]) if m.body.kind == "complete_by"][-1]
    return found


async def test_more_time_by_a_conference_moves_the_deadline_beyond_any_cap_and_is_told(scene: Scene) -> None:
    before = the_work(scene)
    assert await scene.asked(record_conference(amount=20), OFFICE) == "accepted"
    after, clock = the_work(scene), scene.document().clocks[-1]
    assert (after.clock, after.extended) == (before.clock, 20)
    assert after.due == due_at(Limit(clock.limit.amount + 20), clock.start, CN) > before.due
    assert clock.promised == before.due
    [decided] = [m.body for m in scene.facts([conferences.ConferenceDecided])]
    assert (decided.decision, decided.clock, decided.amount, decided.due) == ("deadline", clock.id, 20, after.due)
    [told] = [m.body for m in scene.facts([sla.MoreTimeDecided])]
    assert (told.ground, told.approved, told.before, told.due) == ("conference", True, before.due, after.due)
    assert scene.document().referred is None


async def test_the_deadline_is_explained_with_the_conference_and_recomputed(scene: Scene) -> None:
    await scene.asked(record_conference(amount=5), OFFICE)
    clock = scene.document().clocks[-1]
    told = explanation.explain(
        clock.limit, clock.start, CN, extended=more_time.extended_by(clock.more),
        by_conference=more_time.by_conference(clock.more),
    )  # fmt: skip
    assert explanation.recompute(told) == clock.due
    assert "经联席会议决定延长 5 个工作日，合计 8 个工作日" in [line.zh for line in lines.of(told)]


@given(extended=st.integers(0, 30), by_conference=st.integers(0, 300), days=st.integers(1, 60))
def test_whatever_a_conference_gives_the_lines_give_the_deadline(extended: int, by_conference: int, days: int) -> None:
    all_in_all = extended + by_conference
    told = explanation.explain(Limit(days), MONDAY, CN, extended=all_in_all, by_conference=by_conference)
    assert explanation.recompute(told) == due_at(Limit(days + all_in_all), MONDAY, CN)
    assert len([line for line in lines.of(told) if "延长" in line.zh]) == bool(extended) + bool(by_conference)


async def test_what_a_conference_gave_counts_against_neither_the_cap_nor_the_askings(scene: Scene) -> None:
    await scene.asked(record_conference(amount=20), OFFICE)
    extension = ask_more_time(
        how="extension", ground="complex", amount=scene.document().clocks[-1].limit.cap, until=None
    )
    assert await scene.asked(extension, CLERK) == "accepted"
    assert await scene.asked(decide_more_time(more_time="c2m2"), LEADING) == "accepted"
    assert the_work(scene).extended == 20 + extension.amount


async def test_a_deadline_that_has_passed_is_moved_ahead_and_what_was_announced_is_taken_back(scene: Scene) -> None:
    await scene.later(the_work(scene).due + DAY - scene.clock.now())
    assert scene.on_work()[-2:] == ["c2 orange>red", "order c2 1"]
    assert await scene.asked(record_conference(amount=1, held_on=scene.clock.now().date()), OFFICE) == "still_past_due"
    assert await scene.asked(record_conference(amount=30, held_on=scene.clock.now().date()), OFFICE) == "accepted"
    assert "back c2 red>green" in scene.said()
    assert "order back" in scene.said()


async def test_a_decision_that_changes_nothing_takes_the_matter_off_the_agenda(scene: Scene) -> None:
    before = scene.said()
    assert await scene.asked(record_conference(decision="stands", amount=0), OFFICE) == "accepted"
    assert (scene.document().referred, scene.said()) == (None, before)
    assert await scene.asked(record_conference(decision="stands", amount=0), OFFICE) == "not_referred"


TOMORROW = (MONDAY + DAY).date()


@pytest.mark.parametrize(
    ("body", "actor", "code"),
    [
        (record_conference(decision="transfer", amount=0), OFFICE, "transfer_not_possible"),
        (record_conference(decision="plan"), OFFICE, "amount_of_no_extension"),
        (record_conference(decision="plan", amount=0, until=MONDAY + DAY), OFFICE, "until_of_no_hold"),
        (record_conference(until=MONDAY + DAY), OFFICE, "until_of_no_hold"),
        (record_conference(decision="hold", amount=0), OFFICE, "until_out_of_range"),
        (record_conference(decision="hold", amount=0, until=MONDAY), OFFICE, "until_out_of_range"),
        (record_conference(decision="hold", amount=0, until=MONDAY + 367 * DAY), OFFICE, "until_out_of_range"),
        (record_conference(decision="hold", until=MONDAY + DAY), OFFICE, "amount_of_no_extension"),
        (record_conference(decision="punish"), OFFICE, "decision_unknown"),
        (record_conference(decision="stands", amount=1), OFFICE, "amount_of_no_extension"),
        (record_conference(amount=0), OFFICE, "amount_out_of_range"),
        (record_conference(amount=9_999), OFFICE, "amount_out_of_range"),
        (record_conference(conference=" "), OFFICE, "conference_missing"),
        (record_conference(held_on=TOMORROW), OFFICE, "held_on_ahead"),
        (record_conference(roster=()), OFFICE, "roster_out_of_range"),
        (record_conference(roster=(UNIT, UNIT)), OFFICE, "roster_out_of_range"),
        (record_conference(), LEADING, "not_yours"),
        (record_conference(), ELSEWHERE, "not_yours"),
        (refer_matter(), LEADING, "already_referred"),
        (refer_matter(ground="dislike"), OFFICE, "ground_unknown"),
        (refer_matter(), CLERK, "not_yours"),
        (refer_matter(), ELSEWHERE, "not_yours"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_what_cannot_be_is_refused_and_changes_nothing(scene: Scene, body: Body, actor: Actor, code: str) -> None:
    before = scene.document()
    assert await scene.asked(body, actor) == code
    assert scene.document() == before


async def test_no_conference_gives_an_urgent_matter_more_time() -> None:
    scene = await at_work(urgent=True)
    assert await scene.asked(refer_matter(ground="special_case"), OFFICE) == "accepted"
    assert await scene.asked(record_conference(), OFFICE) == "takes_no_more_time"


async def test_what_is_done_leaves_the_agenda_and_is_not_referred_again(scene: Scene) -> None:
    await scene.later(timedelta(hours=1))
    await scene.hear(completed())
    assert scene.document().referred is None
    assert await scene.asked(refer_matter(), LEADING) == "nobody_acts"


async def test_without_a_clock_of_the_work_there_is_no_deadline_to_move() -> None:
    scene = Scene()
    await scene.hear(assigned(unit=OTHER, lead_unit=LEAD, number=NUMBER))
    assert await scene.asked(refer_matter(), OFFICE) == "accepted"
    assert await scene.asked(record_conference(), OFFICE) == "no_such_clock"


UNTIL = MONDAY + 30 * DAY
NEW_PLAN = record_conference(decision="plan", amount=0)
HOLD = record_conference(decision="hold", amount=0, until=UNTIL)
HELD_BACK = plan_reviewed(approved=True, grounds=(), mode="held_by_conference", by_conference=True, until=UNTIL)


@pytest.mark.parametrize(("body", "until"), [(NEW_PLAN, None), (HOLD, UNTIL)], ids=["plan", "hold"])
async def test_what_becomes_of_the_work_is_said_and_moves_no_clock(
    scene: Scene, body: conferences.RecordConference, until: datetime | None
) -> None:
    before = scene.said()
    assert await scene.asked(body, OFFICE) == "accepted"
    [decided] = [m.body for m in scene.facts([conferences.ConferenceDecided])]
    assert (decided.decision, decided.until, decided.unit) == (body.decision, until, UNIT)
    assert (decided.clock, decided.amount, decided.due) == ("", 0, None)
    assert (scene.said(), scene.document().referred) == (before, None)


@pytest.mark.parametrize("decision", ["deadline", "stands", "plan", "hold"])
@pytest.mark.parametrize("is_urgent", [False, True])
@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize("under_review", [False, True])
def test_the_work_is_decided_on_while_a_unit_does_it_and_it_is_not_urgent(
    decision: str, is_urgent: bool, is_accepted: bool, under_review: bool
) -> None:
    refused = conference.fault_of_work(
        decision, is_urgent=is_urgent, is_accepted=is_accepted, under_review=under_review
    )
    is_at_work = is_accepted and not is_urgent and not under_review
    assert (refused is None) == (decision in ("deadline", "stands") or is_at_work)


@pytest.mark.parametrize("body", [NEW_PLAN, HOLD], ids=["plan", "hold"])
@pytest.mark.parametrize("reviewer", [LEAD, UNIT], ids=["outside", "own_head"])
async def test_while_the_work_is_under_review_it_is_not_decided_on(
    scene: Scene, body: conferences.RecordConference, reviewer: str
) -> None:
    """Also by the unit's own head, where the clock of the work runs on."""
    await scene.hear(completion_submitted(chain=(ReviewLevel(kind="lead", reviewer=reviewer),)))
    assert await scene.asked(body, OFFICE) == "under_review"
    await scene.hear(review_rejected())
    assert await scene.asked(body, OFFICE) == "accepted"


@pytest.mark.parametrize("body", [NEW_PLAN, HOLD], ids=["plan", "hold"])
async def test_what_no_unit_has_accepted_has_no_work_to_decide_on(body: conferences.RecordConference) -> None:
    scene = Scene()
    await scene.hear(assigned())
    assert await scene.asked(refer_matter(), OFFICE) == "accepted"
    assert await scene.asked(body, OFFICE) == "not_accepted"
    assert scene.document().referred is not None


@pytest.mark.parametrize("body", [NEW_PLAN, HOLD], ids=["plan", "hold"])
async def test_an_urgent_matter_waits_for_no_plan_and_is_never_held_back(body: conferences.RecordConference) -> None:
    scene = await at_work(urgent=True)
    assert await scene.asked(refer_matter(), OFFICE) == "accepted"
    assert await scene.asked(body, OFFICE) == "urgent_waits_for_nothing"


async def test_what_is_held_back_rests_until_it_is_taken_up_and_may_be_decided_on_anew(scene: Scene) -> None:
    assert await scene.asked(HOLD, OFFICE) == "accepted"
    await scene.hear(HELD_BACK)
    [stopped] = [m.body for m in scene.facts([sla.ClockStopped]) if m.body.clock == "c2"]
    assert stopped.reason == "held_by_conference"
    await scene.later(UNTIL - MONDAY)
    assert not [each for each in scene.said() if ">" in each]
    assert [(each.kind, each.due) for each in scene.document().running()] == [("held_until", UNTIL)]
    assert await scene.asked(refer_matter(), OFFICE) == "accepted"
    assert await scene.asked(record_conference(), OFFICE) == "no_such_clock"
    assert await scene.asked(NEW_PLAN, OFFICE) == "accepted"
    await scene.hear(plan_lapsed())
    assert (the_work(scene).start, the_work(scene).clock, the_work(scene).continues) == (MONDAY, "c4", "c2")


@pytest.mark.parametrize("mode", ["held_by_policy", "held_by_conference"])
async def test_what_turns_out_to_be_urgent_while_it_is_held_back_has_minutes_from_then(scene: Scene, mode: str) -> None:
    await scene.hear(plan_reviewed(approved=True, grounds=(), mode=mode, until=UNTIL))
    await scene.hear(urgency_judged(urgent=True))
    await scene.hear(plan_lapsed())
    assert scene.document().running("complete_by")[0].limit.unit == "minutes"
