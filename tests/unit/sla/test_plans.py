"""Whoever reviews a plan has a time for it, and the clock of the work rests meanwhile (C3, E2)."""

from typing import Any

import pytest

from tests.facts.feedback import plan_lapsed, plan_made, plan_reviewed
from tests.facts.reviews import completion_submitted
from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.values import DAY, HOUR, LEAD, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN, FIVE_DAYS
from tests.unit.sla.work import NEXT, WORK, at_work, clock_of, held_and_lapsed, held_back, holders, running, states

OFFICE = "431226-SUP"


@pytest.fixture
async def scene() -> Scene:
    return await at_work()


async def sent_to(scene: Scene, reviewer: str = LEAD, limit: int = 1, **changed: Any) -> None:
    await scene.hear(plan_made(mode="within_limit", reviewer=reviewer, review_limit=limit, **changed))


@pytest.mark.parametrize(("limit", "days"), [(0, 1), (1, 1), (2, 2), (5, 5)])
async def test_whoever_reviews_a_plan_has_the_days_of_its_rule_while_the_work_rests(
    scene: Scene, limit: int, days: int
) -> None:
    await sent_to(scene, limit=limit)
    assert scene.said()[-2:] == ["stopped c2 met", "plan_review_by c3"]
    assert running(scene) == [("plan_review_by", LEAD)]
    review = clock_of(scene, NEXT)
    assert (CN.working_days((MONDAY + DAY).date(), review.due.date()), review.limit.standard) == (days, "plan-review")
    assert (holders(scene), scene.document().responsible) == ([UNIT, LEAD], UNIT)
    assert states(scene) == ["resting"]


@pytest.mark.parametrize("approved", [True, False])
async def test_after_a_review_of_its_plan_the_work_goes_on_with_what_was_left(scene: Scene, approved: bool) -> None:
    due = clock_of(scene, WORK).due
    await sent_to(scene)
    await scene.later(DAY + 9 * HOUR)
    before = len(scene.said())
    await scene.hear(plan_reviewed(approved=approved))
    (again,) = scene.document().running("complete_by")
    assert (again.kind, again.start, again.continues) == ("complete_by", MONDAY, WORK)
    assert (again.due, [each.ground for each in again.pauses]) == (due + DAY, ["under_review"])
    assert holders(scene) == [UNIT, LEAD, UNIT]
    assert scene.said()[before:][:3] == ["stopped c3 missed", "complete_by c4", "ended c4m1"]


async def test_a_plan_that_is_reviewed_on_the_same_day_costs_no_day(scene: Scene) -> None:
    due = clock_of(scene, WORK).due
    await sent_to(scene)
    await scene.later(HOUR)
    await scene.hear(plan_reviewed(approved=True))
    assert [each.due for each in scene.document().running()] == [due]


async def test_who_does_not_review_in_time_turns_red_and_is_ordered(scene: Scene) -> None:
    await sent_to(scene)
    await scene.later(4 * DAY)
    assert [each for each in scene.said() if each.startswith(("c3", "order"))] == [
        "c3 green>yellow",
        "c3 yellow>orange",
        "c3 orange>red",
        "order c3 1",
    ]


async def test_a_clock_that_is_red_runs_on_while_the_plan_is_reviewed(scene: Scene) -> None:
    """Who plans when it is too late hides nothing at a reviewer's."""
    await scene.later(7 * DAY + 9 * HOUR)
    await sent_to(scene)
    assert running(scene) == [("complete_by", UNIT), ("plan_review_by", LEAD)]
    await scene.later(DAY)
    await scene.hear(plan_reviewed(approved=True))
    assert [each.id for each in scene.document().running("complete_by", "plan_review_by")] == [WORK]


async def test_a_later_version_is_with_its_reviewer_from_when_it_was_made(scene: Scene) -> None:
    await sent_to(scene)
    await scene.later(DAY)
    await sent_to(scene, reviewer=OFFICE, version=2)
    assert running(scene) == [("plan_review_by", OFFICE)]
    await scene.later(DAY)
    await scene.hear(plan_reviewed(version=2, approved=True))
    (again,) = scene.document().running()
    assert [each.since for each in again.pauses] == [MONDAY], "it rested from the first version on"
    assert holders(scene) == [UNIT, LEAD, UNIT, OFFICE, UNIT]


async def test_a_version_that_nobody_reviews_takes_the_work_back_from_the_reviewer(scene: Scene) -> None:
    await sent_to(scene)
    await scene.hear(plan_made(mode="at_once", version=2))
    assert running(scene) == [("complete_by", UNIT)]


async def test_a_plan_that_nobody_reviews_changes_nothing(scene: Scene) -> None:
    before = scene.said()
    await scene.hear(plan_made())
    await scene.hear(plan_made(class_plan="431226-UB/URB@1", version=2))
    assert scene.said() == before


async def test_what_is_held_back_after_its_review_rests_from_the_hand_in_on(scene: Scene) -> None:
    await sent_to(scene, reviewer=OFFICE)
    await scene.later(DAY)
    await held_back(scene, 7)
    assert running(scene) == [("held_until", UNIT)]
    assert holders(scene) == [UNIT, OFFICE, UNIT]
    await scene.later(7 * DAY)
    await scene.hear(plan_lapsed())
    (again,) = scene.document().running()
    assert [(each.since, each.until, each.ground) for each in again.pauses] == [(MONDAY, MONDAY + 8 * DAY, "held_back")]


