"""What sla says of steps that begin with no colour: that one was reached, and what is ordered on it (C7)."""

from datetime import datetime

from contracts.messages.ladders import StepReached
from contracts.messages.sla import SupervisionOrdered
from contracts.vocabulary import COLOURS
from services.sla.domain import order_numbers
from services.sla.domain import sheet as sheets
from services.sla.domain.deeds import ONE_UP, TO_THE_UNIT
from services.sla.domain.orders import answers_for
from services.sla.domain.rungs import Rung
from services.sla.domain.sheet import RED, YELLOW, ClockSheet, SheetClock, light
from services.sla.domain.transitions import Reached
from services.sla.handlers.statements import Items


def clock_reached(sheet: ClockSheet, due: Reached, do: str) -> StepReached:
    """A clock stands on it."""
    clock, step = due.clock, due.step
    return StepReached(
        clock=clock.id,
        unit=clock.unit,
        lead_unit=clock.lead_unit,
        step=step.name,
        at=due.at,
        tell=step.tell,
        do=do,
        level=step.level if do else 0,
        due=clock.due,
        urgent=sheet.urgent,
    )


def matter_reached(sheet: ClockSheet, rung: Rung, now: datetime) -> StepReached:
    """The matter stands on it, whichever clock runs."""
    return StepReached(
        unit=sheet.responsible,
        lead_unit=sheets.lead_of(sheet),
        step=rung.step,
        at=now,
        tell=rung.tell,
        do=rung.do,
        level=rung.level,
        urgent=sheet.urgent,
    )


def ordered_on_clock(sheet: ClockSheet, due: Reached, items: Items) -> SupervisionOrdered:
    """To the unit whose clock stands on it, or to whoever leads that. A cause, clock and level, has one order."""
    clock, level = due.clock, due.step.level
    unit, over = _whom(clock.unit, clock.lead_unit, level)
    return SupervisionOrdered(
        order=order_numbers.of_step(sheet.number, clock.first, level),
        clock=clock.id,
        unit=unit,
        lead_unit=over,
        colour=colour_at(clock, due.at),
        level=level,
        items=items,
        urgent=sheet.urgent,
    )


def ordered_on_matter(
    sheet: ClockSheet, number: str, level: int, colour: str, items: Items
) -> SupervisionOrdered | None:
    """It rests on no clock; None: nobody orders whoever has the matter."""
    unit, over = _whom(sheet.responsible, sheets.lead_of(sheet), level)
    if not unit:
        return None
    return SupervisionOrdered(
        order=number,
        clock="",
        unit=unit,
        lead_unit=over,
        colour=colour,
        level=TO_THE_UNIT if unit == sheet.responsible else ONE_UP,
        items=items,
        urgent=sheet.urgent,
    )


def _whom(unit: str, lead_unit: str, level: int) -> tuple[str, str]:
    """Who is ordered, and who leads that unit where it gets a copy."""
    upper = answers_for(unit, lead_unit if level == ONE_UP else "")
    return upper, lead_unit if upper == unit and level == TO_THE_UNIT else ""


def colour_at(clock: SheetClock, at: datetime) -> str:
    """The colour of an order: no milder than yellow."""
    return COLOURS[max(YELLOW, light(clock.instants, at))]


def is_red(clock: SheetClock, at: datetime) -> bool:
    """Whether it was overdue then."""
    return light(clock.instants, at) == RED
