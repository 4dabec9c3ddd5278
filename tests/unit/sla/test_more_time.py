"""More time only by rule: who asks, who grants, how much, and what it does to the clock (C6)."""

from datetime import datetime, timedelta

import pytest

from contracts.envelope import Actor
from contracts.messages import sla
from services.sla.domain import explanation, more_time
from services.sla.domain.sheet import SheetClock
from tests.facts.feedback import completed, reporter_asked
from tests.facts.intake import supplemented
from tests.facts.routing import accepted, assigned
from tests.facts.sla import NOTICE, ask_more_time, decide_more_time, end_pause
from tests.facts.values import DAY, HOUR, OTHER, UNIT
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN, FIVE_DAYS

CLERK = Actor(role="unit", unit=UNIT, division="431226", principal="staff:clerk")
STRANGER = Actor(role="unit", unit=OTHER, division="431226", principal="staff:other")
LEADER = Actor(role="lead", division="431226", principal="staff:lead")
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:supervisor")
ELSEWHERE = Actor(role="supervisor", division="431225", principal="staff:elsewhere")
EXTENDABLE = FIVE_DAYS.model_copy(update={"extension_cap": 3, "extension_approver": "lead"})
TO_ME = Actor(role="lead", division="431226", principal="staff:clerk")
WORK = "c2"


@pytest.fixture
async def scene() -> Scene:
    """Accepted on Monday at nine for five working days: due on the next Monday at five in the afternoon."""
    made = Scene()
    await made.hear(assigned())
    await made.hear(accepted(standard=EXTENDABLE))
    return made


def clock_of(scene: Scene, clock: str = WORK) -> SheetClock:
    found: SheetClock = next(each for each in scene.document().clocks if each.id == clock)
    return found


def extension(amount: int = 2, **changed: object) -> sla.AskMoreTime:
    given = {"how": "extension", "ground": "complex", "amount": amount, "until": None}
    return ask_more_time(**(given | changed))


def pause(until: datetime, **changed: object) -> sla.AskMoreTime:
    return ask_more_time(until=until, **changed)


async def test_a_pause_that_is_granted_moves_the_deadline_and_is_explained(scene: Scene) -> None:
    due, until = clock_of(scene).due, scene.clock.now() + 2 * DAY
    assert await scene.asked(pause(until), CLERK) == "accepted"
    assert clock_of(scene).due == due, "nothing moves before it is granted"
    assert await scene.asked(decide_more_time(), LEADER) == "accepted"
    clock = clock_of(scene)
    assert clock.due == due + DAY, "Tuesday closes in it; Monday was not to be counted"
    assert scene.said()[-5:] == [
        "asked c2m1 of lead",
        "approve_by c3",
        "stopped c3 met",
        "granted c2m1",
        "complete_by c2",
    ]
    (set_,) = [m.body for m in scene.facts([sla.DeadlineSet]) if m.body.due == clock.due]
    assert [(each.ground, each.approver) for each in set_.pauses] == [("statutory_procedure", "lead")]
    told = explanation.explain(clock.limit, clock.start, CN.paused(clock.pauses))
    assert explanation.recompute(told) == clock.due


async def test_an_extension_is_counted_in_the_units_own_and_shown_beside_the_promise(scene: Scene) -> None:
    due = clock_of(scene).due
    await scene.asked(extension(2), CLERK)
    await scene.asked(decide_more_time(), LEADER)
    assert clock_of(scene).due == due + 2 * DAY
    await scene.later(due + DAY - scene.clock.now())
    await scene.hear(completed())
    (stopped,) = [m.body for m in scene.facts([sla.ClockStopped]) if m.body.clock == WORK]
    assert (stopped.met, stopped.met_as_promised) == (True, False)
    assert stopped.left == DAY.total_seconds()


async def test_what_is_refused_changes_nothing_and_the_unit_may_ask_once_more(scene: Scene) -> None:
    before = clock_of(scene).instants
    for _ in range(2):
        nth = len(clock_of(scene).more) + 1
        assert await scene.asked(extension(1), CLERK) == "accepted"
        assert await scene.asked(decide_more_time(more_time=f"c2m{nth}", approved=False), LEADER) == "accepted"
    assert clock_of(scene).instants == before
    assert await scene.asked(extension(1), CLERK) == "asked_too_often"


