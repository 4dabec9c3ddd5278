"""The measures of a plan, each by its own date (C4): one track of them on the sheet, not a clock of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import COLOURS
from services.sla.domain.schemes import OURS_FOR_MEASURES, YELLOW, Scheme, at_share

MEASURES_AT_MOST = 50
NOTHING, IS_YELLOW, IS_ORANGE, IS_RED = range(len(COLOURS))
YELLOW_AT, ORANGE_AT = 0.5, 0.8
"""Shares that stand where a measure has not so many days as a scheme names."""


@dataclass(frozen=True, slots=True)
class TrackedMeasure:
    """``yellow``, ``orange``, ``red``: when each colour begins; ``shown``: index of the last one that was announced.

    Before it is timed it has only ``red``, its date. ``orange`` None: there is none. One that is ``done`` turns
    no more.
    """

    index: int
    red: datetime
    yellow: datetime | None = None
    orange: datetime | None = None
    shown: int = NOTHING
    done: bool = False

    @property
    def to_come(self) -> Iterator[tuple[datetime, int]]:
        """The colours that it has not announced, in order, with their instants."""
        for colour, at in enumerate((self.yellow, self.orange, self.red), IS_YELLOW):
            if at is not None and colour > self.shown and not self.done:
                yield at, colour


@dataclass(frozen=True, slots=True)
class MeasureTrack:
    """Of a version of a plan of ``unit``. ``timed``: it is in force, and its colours turn."""

    plan: int
    unit: str
    measures: tuple[TrackedMeasure, ...]
    timed: bool = False


@dataclass(frozen=True, slots=True)
class TurnedMeasures:
    """These measures reached the colour of this index."""

    indices: tuple[int, ...]
    colour: int


def planned(plan: int, unit: str, dues: Sequence[datetime]) -> MeasureTrack | None:
    """The track of a plan that is not in force yet; None where it has no measures."""
    kept = dues[:MEASURES_AT_MOST]
    return MeasureTrack(plan, unit, tuple(TrackedMeasure(*each) for each in enumerate(kept, 1))) if kept else None


def timed(track: MeasureTrack, scheme: Scheme | None, now: datetime) -> MeasureTrack:
    """From now on each counts, by this scheme or the usual one; in what it begins it is not announced."""
    measures = tuple(_timed(each, scheme or OURS_FOR_MEASURES, now) for each in track.measures)
    return replace(track, measures=measures, timed=True)


def _timed(measure: TrackedMeasure, scheme: Scheme, now: datetime) -> TrackedMeasure:
    due, begins_yellow = measure.red, scheme.begins == YELLOW
    start = min(now, due)
    orange = scheme.orange.in_time(start, due, ORANGE_AT) if scheme.orange else None
    yellow = scheme.yellow.in_time(start, due, YELLOW_AT) if scheme.yellow else at_share(start, due, YELLOW_AT)
    yellow = start if begins_yellow else min(yellow, orange or due)
    return replace(measure, yellow=yellow, orange=orange, shown=IS_YELLOW if begins_yellow else NOTHING)


def reported(track: MeasureTrack, plan: int, index: int) -> MeasureTrack:
    """One of the plan's measures is done; what else is reported changes nothing."""
    if plan != track.plan:
        return track
    measures = tuple(
        replace(each, shown=NOTHING, done=True) if each.index == index else each for each in track.measures
    )
    return replace(track, measures=measures)


def next_at(track: MeasureTrack | None) -> datetime | None:
    """The next instant at which one of them turns."""
    if track is None or not track.timed:
        return None
    return min((at for each in track.measures for at, _ in each.to_come), default=None)


def turned(track: MeasureTrack, now: datetime) -> tuple[MeasureTrack, tuple[TurnedMeasures, ...]]:
    """All that turned and was not announced: of each colour together, the mildest first; recorded in the track."""
    if not track.timed:
        return track, ()
    found = {colour: tuple(_that_turned(track.measures, colour, now)) for colour in (IS_YELLOW, IS_ORANGE, IS_RED)}
    measures = tuple(replace(each, shown=_shown(each, now)) for each in track.measures)
    said = tuple(TurnedMeasures(indices, colour) for colour, indices in found.items() if indices)
    return replace(track, measures=measures), said


def _that_turned(measures: Iterable[TrackedMeasure], colour: int, now: datetime) -> Iterator[int]:
    return (each.index for each in measures if any(c == colour and at <= now for at, c in each.to_come))


def _shown(measure: TrackedMeasure, now: datetime) -> int:
    return max((colour for at, colour in measure.to_come if at <= now), default=measure.shown)
