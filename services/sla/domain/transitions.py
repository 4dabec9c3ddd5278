"""What falls due on a clock sheet, in order, each once, never early; and what turns out to have been false."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.vocabulary.ladders import REWORK
from services.sla.domain import deeds, due_steps, measures, moved_dues
from services.sla.domain.deadlines import Deadline
from services.sla.domain.deeds import ClockDeed
from services.sla.domain.due_steps import DueStep, DueSteps
from services.sla.domain.rungs import Rung
from services.sla.domain.sheet import ORANGE, ClockSheet, SheetClock, light, passed

LOOK_EVERY = timedelta(days=1)  # a notice may move a provisional deadline forward: nobody waits for its old colours


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """When orders follow red.

    ``hold``: the wait after red, so that a fact on its way may still show that red was false. An urgent matter is
    ordered again, one level higher, after each ``urgent_hold``, ``urgent_levels`` times. ``reworks``: from which rework
    on the lead unit is ordered.
    """

    hold: timedelta = timedelta(hours=4)
    urgent_hold: timedelta = timedelta(minutes=15)
    urgent_levels: int = 3
    reworks: int = 3

    @property
    def rework_step(self) -> Rung:
        """From so many reworks on whoever leads the unit is ordered; who is ordered hears of that."""
        return Rung(REWORK, (), do=deeds.ORDER, level=deeds.ONE_UP, reworks=self.reworks)

    def after_red(self, *, urgent: bool) -> tuple[timedelta, ...]:
        """How long after red the orders of level 1, 2, … fall due."""
        if not urgent:
            return (self.hold,)
        return tuple(self.urgent_hold * level for level in range(1, self.urgent_levels + 1))

    def orders_at(self, due: datetime, *, urgent: bool) -> tuple[datetime, ...]:
        """The instants at which orders of level 1, 2, … fall due for a clock that is red from ``due`` on."""
        return tuple(due + each for each in self.after_red(urgent=urgent))


@dataclass(frozen=True, slots=True)
class Turned:
    """A clock reached a colour, at ``at``."""

    clock: SheetClock
    at: datetime
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """A supervision order of this level fell due, at ``at``; by a published ladder it is the deed of this place."""

    clock: SheetClock
    at: datetime
    level: int

    @property
    def deed(self) -> ClockDeed | None:
        """What the published ladder does; None: what usually follows."""
        return deeds.acting(self.clock.deeds)[self.level - 1] if self.clock.deeds else None


@dataclass(frozen=True, slots=True)
class Reached:
    """A step around the deadline of a clock was reached, at ``at``."""

    clock: SheetClock
    at: datetime
    step: DueStep


Transition = Turned | Ordered | Reached


def decide_due(sheet: ClockSheet, now: datetime) -> tuple[ClockSheet, tuple[Transition, ...]]:
    """What is due at ``now`` and was not announced, in the order of its instants; recorded in the sheet."""
    due = sorted((each for clock in sheet.running() for each in _due(clock, now)), key=lambda each: each.at)
    for clock in sheet.running():
        sheet = sheet.put(_fired(clock, now))
    return sheet, tuple(due)


def _due(clock: SheetClock, now: datetime) -> Iterator[Transition]:
    old = clock.shown
    for new in range(clock.shown + 1, light(clock.announced, now) + 1):
        if new != ORANGE or clock.limit.has_orange:
            yield Turned(clock, clock.instants[new - 1], old, new)
            old = new
    for level in range(clock.orders + 1, light(clock.orders_at, now) + 1):
        yield Ordered(clock, clock.orders_at[level - 1], level)
    for step in clock.steps:
        if step.at is not None and step.is_due(now):
            yield Reached(clock, step.at, step)


def _fired(clock: SheetClock, now: datetime) -> SheetClock:
    return replace(
        clock,
        shown=max(clock.shown, light(clock.announced, now)),
        orders=max(clock.orders, light(clock.orders_at, now)),
        looked=now if any(at <= now for at in look_at(clock)) else clock.looked,
        steps=tuple(replace(each, reached=now) if each.is_due(now) else each for each in clock.steps),
    )


def wake_at(sheet: ClockSheet) -> datetime | None:
    """The next instant at which something is due; None while nothing runs, and no measure is left."""
    measure = measures.next_at(sheet.measures)
    clocks = min((at for clock in sheet.running() for at in _waiting(clock)), default=measure)
    return clocks if measure is None or clocks is None else min(clocks, measure)


def _waiting(clock: SheetClock) -> Iterable[datetime]:
    return (*_to_fire(clock), *look_at(clock))


def _to_fire(clock: SheetClock) -> tuple[datetime, ...]:
    steps = (each.at for each in clock.steps if each.at is not None and each.waits)
    return (*clock.announced[clock.shown :][:1], *clock.orders_at[clock.orders :][:1], *steps)


def look_at(clock: SheetClock) -> tuple[datetime, ...]:
    """When a deadline that is still provisional, and not all over, is next held against the calendar (C2)."""
    return ((clock.looked or clock.start) + LOOK_EVERY,) if clock.provisional and _to_fire(clock) else ()


@dataclass(frozen=True, slots=True)
class Untrue:
    """What a clock had announced and must take back: the colour from … to …, orders by level, steps."""

    clock: SheetClock
    colours: tuple[tuple[int, int], ...]
    orders: tuple[int, ...]
    steps: DueSteps = ()


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A clock stopped. ``held``: how long it ran; ``untrue``: what it had announced after the instant it stopped at."""

    clock: SheetClock
    held: timedelta
    untrue: Untrue