async def test_an_urgent_matter_waits_for_no_review_of_its_plan() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.hear(accepted(urgent=True))
    await sent_to(scene)
    assert running(scene) == [("complete_by", UNIT)]


@pytest.mark.parametrize("late", [False, True], ids=["resting", "red"])
async def test_what_becomes_urgent_while_its_plan_is_reviewed_runs_in_minutes(scene: Scene, late: bool) -> None:
    await scene.later(late * 8 * DAY)
    await sent_to(scene)
    await scene.hear(urgency_judged(urgent=True))
    assert [(each.kind, each.limit.unit) for each in scene.document().running("complete_by", "plan_review_by")] == [
        ("complete_by", "minutes")
    ]
    assert holders(scene)[-1] == UNIT
    await scene.hear(plan_reviewed(approved=True))
    assert ("complete_by", UNIT) in running(scene)


async def asked_for_a_plan(*, urgent: bool = False) -> Scene:
    scene = Scene()
    await scene.hear(assigned(urgent=urgent))
    await scene.hear(accepted(standard=FIVE_DAYS, urgent=urgent, plan_asked=True))
    return scene


async def test_where_a_plan_is_asked_for_the_unit_has_two_days_to_make_it_while_the_work_runs() -> None:
    scene = await asked_for_a_plan()
    assert running(scene) == [("complete_by", UNIT), ("plan_by", UNIT)]
    plan_by = clock_of(scene, NEXT)
    assert (CN.working_days((MONDAY + DAY).date(), plan_by.due.date()), plan_by.limit.standard) == (2, "plan")
    await scene.later(DAY)
    await scene.hear(plan_made(mode="at_once"))
    assert scene.said()[-1] == "stopped c3 met"
    assert running(scene) == [("complete_by", UNIT)]


async def test_where_nobody_asks_for_a_plan_there_is_no_clock_of_it(scene: Scene) -> None:
    assert running(scene) == [("complete_by", UNIT)]


async def test_a_plan_that_is_sent_back_has_a_time_to_be_drafted_anew_whoever_asked_for_it(scene: Scene) -> None:
    await sent_to(scene)
    await scene.later(HOUR)
    await scene.hear(plan_reviewed(approved=False))
    assert running(scene) == [("complete_by", UNIT), ("plan_by", UNIT)]
    await scene.later(HOUR)
    await sent_to(scene, version=2)
    assert running(scene) == [("plan_review_by", LEAD)]
    await scene.hear(plan_reviewed(version=2, approved=True))
    assert running(scene) == [("complete_by", UNIT)]


async def test_a_conference_that_wants_another_plan_gives_it_a_time_anew() -> None:
    scene = await asked_for_a_plan()
    await scene.later(DAY)
    await scene.hear(plan_reviewed(approved=False, by_conference=True, version=0))
    (plan_by,) = scene.document().running("plan_by")
    assert plan_by.start == scene.clock.now()


async def test_what_is_held_back_before_it_was_planned_waits_for_no_plan() -> None:
    scene = await asked_for_a_plan()
    await held_back(scene, 9)
    assert running(scene) == [("held_until", UNIT)]


async def test_who_makes_no_plan_in_time_turns_red_and_is_ordered() -> None:
    scene = await asked_for_a_plan()
    await scene.later(4 * DAY)
    assert [each for each in scene.said() if each.startswith(("c3", "order"))][-2:] == ["c3 orange>red", "order c3 1"]


async def test_an_urgent_matter_is_asked_for_no_plan() -> None:
    scene = await asked_for_a_plan(urgent=True)
    assert running(scene) == [("complete_by", UNIT)]
    calm = await asked_for_a_plan()
    await calm.hear(urgency_judged(urgent=True))
    assert running(calm) == [("complete_by", UNIT)]
    await calm.hear(plan_reviewed(approved=False))
    assert running(calm) == [("complete_by", UNIT)]


async def test_who_hands_in_without_a_plan_that_is_wanted_no_more_makes_none() -> None:
    scene = await asked_for_a_plan()
    await scene.hear(completion_submitted())
    assert scene.document().running("plan_by") == ()


@pytest.mark.parametrize(("asked", "again"), [(True, ["complete_by", "plan_by"]), (False, ["complete_by"])])
async def test_after_a_hold_there_is_a_time_for_the_next_plan_where_one_is_asked_for(
    asked: bool, again: list[str]
) -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS, plan_asked=asked))
    await held_and_lapsed(scene, 7)
    assert [kind for kind, _ in running(scene)] == again
    await scene.hear(plan_made(mode="at_once", version=2))
    assert running(scene) == [("complete_by", UNIT)]


async def test_what_became_urgent_while_it_was_held_back_waits_for_no_plan_afterwards() -> None:
    scene = await asked_for_a_plan()
    await held_back(scene, 7)
    await scene.hear(urgency_judged(urgent=True))
    await scene.later(7 * DAY)
    await scene.hear(plan_lapsed())
    assert "plan_by" not in [kind for kind, _ in running(scene)]