async def test_silence_is_no_and_the_approver_is_late(scene: Scene) -> None:
    await scene.asked(extension(2), CLERK)
    due = clock_of(scene).due
    await scene.later(timedelta(days=8))
    assert clock_of(scene).due == due
    assert "c3 orange>red" in scene.said()
    assert "c2 orange>red" in scene.said()


async def test_what_was_asked_for_until_acceptance_wants_no_answer_after_it() -> None:
    scene = Scene()
    await scene.hear(assigned())
    assert await scene.asked(pause(scene.clock.now() + 2 * DAY, clock="c1"), CLERK) == "accepted"
    await scene.hear(accepted(standard=EXTENDABLE))
    assert [clock.kind for clock in scene.document().running()] == ["complete_by"]
    await scene.later(2 * DAY)
    assert [said for said in scene.said() if said.startswith("c2")] == [], "nobody is late with a decision"


async def test_a_late_decision_takes_back_what_was_announced_too_early(scene: Scene) -> None:
    await scene.later(6 * DAY)
    assert "c2 yellow>orange" in scene.on_work()
    await scene.asked(extension(3), CLERK)
    await scene.later(clock_of(scene).due + 5 * HOUR - scene.clock.now())
    assert "order c2 1" in scene.on_work()
    await scene.asked(decide_more_time(), SUPERVISOR)
    assert scene.on_work()[-3:] == ["complete_by c2", "back c2 red>yellow", "order back"]


async def test_who_gets_well_earlier_has_the_day_back(scene: Scene) -> None:
    due = clock_of(scene).due
    await scene.asked(pause(scene.clock.now() + 4 * DAY), CLERK)
    await scene.asked(decide_more_time(), LEADER)
    assert clock_of(scene).due == due + 3 * DAY
    await scene.later(2 * DAY)
    assert await scene.asked(end_pause(), CLERK) == "accepted"
    assert clock_of(scene).due == due + DAY
    assert scene.said()[-2:] == ["ended c2m1", "complete_by c2"]
    assert await scene.asked(end_pause(), CLERK) == "no_such_pause"


async def test_a_pause_that_closes_no_day_says_no_new_deadline(scene: Scene) -> None:
    await scene.asked(pause(scene.clock.now() + HOUR), CLERK)
    await scene.asked(decide_more_time(), LEADER)
    assert scene.said()[-1] == "granted c2m1"
    (decided,) = [m.body for m in scene.facts([sla.MoreTimeDecided])]
    assert decided.before == decided.due


async def test_no_colour_begins_while_a_clock_is_paused(scene: Scene) -> None:
    until = scene.clock.now() + 10 * DAY
    await scene.asked(pause(until), CLERK)
    await scene.asked(decide_more_time(), LEADER)
    await scene.later(until - scene.clock.now() - HOUR)
    assert clock_of(scene).shown == 0
    assert min(clock_of(scene).instants) >= until


BAD = {
    "no_such_clock": (ask_more_time(clock="c9"), CLERK),
    "not_yours": (extension(), STRANGER),
    "ground_unknown": (extension(1, ground="busy"), CLERK),
    "how_unknown": (ask_more_time(how="holiday"), CLERK),
    "evidence_missing": (ask_more_time(evidence=()), CLERK),
    "over_the_cap": (extension(4), CLERK),
    "amount_missing": (extension(0), CLERK),
    "until_of_an_extension": (extension(1).model_copy(update={"until": NOTICE.dated + 9 * DAY}), CLERK),
    "amount_of_a_pause": (ask_more_time(amount=1), CLERK),
    "until_not_ahead": (ask_more_time(until=NOTICE.dated), CLERK),
    "pause_too_long": (ask_more_time(until=NOTICE.dated + 200 * DAY), CLERK),
}


@pytest.mark.parametrize("code", BAD)
async def test_a_bad_asking_gets_a_code_and_two_sentences_and_leaves_nothing(scene: Scene, code: str) -> None:
    before, (body, actor) = scene.document(), BAD[code]
    assert await scene.asked(body, actor) == code
    assert scene.document() == before


