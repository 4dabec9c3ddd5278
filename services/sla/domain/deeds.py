"""What follows a colour by a published ladder, fixed when the clock starts: an order, a conference, or nothing (C7)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.vocabulary import COLOURS, LADDER_DEEDS
from services.sla.domain.rungs import OURS, Rung, RungCase

NONE, ORDER, REFER = LADDER_DEEDS
RED = len(COLOURS) - 1
TO_THE_UNIT, ONE_UP = 1, 2
"""The level of an order: it goes to the unit, or to whoever leads it."""


@dataclass(frozen=True, slots=True)
class ClockDeed:
    """So many seconds after a colour (an index) begins, ``do`` is done; the platform's own orders are to the unit.

    ``one_up``: whoever leads the unit is ordered in its place.
    """

    colour: int
    do: str
    level: int = 0
    after: int = 0
    one_up: bool = False


Deeds = tuple[ClockDeed, ...]


def fixed(
    rungs: Iterable[Rung], case: RungCase, after_red: Sequence[timedelta], ordered: Collection[int] = ()
) -> Deeds:
    """The deeds of a clock that starts; none where no ladder names any for it: then the usual orders follow red.

    ``after_red``: when the platform's own orders follow. The first of them is the hold of every deed, so that a fact on
    its way may still show that a colour was false. ``ordered``: levels at which the ladder orders around the deadline.
    At these, and at those of an earlier colour, the platform's own order is not given: a cause has one order of each.
    """
    usual = _doing(OURS, case)
    found = _doing(rungs, case) or usual
    if not found and not ordered:
        return ()
    deeds = [_deed(each, after_red[0]) for each in found]
    if all(each.colour != RED for each in deeds) and not usual:
        own = [ClockDeed(RED, ORDER, nth, _seconds(each)) for nth, each in enumerate(after_red, 1)]
        taken = {*ordered, *(each.level for each in deeds if each.do == ORDER)}
        deeds += [each for each in own if each.level not in taken] or [ClockDeed(RED, NONE)]
    return tuple(sorted(deeds, key=lambda each: (each.colour, each.after)))


def _doing(rungs: Iterable[Rung], case: RungCase) -> list[Rung]:
    return [each for each in rungs if each.do and each.when in COLOURS and each.fits(each.when, case)]


def _deed(rung: Rung, hold: timedelta) -> ClockDeed:
    return ClockDeed(COLOURS.index(rung.when), rung.do, rung.level, _seconds(hold), one_up=rung.level == ONE_UP)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def acting(deeds: Deeds) -> Deeds:
    """Those by which something is done."""
    return tuple(each for each in deeds if each.do != NONE)


def instants(deeds: Deeds, begins: Sequence[datetime]) -> tuple[datetime, ...]:
    """When each of those that act falls due. ``begins``: of yellow, orange and red."""
    return tuple(begins[each.colour - 1] + timedelta(seconds=each.after) for each in acting(deeds))
