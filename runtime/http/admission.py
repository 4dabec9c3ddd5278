"""Who is let in: as many wait as can be answered in time, by the pace at which others are being answered."""

from collections.abc import Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from runtime.clock import Stopwatch

LEAST = 16  # may always be under way: nobody is refused because nothing has been answered yet
MOST = 4_000  # under way, however fast they are answered: they are in memory
BUSY = 8  # under way at least while a pace is taken: what idles says nothing about how fast it could be
WINDOW = timedelta(seconds=0.5)  # over which a pace is taken
LATEST = 0.3  # share of the pace that the latest window has
FIRST_PACE = 100.0  # answers a second until one was taken
USED = 0.3  # share of the time to answer that may be promised away: the pace may fall meanwhile, and sockets wait, too


@dataclass
class Entrance:
    """One that was let in; ``is_answered``: that it was not in vain."""

    is_answered: bool = False


class Admission:
    """Counts what is under way. ``within``: seconds in which each is to be answered."""

    def __init__(self, within: float, stopwatch: Stopwatch) -> None:
        self._within, self._stopwatch = within, stopwatch
        self.under_way, self.pace = 0, FIRST_PACE
        self._answered, self._since = 0, stopwatch()

    @property
    def may_wait(self) -> int:
        """As many as can be answered in time."""
        return min(MOST, max(LEAST, int(self.pace * self._within * USED)))

    def is_full(self, waiting: Sized = ()) -> bool:
        """``waiting``: what has arrived, begun or not, where the server tells. Whoever asks is one of them."""
        return self.under_way >= self.may_wait or len(waiting) > self.may_wait

    @contextmanager
    def one(self, waiting: Sized = ()) -> Iterator[Entrance]:
        """One more is under way for as long as the context lasts."""
        entrance = Entrance()
        self.under_way += 1
        try:
            yield entrance
        finally:
            self.under_way -= 1
            self._answered += entrance.is_answered
            self._take_pace(max(self.under_way, len(waiting)) >= BUSY)

    def _take_pace(self, is_busy: bool) -> None:
        now = self._stopwatch()
        passed = now - self._since
        if is_busy and passed < WINDOW:
            return
        if is_busy:
            self.pace += LATEST * (self._answered / passed.total_seconds() - self.pace)
        self._answered, self._since = 0, now