async def test_a_pause_without_end_is_refused(scene: Scene) -> None:
    assert await scene.asked(ask_more_time(until=None), CLERK) == "until_not_ahead"


async def test_after_the_due_instant_it_is_too_late(scene: Scene) -> None:
    await scene.later(clock_of(scene).due - scene.clock.now())
    assert await scene.asked(extension(1), CLERK) == "accepted", "the very instant is in time"
    await scene.asked(decide_more_time(approved=False), LEADER)
    await scene.later(timedelta(milliseconds=1))
    assert await scene.asked(extension(1), CLERK) == "past_due"


async def test_an_urgent_clock_takes_neither() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    for clock in ("c1", "c2"):
        assert await scene.asked(ask_more_time(clock=clock), CLERK) == "takes_no_more_time"


async def test_an_asking_is_decided_before_the_next(scene: Scene) -> None:
    await scene.asked(extension(1), CLERK)
    assert await scene.asked(pause(scene.clock.now() + DAY), CLERK) == "undecided"


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (CLERK, "not_the_approver"),
        (STRANGER, "not_the_approver"),
        (ELSEWHERE, "not_the_approver"),
        (TO_ME, "not_the_approver"),
        (LEADER, "accepted"),
        (SUPERVISOR, "accepted"),
    ],
)
async def test_one_level_up_decides_and_never_whoever_asked(scene: Scene, actor: Actor, code: str) -> None:
    await scene.asked(extension(1), CLERK)
    assert await scene.asked(decide_more_time(), actor) == code
    assert (clock_of(scene).more[0].decided is not None) is (code == "accepted")


async def test_where_the_standard_names_the_supervision_office_the_lead_unit_may_not(scene: Scene) -> None:
    strict = EXTENDABLE.model_copy(update={"extension_approver": "supervisor"})
    other = Scene()
    await other.hear(assigned())
    await other.hear(accepted(standard=strict))
    await other.asked(extension(1), CLERK)
    assert await other.asked(decide_more_time(), LEADER) == "not_the_approver"
    assert await other.asked(decide_more_time(), SUPERVISOR) == "accepted"
    assert await other.asked(decide_more_time(), SUPERVISOR) == "no_such_asking"


async def test_what_is_open_when_the_work_is_done_is_decided_by_nobody(scene: Scene) -> None:
    await scene.asked(extension(1), CLERK)
    await scene.hear(completed())
    assert "stopped c3 met" in scene.said()
    assert await scene.asked(decide_more_time(), LEADER) == "no_such_asking"


async def test_a_question_to_the_reporter_rests_the_clock_until_the_answer(scene: Scene) -> None:
    due = clock_of(scene).due
    await scene.hear(reporter_asked(until=scene.clock.now() + 4 * DAY))
    assert clock_of(scene).due == due + 3 * DAY
    assert [each.approver for each in clock_of(scene).pauses] == [""]
    await scene.later(2 * DAY)
    await scene.hear(supplemented())
    assert clock_of(scene).due == due + DAY
    assert scene.said()[-4:] == ["granted c2m1", "complete_by c2", "ended c2m1", "complete_by c2"]
    await scene.hear(supplemented(index=1))
    assert scene.said()[-1] == "complete_by c2", "an answer that nobody waits for changes nothing"


async def test_a_question_rests_the_clock_for_ten_working_days_at_most_and_not_without_end(scene: Scene) -> None:
    start = scene.clock.now()
    for nth in range(1, 8):
        await scene.hear(reporter_asked(until=scene.clock.now() + 30 * DAY))
        await scene.later(timedelta(hours=1))
        assert len(clock_of(scene).pauses) == min(nth, more_time.WAITS_AT_MOST)
    assert {each.until for each in clock_of(scene).pauses} == {more_time.latest_end(start, 10, CN)}


async def test_an_urgent_matter_does_not_wait_for_its_reporter() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.hear(accepted())
    before = scene.document()
    await scene.hear(reporter_asked(until=scene.clock.now() + DAY))
    assert scene.document() == before


def test_the_longest_pause_ends_with_its_last_working_day() -> None:
    since = CN.closing(NOTICE.dated.date())
    ends = more_time.latest_end(since, 10, CN)
    assert CN.working_days(since.date() + DAY, ends.date()) == 10
