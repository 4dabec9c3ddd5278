"""The clock of the work stops while somebody else looks at the work, and goes on as a new one (C3).

Of the same kind, from the original start, with the time away as a pause: a sham completion buys nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.sla.domain import more_time
from services.sla.domain.limits import MINUTES
from services.sla.domain.more_time import UNDER_REVIEW, WAITING, MoreTime
from services.sla.domain.sheet import ClockSheet, SheetClock, with_clock

RESTS_AT_MOST = 20  # reviews for which a clock rests; who is sent back more often has no more of it


def may_rest(clock: SheetClock) -> bool:
    """Whether it stops for a review: minutes never do."""
    return clock.limit.unit != MINUTES and sum(each.ground == UNDER_REVIEW for each in clock.more) < RESTS_AT_MOST


def gone_on(sheet: ClockSheet, rests: SheetClock, now: datetime) -> tuple[ClockSheet, SheetClock]:
    """The sheet with the clock that goes on with the time of ``rests``; its instants are still those from before."""
    id, away = f"c{sheet.made + 1}", rests.stopped or now
    more = tuple(_over(rests.more, away))
    rest = more_time.followed(f"{id}m{len(more) + 1}", UNDER_REVIEW, away, now)
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
