"""What a deadline was before it was moved, so that a past instant is answered by the one in force then (C7)."""

from dataclasses import dataclass
from datetime import datetime

KEPT_AT_MOST = 20  # of a clock; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class MovedDue:
    """It was due then, until ``until``, when another deadline took its place."""

    due: datetime
    until: datetime


MovedDues = tuple[MovedDue, ...]


def with_moved(moved: MovedDues, before: datetime, due: datetime, now: datetime) -> MovedDues:
    """With the deadline that stood before; nothing more where it is the same. Time never runs back."""
    if before == due:
        return moved
    until = max(now, moved[-1].until) if moved else now
    return (*moved, MovedDue(before, until))[-KEPT_AT_MOST:]


def due_at(moved: MovedDues, due: datetime, at: datetime) -> datetime:
    """The deadline in force at an instant. ``due``: the one that stands."""
    return next((each.due for each in moved if each.until > at), due)
