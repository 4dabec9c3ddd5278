"""A version of a standard is applied to what runs by an order, and by nothing else (C1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from contracts.envelope import WakeUp
from contracts.messages import sla
from contracts.values import HandlingStandard
from runtime.clock import Clock
from runtime.process.configuration import publication
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters.candidates import AppliedBeside
from services.sla.adapters.published import configuration_of
from services.sla.adapters.published_applied import applied_of
from services.sla.domain import applied
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.deadlines import due_at
from services.sla.domain.limits import CALENDAR_DAYS, MINUTES, Limit
from services.sla.domain.more_time import conferred, followed
from services.sla.domain.sheet import SheetClock
from services.sla.handlers.clocks import limit_of
from services.sla.ports import NO_SCHEMES, Schemes
from tests.facts.feedback import plan_lapsed, plan_reviewed, rework_ordered
from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.sla import decide_more_time
from tests.facts.standards import standard_applied, standard_published
from tests.facts.values import COUNTY, DAY, HOUR, STANDARD
from tests.harness import MONDAY, TICKET, knock
from tests.unit.sla.scene import Scene
from tests.unit.sla.sheets import a_clock, a_sheet
from tests.unit.sla.test_more_time import CLERK, LEADER, extension
from tests.unit.sla.test_schemes import JISHOU, SchemeThatMayChange
from tests.unit.sla.values import CN

SECOND = STANDARD.model_copy(update={"version": 2, "limit": 5})
"""Five working days in place of three."""
THIRD = STANDARD.model_copy(update={"version": 3, "limit": 1})
FIRST_LIMIT, SECOND_LIMIT = limit_of(STANDARD), limit_of(SECOND)
ORDER = AppliedVersion(STANDARD.code, 2, SECOND_LIMIT, COUNTY, MONDAY + HOUR)


class OrdersGiven:
    """What was ordered, as a test goes on."""

    def __init__(self) -> None:
        self.given: list[AppliedVersion] = []

    def orders(self) -> Sequence[AppliedVersion]:
        return self.given


def a_running(limit: Limit = FIRST_LIMIT, start: timedelta = timedelta()) -> SheetClock:
    return replace(a_clock(MONDAY + 3 * DAY), limit=limit, start=MONDAY + start)


EXTENDED = (conferred("c1m1", MONDAY, 2, "supervisor"),)
PAUSED = (followed("c1m1", "waiting_for_reporter", MONDAY, MONDAY + DAY),)
IN_DAYS = replace(FIRST_LIMIT, unit=CALENDAR_DAYS)
CASES = {
    "older": (a_running(), True),
    "began at the order": (a_running(start=HOUR), True),
    "began after it": (a_running(start=2 * HOUR), False),
    "stopped": (replace(a_running(), stopped=MONDAY), False),
    "goes by it already": (a_running(SECOND_LIMIT), False),
    "newer": (a_running(replace(FIRST_LIMIT, standard=f"{STANDARD.code}@10")), False),
    "another standard": (a_running(replace(FIRST_LIMIT, standard=f"{STANDARD.code}0@1")), False),
    "the platform's own": (a_running(Limit(3, standard="accept")), False),
    "an urgent clock": (a_running(Limit(1440, MINUTES, standard="complete-urgent")), False),
    "a standard in minutes": (a_running(replace(FIRST_LIMIT, unit=MINUTES)), True),
    "extended in the same unit": (replace(a_running(), more=EXTENDED), True),
    "extended in another unit": (replace(a_running(IN_DAYS), more=EXTENDED), False),
    "paused in another unit": (replace(a_running(IN_DAYS), more=PAUSED), True),
}


@pytest.mark.parametrize(("clock", "is_anew"), CASES.values(), ids=CASES)
def test_which_clocks_an_order_is_about(clock: SheetClock, is_anew: bool) -> None:
    assert ORDER.sets_anew(clock) == is_anew
    assert applied.set_anew(a_sheet(clock), ORDER) == ((clock,) if is_anew else ())
    assert applied.set_anew(a_sheet(clock, division="431225100"), ORDER) == ()


@pytest.mark.parametrize(
    ("orders", "version"),
    [
        ([], 0),
        ([ORDER], 2),
        ([ORDER, replace(ORDER, version=3)], 3),
        ([replace(ORDER, version=3, at=MONDAY + 3 * HOUR), ORDER], 2),
        ([replace(ORDER, division="431225")], 0),
        ([replace(ORDER, division="43"), replace(ORDER, version=3, division="431225")], 2),
        ([replace(ORDER, version=3, at=MONDAY - HOUR), ORDER], 2),
    ],
    ids=["none", "one", "the newest", "not given yet", "elsewhere", "of the province", "before the clock began"],
)
def test_the_newest_order_of_a_division_that_fits_decides(orders: list[AppliedVersion], version: int) -> None:
    given = applied.in_division(orders, f"{COUNTY}100", MONDAY + 2 * HOUR)
    found = applied.ordered_for(given, a_running())
    assert (found.version if found else 0) == version


async def opened(orders: OrdersGiven, schemes: Schemes = NO_SCHEMES) -> Scene:
    """Accepted under the first version, an hour ago."""
    scene = Scene(applied=orders, schemes=schemes)
    await scene.hear(assigned())
    await scene.hear(accepted())
    await scene.later(HOUR)
    return scene


async def knocked(scene: Scene) -> None:
    """The loop hears a knock, as the sweep puts one."""
    scene.say(knock(WakeUp(service="sla", due=scene.clock.now()), scene.clock.now()))
    await scene.run()


def an_order(scene: Scene, standard: HandlingStandard = SECOND) -> AppliedVersion:
    """Given now, for the county."""
    return AppliedVersion(standard.code, standard.version, limit_of(standard), COUNTY, scene.clock.now())


def work(scene: Scene) -> SheetClock:
    """The last clock of the work."""
    clocks: Sequence[SheetClock] = scene.document(TICKET).clocks
    return next(each for each in reversed(clocks) if each.kind in ("complete_by", "rework_by"))


def work_day(nth: int) -> datetime:
    """The closing of the nth working day after the Monday of the acceptance."""
    return due_at(Limit(nth), MONDAY, CN)


async def test_an_order_sets_the_clock_anew_and_says_so_once() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    before = work(scene)
    await knocked(scene)
    assert work(scene) == before, "nothing without an order"
    orders.given = [an_order(scene)]
    for _ in range(3):
        await knocked(scene)
    [moved] = [each.body for each in scene.facts([sla.DeadlineMoved])]
    assert (moved.before, moved.due, moved.standard) == (work_day(3), work_day(5), "URB-03@2")
    said = [each.body for each in scene.facts([sla.DeadlineSet]) if each.body.clock == before.id]
    assert [(each.standard, each.due) for each in said] == [("URB-03@1", work_day(3)), ("URB-03@2", work_day(5))]
    after = work(scene)
    assert (after.start, after.id, after.due) == (before.start, before.id, applied.under(before, SECOND_LIMIT, CN).due)
    assert scene.document(TICKET).promised == SECOND_LIMIT


async def test_a_version_that_moves_no_day_is_said_and_nobody_is_told() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    same = STANDARD.model_copy(update={"version": 2, "fee": "免费"})
    orders.given = [an_order(scene, same)]
    await knocked(scene)
    assert scene.facts([sla.DeadlineMoved]) == []
    assert [each.body.standard for each in scene.facts([sla.DeadlineSet])][-1] == "URB-03@2"


async def test_what_was_announced_too_early_is_taken_back() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    await scene.later(4 * DAY)
    assert "order c2 1" in scene.said()
    orders.given = [an_order(scene)]
    await knocked(scene)
    assert [each for each in scene.said() if each.startswith("back c2")] == ["back c2 red>yellow"]
    assert "order back" in scene.said()
    assert scene.facts([sla.LightWithdrawn])[-1].body.reason == "standard_applied"


async def test_a_shorter_version_turns_the_colours_that_have_begun_by_it() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    await scene.later(DAY + 12 * HOUR)
    orders.given = [an_order(scene, THIRD)]
    await knocked(scene)
    turned = [each for each in scene.said() if each.startswith("c2 ")]
    assert turned == ["c2 green>yellow", "c2 yellow>orange", "c2 orange>red"]


async def test_time_that_was_granted_stays_granted() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    assert await scene.asked(extension(amount=1), CLERK) == "accepted"
    assert await scene.asked(decide_more_time(), LEADER) == "accepted"
    before = work(scene)
    orders.given = [an_order(scene)]
    await knocked(scene)
    after = work(scene)
    assert (before.due, after.due) == (work_day(4), work_day(6))
    assert (before.promised, after.promised) == (work_day(3), work_day(5))
    assert after.due == applied.under(before, SECOND_LIMIT, CN).due


async def test_what_begins_after_the_order_keeps_what_was_promised() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    orders.given = [an_order(scene)]
    await scene.later(HOUR)
    await scene.hear(rework_ordered())
    await knocked(scene)
    assert work(scene).limit.standard == "URB-03@1"


async def test_an_urgent_clock_is_not_touched() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    await scene.hear(urgency_judged(urgent=True))
    await scene.later(HOUR)
    before = work(scene)
    orders.given = [an_order(scene)]
    await knocked(scene)
    assert work(scene) == before


async def test_the_colours_are_those_of_the_scheme_in_which_it_began() -> None:
    orders, held = OrdersGiven(), SchemeThatMayChange(JISHOU)
    scene = await opened(orders, held)
    orders.given = [an_order(scene)]
    await knocked(scene)
    after = work(scene)
    assert (after.limit.scheme, after.limit.has_orange, after.limit.standard) == (JISHOU.name, False, "URB-03@2")
    assert scene.facts([sla.DeadlineSet])[-1].body.orange is None


async def test_a_clock_that_rests_at_the_order_is_set_anew_when_it_goes_on() -> None:
    orders = OrdersGiven()
    scene = await opened(orders)
    until = scene.clock.now() + DAY
    await scene.hear(plan_reviewed(approved=True, grounds=(), mode="held_by_policy", until=until))
    orders.given = [an_order(scene)]
    await knocked(scene)
    assert work(scene).limit.standard == "URB-03@1"
    await scene.later(DAY)
    await scene.hear(plan_lapsed())
    await knocked(scene)
    after = work(scene)
    assert (after.limit.standard, after.start) == ("URB-03@2", MONDAY)
    assert after.pauses


def test_what_a_candidate_has_is_not_ordered_over_it() -> None:
    orders = OrdersGiven()
    orders.given = [ORDER, replace(ORDER, code="WTR-01")]
    beside = AppliedBeside(orders, [standard_published(standard=THIRD)])
    assert [each.code for each in beside.orders()] == ["WTR-01"]
    assert [*AppliedBeside(orders).orders()] == orders.given


async def test_an_order_is_read_with_the_versions_that_came_after_it_and_a_wrong_one_does_not_hold() -> None:
    platform = InMemoryPlatform(load(Settings), Clock(wall=lambda: MONDAY))
    endless = SECOND.model_copy(update={"version": 9, "limit": 0})
    for key, body in {
        "standard/URB-03@3": standard_published(standard=THIRD),
        "standard/URB-03@1": standard_published(),
        "standard-applied/431226/URB-03@2": standard_applied(),
        "standard-applied/431226/URB-03@9": standard_applied(standard=endless),
    }.items():
        platform.log.append(publication(key, body, "sla", platform.clock))
    await configuration_of(platform).catch_up()
    with capture_logs() as logged:
        [order] = applied_of(platform).orders()
    assert (order.code, order.version, order.limit, order.newer) == ("URB-03", 2, SECOND_LIMIT, (3,))
    assert [each["event"] for each in logged] == ["applied_standard_refused"]
