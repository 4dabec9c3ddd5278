"""灯色方案: which colours there are, and where they begin, as a division published it (C4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.vocabulary import COLOURS, COLOURS_AT_FIRST, SCHEMED
from services.sla.domain.limits import CALENDAR_DAYS, LONGEST, Limit

GREEN, YELLOW, ORANGE, RED = COLOURS
CLOCK, MEASURE = SCHEMED
MOST_DAYS = LONGEST[CALENDAR_DAYS]


@dataclass(frozen=True, slots=True)
class Point:
    """A share of the time, or so many days before its end."""

    share: float | None = None
    days_left: int | None = None

    def in_time(self, start: datetime, due: datetime, usual: float) -> datetime:
        """Its instant. Days that there are not mean nothing: then the usual share stands."""
        if self.days_left is not None and start + timedelta(days=self.days_left) < due:
            return due - timedelta(days=self.days_left)
        return at_share(start, due, usual if self.share is None else self.share)


@dataclass(frozen=True, slots=True)
class Scheme:
    """``orange`` None: there is none. ``begins``: the colour at the start, which is not announced."""

    applies_to: str
    yellow: Point | None
    orange: Point | None
    begins: str = GREEN
    name: str = ""

    @property
    def is_taken_back(self) -> bool:
        """Whether it says only that none holds any more."""
        return not self.begins and self.yellow is None and self.orange is None and self.applies_to in SCHEMED

    def on(self, limit: Limit) -> Limit:
        """The limit in the colours of this scheme. Where it names days, the limit's own share stands behind them."""
        begins_yellow, has_orange = self.begins == YELLOW, self.orange is not None
        yellow, orange = self.yellow or Point(share=limit.yellow_at), self.orange or Point(share=limit.orange_at)
        return replace(
            limit,
            yellow_at=limit.yellow_at if yellow.share is None else yellow.share,
            orange_at=limit.orange_at if orange.share is None else orange.share,
            yellow_left=yellow.days_left or 0,
            orange_left=orange.days_left or 0,
            scheme=self.name,
            begins_yellow=begins_yellow,
            has_orange=has_orange,
        )


OURS_FOR_MEASURES = Scheme(MEASURE, Point(share=0.5), Point(share=0.8))
"""Of measures, where no scheme was published: as of a standard that says nothing else."""


def at_share(start: datetime, due: datetime, share: float) -> datetime:
    """By share of all time, in whole seconds."""
    return (start + (due - start) * share).replace(microsecond=0)


def faults(scheme: Scheme) -> tuple[str, ...]:
    """What is wrong with a scheme, by code; empty when it may hold."""
    if scheme.is_taken_back:
        return ()
    points = [each for each in (scheme.yellow, scheme.orange) if each is not None]
    wrong = {
        "subject_unknown": scheme.applies_to not in SCHEMED,
        "begins_unknown": scheme.begins not in COLOURS_AT_FIRST,
        "yellow_missing": scheme.begins == GREEN and scheme.yellow is None,
        "yellow_begins_already": scheme.begins == YELLOW and scheme.yellow is not None,
        "nothing_warns": scheme.begins == YELLOW and scheme.orange is None,
        "point_unclear": any((each.share is None) == (each.days_left is None) for each in points),
        "share_out_of_range": any(each.share is not None and not 0 < each.share <= 1 for each in points),
        "days_left_out_of_range": any(
            each.days_left is not None and not 1 <= each.days_left <= MOST_DAYS for each in points
        ),
        "thresholds_out_of_order": _out_of_order(scheme.yellow, scheme.orange),
    }
    return tuple(code for code, is_so in wrong.items() if is_so)


def _out_of_order(yellow: Point | None, orange: Point | None) -> bool:
    if yellow is None or orange is None:
        return False
    if yellow.share is not None and orange.share is not None:
        return yellow.share > orange.share
    return yellow.days_left is not None and orange.days_left is not None and yellow.days_left < orange.days_left


def colours(limit: Limit) -> tuple[str, ...]:
    """Those that a limit goes through, the mildest first."""
    green = () if limit.begins_yellow else (GREEN,)
    return (*green, YELLOW, *((ORANGE,) if limit.has_orange else ()), RED)


def unsaid(limit: Limit) -> frozenset[str]:
    """Colours of which a clock says nothing: those that it has not, and the one in which it begins."""
    return frozenset(COLOURS) - frozenset(colours(limit)[1:])
