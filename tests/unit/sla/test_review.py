"""The review of the work: whoever looks at it has a time for it, and the unit's own clock rests meanwhile (C3)."""

from datetime import datetime, timedelta

import pytest

from contracts.envelope import Actor
from contracts.messages import sla
from contracts.values import ReviewLevel
from services.sla.domain import explanation, resting
from services.sla.domain import sheet as sheets
from services.sla.domain.sheet import SheetClock
from tests.facts.feedback import completed, reporter_asked, rework_ordered
from tests.facts.intake import supplemented, withdrawn
from tests.facts.reviews import CHAIN, completion_submitted, review_passed, review_rejected
from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.sla import ask_more_time, decide_more_time
from tests.facts.values import DAY, HOUR, LEAD, UNIT
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN, FIVE_DAYS

WORK, REVIEW, AGAIN = "c2", "c3", "c4"
LEADER, OFFICE = "431226-LDR", "431226-SUP"
OUTSIDE = (ReviewLevel(kind="lead", reviewer=LEAD, working_days=2),)
CLERK = Actor(role="unit", unit=UNIT, division="431226", principal="staff:clerk")
APPROVER = Actor(role="supervisor", division="431226", principal="staff:supervisor")


@pytest.fixture
async def scene() -> Scene:
    """Accepted on Monday at nine for five working days: due on the next Monday at five in the afternoon."""
    made = Scene()
    await made.hear(assigned())
    await made.hear(accepted(standard=FIVE_DAYS.model_copy(update={"extension_cap": 3})))
    return made


def clock_of(scene: Scene, clock: str) -> SheetClock:
    found: SheetClock = next(each for each in scene.document().clocks if each.id == clock)
    return found


def running(scene: Scene) -> list[tuple[str, str]]:
    return [(each.kind, each.unit) for each in scene.document().running()]


def holders(scene: Scene) -> list[str]:
    return [each.holder for each in scene.document().holdings]


async def submitted(scene: Scene, *levels: ReviewLevel) -> None:
    await scene.hear(completion_submitted(chain=levels or OUTSIDE))


async def test_a_level_outside_the_unit_has_two_days_while_the_work_clock_rests(scene: Scene) -> None:
    await submitted(scene)
    assert scene.said()[-2:] == ["stopped c2 met", "review_by c3"]
    assert running(scene) == [("review_by", LEAD)]
    assert clock_of(scene, REVIEW).due == clock_of(scene, WORK).due - 3 * DAY - 2 * DAY, "Wednesday, not next Monday"


async def test_what_is_sent_back_goes_on_with_what_was_left(scene: Scene) -> None:
    due = clock_of(scene, WORK).due
    await submitted(scene)
    await scene.later(2 * DAY)
    await scene.hear(review_rejected(level=1))
    again = clock_of(scene, AGAIN)
    assert (again.kind, again.start, again.continues) == ("complete_by", clock_of(scene, WORK).start, WORK)
    assert again.due == due + DAY, "Tuesday closed while the lead unit looked; Monday was not to be counted"
    (said,) = [m.body for m in scene.facts([sla.DeadlineSet]) if m.body.clock == AGAIN]
    assert (said.continues, [each.ground for each in said.pauses]) == (WORK, ["under_review"])
    (told,) = [m.body for m in scene.facts([sla.PauseEnded])]
    assert (told.before, told.due, told.clock) == (due, again.due, AGAIN)
    assert running(scene) == [("complete_by", UNIT)]


@pytest.mark.parametrize(
    ("away", "days"),
    [(timedelta(minutes=5), 0), (7 * HOUR, 0), (DAY, 0), (2 * DAY, 1), (3 * DAY, 2), (7 * DAY, 4)],
)
async def test_days_that_close_while_others_look_are_not_counted(scene: Scene, away: timedelta, days: int) -> None:
    """Monday was not to be counted; a Saturday and a Sunday are not counted anyway."""
    await submitted(scene)
    await scene.later(away)
    await scene.hear(review_rejected(level=1))
    (again,) = scene.document().running("complete_by")
    assert CN.working_days((clock_of(scene, WORK).due + DAY).date(), again.due.date()) == days
    told = explanation.explain(again.limit, again.start, CN.paused(again.pauses))
    assert explanation.recompute(told) == again.due


