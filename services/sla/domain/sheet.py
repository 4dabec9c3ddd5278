"""The clock sheet: one document per ticket, an array of clocks, and what each has announced. Lights are instants."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.sla.domain.deadlines import Deadline, Limit

COLOURS = ("green", "yellow", "orange", "red")
ORDER_HOLD = timedelta(hours=4)  # of domain time after red: a late fact may still show that red was false
URGENT_HOLD = timedelta(minutes=15)
URGENT_LEVELS = 3  # an urgent matter is ordered again, one level higher, after each hold
CLOCKS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """One unit's clock. ``shown``: index of the last colour announced; ``orders``: orders issued; ``stopped``: when."""

    id: str
    kind: str
    unit: str
    lead_unit: str
    limit: Limit
    start: datetime
    yellow: datetime
    orange: datetime
    due: datetime
    calendar_version: str
    shown: int = 0
    orders: int = 0
    stopped: datetime | None = None

    @property
    def begins(self) -> tuple[datetime, datetime, datetime, datetime]:
        """The instant at which each colour begins."""
        return self.start, self.yellow, self.orange, self.due

    def colour_at(self, instant: datetime) -> int:
        """The index of the colour by comparing instants: right even when everything was down."""
        return max(at for at, begin in enumerate(self.begins) if at == 0 or instant >= begin)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ticket's clocks."""

    number: str
    division: str
    urgent: bool = False
    clocks: tuple[Clock, ...] = ()

    def running(self) -> Clock | None:
        """At most one clock of a ticket runs."""
        return next((clock for clock in self.clocks if clock.stopped is None), None)

    def put(self, clock: Clock) -> "Sheet":
        """The sheet with this clock in place of the one with its id, or added."""
        others = tuple(clock if each.id == clock.id else each for each in self.clocks)
        known = any(each.id == clock.id for each in self.clocks)
        return replace(self, clocks=others if known else (*self.clocks, clock)[-CLOCKS_AT_MOST:])

    @property
    def hold(self) -> timedelta:
        """How long after red an order waits."""
        return URGENT_HOLD if self.urgent else ORDER_HOLD

    @property
    def levels(self) -> int:
        """How many orders a clock may bring."""
        return URGENT_LEVELS if self.urgent else 1


@dataclass(frozen=True, slots=True)
class Turned:
    """A clock reached a colour."""

    clock: Clock
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """A supervision order is due, at this level."""

    clock: Clock
    level: int


Transition = Turned | Ordered


def started(sheet: Sheet, kind: str, unit: str, lead_unit: str, limit: Limit, reached: Deadline) -> Clock:
    """A new clock of the sheet."""
    return Clock(
        id=f"c{len(sheet.clocks) + 1}",
        kind=kind,
        unit=unit,
        lead_unit=lead_unit,
        limit=limit,
        start=reached.start,
        yellow=reached.yellow,
        orange=reached.orange,
        due=reached.due,
        calendar_version=reached.calendar_version,
    )


def decide_due(sheet: Sheet, now: datetime) -> tuple[Sheet, list[Transition]]:
    """What is due at ``now``, in order, each once: recorded in the sheet that comes back."""
    clock = sheet.running()
    if clock is None:
        return sheet, []
    transitions: list[Transition] = [
        Turned(clock, new - 1, new) for new in range(clock.shown + 1, clock.colour_at(now) + 1)
    ]
    clock = replace(clock, shown=max(clock.shown, clock.colour_at(now)))
    for level in range(clock.orders + 1, sheet.levels + 1):
        if now >= _order_at(sheet, clock, level):
            clock = replace(clock, orders=level)
            transitions.append(Ordered(clock, level))
    return sheet.put(clock), transitions


def _order_at(sheet: Sheet, clock: Clock, level: int) -> datetime:
    return clock.due + sheet.hold * level


def wake_at(sheet: Sheet) -> datetime | None:
    """The next instant at which something is due."""
    clock = sheet.running()
    if clock is None:
        return None
    if clock.shown < 3:
        return clock.begins[clock.shown + 1]
    return _order_at(sheet, clock, clock.orders + 1) if clock.orders < sheet.levels else None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A clock stopped at an instant; what it had announced after that instant was false."""

    clock: Clock
    met: bool
    held: int
    false_colours: tuple[tuple[int, int], ...]
    false_orders: tuple[int, ...]


def stop(sheet: Sheet, at: datetime) -> tuple[Sheet, Stopped | None]:
    """Stop the running clock at ``at``, the instant of the fact, however late it was read."""
    clock = sheet.running()
    if clock is None:
        return sheet, None
    right = clock.colour_at(at)
    false_orders = tuple(level for level in range(1, clock.orders + 1) if at < _order_at(sheet, clock, level))
    stopped = replace(clock, stopped=at, shown=min(clock.shown, right), orders=clock.orders - len(false_orders))
    colours = ((clock.shown, right),) if clock.shown > right else ()
    held = max(0, int((at - clock.start).total_seconds()))
    return sheet.put(stopped), Stopped(stopped, at <= clock.due, held, colours, false_orders)


def holdings(clocks: Iterable[Clock], now: datetime) -> dict[str, timedelta]:
    """How long each unit has held the matter (C3)."""
    held: dict[str, timedelta] = {}
    for clock in clocks:
        held[clock.unit] = held.get(clock.unit, timedelta()) + max(timedelta(), (clock.stopped or now) - clock.start)
    return held
