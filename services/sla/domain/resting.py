"""The clock of the work stops while others look at the work, or it is held back, and goes on as a new one (C3).

Of the same kind, from the original start, with the time away as a pause: no sham completion, and no hold, buys time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.sla.domain import more_time
from services.sla.domain.limits import MINUTES
from services.sla.domain.more_time import HELD_BACK, UNDER_REVIEW, WAITING, MoreTime
from services.sla.domain.sheet import ClockSheet, SheetClock, with_clock

RESTS_AT_MOST = 20  # times that a clock rests; who is sent back, or held back, more often has no more of it
RESTING, WENT_ON = "resting", "went_on"
"""What a clock that stopped in time did, whose time goes on."""


def may_rest(clock: SheetClock) -> bool:
    """Whether it stops and goes on afterwards: minutes never do."""
    return clock.limit.unit != MINUTES and not rested_enough(clock)


def rested_enough(clock: SheetClock) -> bool:
    """Whether it has rested as often as a clock may."""
    return sum(each.ground in (UNDER_REVIEW, HELD_BACK) for each in clock.more) >= RESTS_AT_MOST


def state_at(sheet: ClockSheet, clock: SheetClock, now: datetime) -> str:
    """running, met or missed; of one that stopped in time and did not end the work: that it rests, or went on."""
    state = clock.state_at(now)
    if state != "met":
        return state
    if clock.id == sheet.resting:
        return RESTING
    later = sheet.clocks[sheet.clocks.index(clock) + 1 :]
    return WENT_ON if any(each.continues == clock.first for each in later) else state


def gone_on(
    sheet: ClockSheet, rests: SheetClock, now: datetime, ground: str = UNDER_REVIEW
) -> tuple[ClockSheet, SheetClock]:
    """The sheet with the clock that goes on with the time of ``rests``; its instants are still those from before."""
    id, away = f"c{sheet.made + 1}", rests.stopped or now
    more = tuple(_over(rests.more, away))
    rest = more_time.followed(f"{id}m{len(more) + 1}", ground, away, now)
    clock = replace(rests, id=id, stopped=None, more=(*more, rest), continues=rests.first)
    return with_clock(sheet, clock), clock


def _over(more: tuple[MoreTime, ...], away: datetime) -> Iterator[MoreTime]:
    """What was granted, as it was over when the work was handed in: who hands in waits for nobody, and asks no more."""
    for each in more:
        if each.decided is None:
            yield more_time.decided(each, away, approved=False)
        elif each.ground == WAITING and each.runs_at(away):
            yield replace(each, ended=away)
        else:
            yield each