async def test_a_sham_completion_buys_nothing(scene: Scene) -> None:
    due = clock_of(scene, WORK).due
    for _ in range(3):
        await scene.later(HOUR)
        await submitted(scene)
        await scene.hear(review_rejected(level=1))
    (work,) = scene.document().running()
    assert (work.due, work.continues) == (due, WORK)


async def test_the_units_own_head_is_the_unit(scene: Scene) -> None:
    await submitted(scene, *CHAIN)
    assert running(scene) == [("complete_by", UNIT)]
    await scene.hear(review_passed())
    assert running(scene) == [("review_by", LEAD)]
    await scene.hear(review_passed(level=2, next=0))
    await scene.hear(completed())
    assert running(scene) == []
    assert scene.said()[-3:] == ["stopped c2 met", "review_by c3", "stopped c3 met"]
    assert holders(scene) == [UNIT, LEAD, "reporters"]


async def test_levels_that_look_together_have_a_time_each(scene: Scene) -> None:
    lead, leader = (
        ReviewLevel(kind=kind, reviewer=reviewer, together=True)
        for kind, reviewer in (("lead", LEAD), ("leader", LEADER))
    )
    office = ReviewLevel(kind="supervision", reviewer=OFFICE, working_days=1)
    await submitted(scene, lead, leader, office)
    assert running(scene) == [("review_by", LEAD), ("review_by", LEADER)]
    await scene.hear(review_passed(level=2, next=1))
    assert running(scene) == [("review_by", LEAD)]
    await scene.hear(review_passed(level=1, next=3))
    assert running(scene) == [("review_by", OFFICE)]
    assert holders(scene) == [UNIT, LEAD, OFFICE]
    assert scene.document().responsible == UNIT, "whoever looks at it does not have to do it"


async def test_while_the_units_head_looks_together_with_others_its_clock_runs(scene: Scene) -> None:
    head = ReviewLevel(kind="unit_head", reviewer=UNIT, together=True)
    lead = ReviewLevel(kind="lead", reviewer=LEAD, together=True)
    await submitted(scene, head, lead)
    assert running(scene) == [("complete_by", UNIT), ("review_by", LEAD)]
    await scene.hear(review_passed())
    assert running(scene) == [("review_by", LEAD)]


async def test_a_head_who_looks_after_others_has_the_clock_of_the_unit(scene: Scene) -> None:
    await submitted(scene, *OUTSIDE, ReviewLevel(kind="unit_head", reviewer=UNIT))
    await scene.hear(review_passed(level=1, next=2, reviewer=UNIT))
    assert running(scene) == [("complete_by", UNIT)]
    assert holders(scene) == [UNIT, LEAD, UNIT]


async def test_who_does_not_look_in_time_turns_red_and_is_ordered_but_the_leader(scene: Scene) -> None:
    both = (
        ReviewLevel(kind="lead", reviewer=LEAD, together=True),
        ReviewLevel(kind="leader", reviewer=LEADER, together=True),
    )
    await submitted(scene, *both)
    await scene.later(10 * DAY)
    assert {"c3 orange>red", "c4 orange>red", "order c3 1"} <= set(scene.said())
    assert "order c4 1" not in scene.said()


async def test_colours_and_orders_are_said_once_over_a_review(scene: Scene) -> None:
    """Red and ordered, handed in, sent back: still red, and the order stands."""
    await scene.later(9 * DAY)
    assert [each for each in scene.on_work() if each.startswith(("c2", "order c2"))] == [
        "c2 green>yellow",
        "c2 yellow>orange",
        "c2 orange>red",
        "order c2 1",
    ]
    before = len(scene.facts([sla.LightChanged])) + len(scene.facts([sla.SupervisionOrdered]))
    await submitted(scene)
    await scene.later(HOUR)
    await scene.hear(review_rejected(level=1))
    await scene.later(HOUR)
    (work,) = scene.document().running("complete_by")
    assert (work.shown, work.orders, work.due) == (sheets.RED, 1, clock_of(scene, WORK).due)
    assert len(scene.facts([sla.LightChanged])) + len(scene.facts([sla.SupervisionOrdered])) == before


