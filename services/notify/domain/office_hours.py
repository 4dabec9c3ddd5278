"""When staff may be told: 减负."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from contracts.vocabulary import CHINA, STATUTORY_DAYS, SeasonHours, Session, StatutoryDay, sessions_on

OPENS, CLOSES = time(9, 0), time(17, 0)
USUAL: tuple[Session, ...] = ((OPENS, CLOSES),)  # nobody is spared at noon unless a division says when it closes
DAYS_AHEAD = 40  # the longest row of days off is shorter
SLOTS_AT_MOST = 4  # a day


@dataclass(frozen=True, slots=True)
class Office:
    """When staff may be told: days off and make-up workdays as they were published.

    ``announced``: the years of which the country's days are known; in any other one the ``statutory`` ones are off.
    ``slots``: when what is not pressing is told together, in order; without any it is told at once. ``seasons``: those
    in which it has other hours than the usual ones; what stands first holds.
    """

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()
    statutory: tuple[StatutoryDay, ...] = STATUTORY_DAYS
    slots: tuple[time, ...] = ()
    seasons: tuple[SeasonHours, ...] = ()

    def under(self, days_off: frozenset[date], workdays: frozenset[date]) -> "Office":
        """With days of a narrower calendar over its own."""
        off, works = self.days_off - workdays | days_off, self.workdays - days_off | workdays
        return replace(self, days_off=off, workdays=works)

    def works(self, on: date) -> bool:
        """Whether it is a working day."""
        if on in self.workdays:
            return True
        return on.weekday() < 5 and on not in self.days_off and not self._is_projected(on)

    def _is_projected(self, on: date) -> bool:
        return on.year not in self.announced and any(each.holds(on) for each in self.statutory)

    def sessions_on(self, on: date) -> tuple[Session, ...]:
        """The office hours of that day, if it is a working day."""
        return sessions_on(on, self.seasons, USUAL)

    def next_open(self, now: datetime) -> datetime:
        """``now`` in office hours, else the next opening."""
        local = now.astimezone(CHINA)
        on = local.date()
        if self.works(on) and any(opens <= local.time() < closes for opens, closes in self.sessions_on(on)):
            return now
        return self._first(lambda day: [opens for opens, _ in self.sessions_on(day)], on, now)

    def next_slot(self, now: datetime) -> datetime:
        """The first slot of a working day from ``now`` on, or the opening after it where offices are closed then;
        without slots as ``next_open``.
        """
        slot = self._first(lambda _: self.slots, now.astimezone(CHINA).date(), now) if self.slots else now
        return self.next_open(slot)

    def _first(self, times: Callable[[date], Sequence[time]], day: date, since: datetime) -> datetime:
        """The first of the times of a working day, from a day and an instant on."""
        days = (on for n in range(DAYS_AHEAD) if self.works(on := day + timedelta(days=n)))
        instants = (datetime.combine(on, at, CHINA).astimezone(UTC) for on in days for at in times(on))
        return next((each for each in instants if each >= since), since.astimezone(UTC))


def slots_of(text: str) -> tuple[time, ...]:
    """The slots that somebody wrote, ``09:00,14:00``, in order; "" for none. Raises ValueError that names one."""
    written = [each.strip() for each in text.split(",")] if text.strip() else []
    slots = tuple(sorted({_slot(each) for each in written}))
    if len(slots) > SLOTS_AT_MOST:
        raise ValueError(f"up to {SLOTS_AT_MOST} times a day")
    return slots


def _slot(text: str) -> time:
    try:
        hour, minute = map(int, text.split(":"))
        slot = time(hour, minute)
    except ValueError:
        raise ValueError(f"{text!r}: a time as 09:00") from None
    if not OPENS <= slot < CLOSES:
        raise ValueError(f"{text}: outside of office hours, {OPENS:%H:%M} to {CLOSES:%H:%M}")
    return slot