def stop(sheet: ClockSheet, at: datetime, kinds: Collection[str]) -> tuple[ClockSheet, tuple[StoppedClock, ...]]:
    """Stop the running clocks of these kinds at ``at``, the instant of the fact, however late it was read."""
    ended = tuple(stopped(clock, max(at, clock.start)) for clock in sheet.running() if clock.kind in kinds)
    for each in ended:
        sheet = sheet.put(each.clock)
    return sheet, ended


def stopped(clock: SheetClock, at: datetime) -> StoppedClock:
    """One clock, stopped at ``at``."""
    right, untrue = _corrected(clock, passed(clock.instants, at), passed(clock.orders_at, at))
    steps, false = due_steps.before(clock.steps, at)
    ended = replace(right, stopped=at, steps=steps)
    return StoppedClock(ended, at - clock.start, replace(untrue, clock=ended, steps=false))


def _corrected(clock: SheetClock, colour: int, level: int) -> tuple[SheetClock, Untrue]:
    """The clock with nothing beyond this colour and level announced, and what had been."""
    right = replace(clock, shown=min(clock.shown, max(colour, clock.at_first)), orders=min(clock.orders, level))
    colours = ((clock.shown, right.shown),) if right.shown < clock.shown else ()
    return right, Untrue(right, colours, tuple(range(right.orders + 1, clock.orders + 1)))


def passed_on(clock: SheetClock, unit: str, lead_unit: str, orders_at: tuple[datetime, ...]) -> SheetClock:
    """The clock that runs on, with who answers for it now.

    ``orders_at``: when the new one would be ordered. It stands where one that is ordered, and one that is not, follow
    each other: who gets a matter that is red already has the hold first.
    """
    same_kind = bool(clock.orders_at) == bool(orders_at)
    return replace(clock, unit=unit, lead_unit=lead_unit, orders_at=clock.orders_at if same_kind else orders_at)


def rebase(
    clock: SheetClock,
    reached: Deadline,
    orders_at: tuple[datetime, ...],
    steps: DueSteps,
    now: datetime,
    promised: datetime,
) -> tuple[SheetClock, Untrue]:
    """The clock by another calendar or with more time, and what was announced too early by what stood before."""
    steps, false = due_steps.again(steps, now)
    moved = replace(
        clock,
        yellow=reached.yellow,
        orange=reached.orange,
        due=reached.due,
        orders_at=orders_at,
        calendar_version=reached.calendar_version,
        provisional=reached.provisional,
        looked=now,
        promised=promised if promised != reached.due else None,
        steps=steps,
        moved=moved_dues.with_moved(clock.moved, clock.due, reached.due, now),
    )
    right, untrue = _corrected(moved, light(moved.instants, now), light(moved.orders_at, now))
    return right, replace(untrue, steps=false)