async def test_a_colour_that_the_review_made_untrue_is_taken_back(scene: Scene) -> None:
    """Orange on the very day on which the work was handed in: that day is not counted."""
    orange = clock_of(scene, WORK).orange
    await scene.later(orange - scene.clock.now() + timedelta(minutes=1))
    await submitted(scene)
    await scene.later(2 * HOUR)
    assert "c2 yellow>orange" in scene.said()
    await scene.later(2 * DAY)
    await scene.hear(review_rejected(level=1))
    (work,) = scene.document().running("complete_by")
    assert f"back {work.id} orange>yellow" in scene.said()
    await scene.later(work.orange - scene.clock.now())
    assert f"{work.id} yellow>orange" in scene.said()


async def test_what_an_order_rested_on_is_withdrawn_under_the_number_that_it_has(scene: Scene) -> None:
    """A review that ended before red and came to be known late: the order on the clock before is void."""
    await scene.later(9 * DAY)
    (order,) = [m.body for m in scene.facts([sla.SupervisionOrdered]) if m.body.clock == WORK]
    early = clock_of(scene, WORK).start + HOUR
    scene.tell(completion_submitted(chain=OUTSIDE), early)
    await scene.hear(review_rejected(level=1))
    assert [m.body.order for m in scene.facts([sla.OrderWithdrawn])] == [order.order]


async def test_an_urgent_matter_rests_for_nobody() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.hear(accepted(urgent=True))
    await submitted(scene)
    assert [kind for kind, _ in running(scene)] == ["complete_by"]
    await scene.hear(review_rejected(level=1))
    assert [each.id for each in scene.document().running()] == ["c2"]


async def test_what_becomes_urgent_under_review_runs_in_minutes_and_back(scene: Scene) -> None:
    await submitted(scene)
    await scene.hear(urgency_judged(urgent=True))
    ((kind, unit),) = running(scene)
    assert (kind, unit) == ("complete_by", UNIT)
    assert scene.document().running()[0].limit.unit == "minutes"
    await scene.hear(urgency_judged(urgent=False))
    assert running(scene) == [("review_by", LEAD)]
    await scene.hear(review_rejected(level=1))
    assert [(each.kind, each.limit.unit) for each in scene.document().running()] == [("complete_by", "working_days")]


async def test_who_hands_in_asks_no_more_and_waits_for_nobody(scene: Scene) -> None:
    await scene.hear(reporter_asked(until=scene.clock.now() + 8 * DAY))
    waits = clock_of(scene, WORK).due
    assert (
        await scene.asked(ask_more_time(how="extension", ground="complex", amount=2, until=None), CLERK) == "accepted"
    )
    await scene.later(2 * DAY)
    await submitted(scene)
    assert scene.document().running("complete_by", "approve_by") == ()
    assert await scene.asked(decide_more_time(more_time="c2m2"), APPROVER) == "no_such_asking"
    await scene.hear(supplemented())
    await scene.later(HOUR)
    await scene.hear(review_rejected(level=1))
    (work,) = scene.document().running("complete_by")
    assert work.due < waits, "the answer is no longer waited for"
    assert [each.approved for each in work.more] == [True, False, True]
    assert await scene.asked(
        ask_more_time(clock=work.id, how="extension", ground="complex", amount=2, until=None), CLERK
    ) == ("accepted")


async def test_a_review_ends_with_the_matter(scene: Scene) -> None:
    await submitted(scene)
    await scene.hear(withdrawn())
    assert (running(scene), scene.document().levels, scene.document().resting) == ([], (), "")


async def test_a_rework_rests_too_and_starts_with_nothing_of_the_round_before(scene: Scene) -> None:
    await submitted(scene)
    await scene.hear(review_passed(level=1, next=0))
    await scene.hear(completed())
    await scene.hear(rework_ordered(standard=FIVE_DAYS))
    await submitted(scene)
    await scene.hear(review_rejected(level=1, round=2))
    assert [(each.kind, len(each.more)) for each in scene.document().running()] == [("rework_by", 1)]


async def test_who_is_sent_back_without_end_rests_no_more(scene: Scene) -> None:
    for _ in range(resting.RESTS_AT_MOST + 2):
        await submitted(scene)
        await scene.hear(review_rejected(level=1))
    (work,) = scene.document().running()
    assert len(work.more) == resting.RESTS_AT_MOST


async def test_a_chain_that_an_earlier_build_did_not_keep_changes_nothing(scene: Scene) -> None:
    before: list[datetime] = [each.due for each in scene.document().running()]
    await scene.hear(review_passed())
    await scene.hear(review_rejected())
    assert [each.due for each in scene.document().running()] == before
