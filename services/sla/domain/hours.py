"""The office hours of a working day in whole microseconds, for what is computed of every deadline."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from contracts.vocabulary import CHINA, Session

DAY_ONE = date(1970, 1, 1).toordinal()
EPOCH = datetime(1970, 1, 1, tzinfo=CHINA).astimezone(UTC)
"""Midnight in China at the beginning of day one."""


@dataclass(frozen=True, slots=True)
class SessionSpans:
    """``spans``: the sessions, since midnight; ``length``: how long they last together."""

    spans: tuple[tuple[int, int], ...]
    length: int

    def before(self, since: int) -> int:
        """How much of them had passed at this time of a working day."""
        gone = 0
        for opens, closes in self.spans:
            if since > opens:
                gone += (since if since < closes else closes) - opens
        return gone

    def instant(self, on: int, gone: int) -> datetime:
        """The instant of a working day, an ordinal, at which so much of them has passed: the earliest, in seconds."""
        since = 0
        for opens, closes in self.spans:
            since = opens + gone
            if since <= closes:
                break
            gone -= closes - opens
        return EPOCH + timedelta(on - DAY_ONE, since // 1_000_000)


@cache
def office_hours(sessions: tuple[Session, ...]) -> SessionSpans:
    spans = tuple((_since_midnight(opens), _since_midnight(closes)) for opens, closes in sessions)
    return SessionSpans(spans, sum(closes - opens for opens, closes in spans))


def _since_midnight(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


def local(instant: datetime) -> tuple[int, int]:
    """The day in China, as an ordinal, and the microseconds since its midnight."""
    gone = instant - EPOCH
    return gone.days + DAY_ONE, gone.seconds * 1_000_000 + gone.microseconds


def at_shares_of(
    days: Sequence[int], hours: Sequence[SessionSpans], start: datetime, end: datetime, shares: Iterable[float]
) -> Iterator[datetime]:
    """The instants at which these shares of the office time between two instants have passed, where days differ.

    ``hours``: those of each of the ``days``, which are all that count between the two.
    """
    gone, left = _beyond(days, hours, start, end)
    span = sum(each.length for each in hours) - gone - left
    for share in shares:
        total = gone + share_of(span, min(share, 1.0))
        yield _reached(days, hours, total) if total > gone else start


def _beyond(days: Sequence[int], hours: Sequence[SessionSpans], start: datetime, end: datetime) -> tuple[int, int]:
    """How much of the first day had passed at the start, and of the last one is left at the end."""
    (first, since), (last, until) = local(start), local(end)
    gone = hours[0].before(since) if days and days[0] == first else 0
    left = hours[-1].length - hours[-1].before(until) if days and days[-1] == last else 0
    return gone, left


def open_between(days: Sequence[int], hours: Sequence[SessionSpans], start: datetime, end: datetime) -> timedelta:
    """How long offices are open between two instants, by the hours of each of the days that count."""
    return timedelta(microseconds=sum(each.length for each in hours) - sum(_beyond(days, hours, start, end)))


def _reached(days: Sequence[int], hours: Sequence[SessionSpans], total: int) -> datetime:
    for on, each in zip(days[:-1], hours, strict=False):
        if total <= each.length:
            return each.instant(on, total)
        total -= each.length
    return hours[-1].instant(days[-1], total)


def share_of(span: int, share: float) -> int:
    """A share of a span, rounded half to even: as a timedelta times a float."""
    numerator, denominator = share.as_integer_ratio()
    whole, rest = divmod(span * numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole & 1))
