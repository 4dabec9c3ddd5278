"""Steps of a published ladder around the deadline of a clock: fixed when it starts, each with its instant (C7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from contracts.vocabulary import CHINA
from contracts.vocabulary.ladders import BEFORE_DUE
from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import Deadline
from services.sla.domain.rungs import AROUND_DUE, ORDER, Rung, RungCase


@dataclass(frozen=True, slots=True)
class DueStep:
    """``days`` or ``minutes`` from the deadline, below 0 before it, and ``wait`` seconds: then those of ``tell`` hear.

    ``wait``: of one by which something is done, so that a fact on its way may still show that it was false. ``at``: its
    instant, None where that would lie before the clock began; ``reached``: when it was said.
    """

    name: str
    tell: tuple[str, ...]
    do: str = ""
    level: int = 0
    days: int = 0
    minutes: int = 0
    wait: int = 0
    at: datetime | None = None
    reached: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still to be said."""
        return self.at is not None and self.reached is None

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be said now."""
        return self.reached is None and self.at is not None and self.at <= now


DueSteps = tuple[DueStep, ...]


def fixed(rungs: Iterable[Rung], case: RungCase, hold: timedelta) -> DueSteps:
    """The steps of a clock that starts, without their instants."""
    return tuple(_step(each, hold) for each in rungs if each.when in AROUND_DUE and each.fits(each.when, case))


def _step(rung: Rung, hold: timedelta) -> DueStep:
    sign = -1 if rung.when == BEFORE_DUE else 1
    wait = int(hold.total_seconds()) if acts(rung.do) else 0
    return DueStep(rung.step, rung.tell, rung.do, rung.level, sign * rung.days, sign * rung.minutes, wait)


def acts(do: str) -> bool:
    """Whether an order follows, or a conference is asked."""
    return do not in ("", "none")


def only_told(steps: DueSteps) -> DueSteps:
    """The steps, of which nothing follows but that somebody hears."""
    return tuple(replace(each, do="", level=0, at=_without(each), wait=0) for each in steps)


def _without(step: DueStep) -> datetime | None:
    return step.at - timedelta(seconds=step.wait) if step.at else None


def levels(steps: Iterable[DueStep]) -> frozenset[int]:
    """The levels at which these steps order: a cause has one order of each."""
    return frozenset(each.level for each in steps if each.do == ORDER)


def timed(steps: DueSteps, reached: Deadline, calendar: Calendar) -> DueSteps:
    """The steps with their instants by this deadline, and by the calendar of the clock with its pauses."""
    return tuple(replace(each, at=_instant(each, reached, calendar)) for each in steps)


def _instant(step: DueStep, reached: Deadline, calendar: Calendar) -> datetime | None:
    due = reached.due
    on = due.astimezone(CHINA).date()
    moved = timedelta(minutes=step.minutes)
    if step.days:
        moved = timedelta(days=(_working_day(on, step.days, calendar) - on).days)
    at = calendar.after_pauses(due + moved)
    return at + timedelta(seconds=step.wait) if at > reached.start else None


def _working_day(on: date, days: int, calendar: Calendar) -> date:
    """The working day so many before or after a day."""
    if days > 0:
        return calendar.nth_working_day(on + timedelta(days=1), days)
    while days < 0:
        on -= timedelta(days=1)
        days += calendar.works(on)
    return on


def again(steps: DueSteps, now: datetime) -> tuple[DueSteps, DueSteps]:
    """What was said and lies ahead by the deadline as it is now is to be said anew; and those of which that is so."""
    untrue = tuple(each for each in steps if each.reached and (each.at is None or each.at > now))
    return tuple(replace(each, reached=None) if each in untrue else each for each in steps), untrue


def before(steps: DueSteps, stopped: datetime) -> tuple[DueSteps, DueSteps]:
    """The steps of a clock that stopped then, and those that were said of what came after it."""
    untrue = tuple(each for each in steps if each.reached and (each.at is None or each.at >= stopped))
    return tuple(replace(each, reached=None) if each in untrue else each for each in steps), untrue
