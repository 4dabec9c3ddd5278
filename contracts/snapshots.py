"""The public state of a ticket: what the topic ``ticket-snapshots`` holds under each ticket, and how events lead to it.

Whoever begins anew reads it instead of all events that ever were. No history, and no word of anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from contracts import feed, lifecycle
from contracts.lifecycle import TicketState
from contracts.public import Public


class SnapshotClock(BaseModel):
    """A clock that runs and counts, and until when."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    clock: str
    kind: str
    unit: str
    due: datetime


class TicketSnapshot(BaseModel):
    """Where a ticket stands. ``division``: the county. ``round``: of the last completion. How often it was ``hops``:
    handed to a unit, ``returns``: given back, ``reworks``: to be done again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str
    state: str
    division: str = ""
    category: str = ""
    unit: str = ""
    clocks: tuple[SnapshotClock, ...] = ()
    round: int = 0
    hops: int = 0
    returns: int = 0
    reworks: int = 0


def folded(events: Iterable[Public]) -> TicketSnapshot | None:
    """The state that all events of one ticket lead to, each once and in their order; None: none, or it was erased."""
    snapshot: TicketSnapshot | None = None
    for event in events:
        if isinstance(event, feed.Erased):
            return None
        snapshot = _begun(snapshot, event)
        if snapshot is not None:
            snapshot = _counting(snapshot.model_copy(update=_moved(snapshot, event)))
    return snapshot


def counting(clocks: Iterable[SnapshotClock], state: str) -> tuple[SnapshotClock, ...]:
    """Those of the clocks that count in this state, by their ids."""
    kept = (each for each in clocks if lifecycle.counts(each.kind, TicketState(state)))
    return tuple(sorted(kept, key=lambda each: each.clock))


def _begun(snapshot: TicketSnapshot | None, event: Public) -> TicketSnapshot | None:
    if snapshot is None and isinstance(event, feed.Registered | feed.ScreenedOut):
        return TicketSnapshot(number=event.number, state="", division=event.division)
    return snapshot


def _counting(snapshot: TicketSnapshot) -> TicketSnapshot:
    return snapshot.model_copy(update={"clocks": counting(snapshot.clocks, snapshot.state)})


def _moved(snapshot: TicketSnapshot, event: Public) -> dict[str, Any]:
    """What an event changes: the state, and what its row of ``CHANGES`` says."""
    kind = type(event)
    state = {"state": _reached(event).value} if kind in STATES else {}
    return state | (CHANGES[kind](snapshot, event) if kind in CHANGES else {})


def _reached(event: Public) -> TicketState:
    """The state that an event leads to; two have another one where the matter was there before."""
    if isinstance(event, feed.Returned) and event.disputed:
        return TicketState.DISPUTED
    if isinstance(event, feed.ReviewRejected) and event.round > 1:
        return TicketState.REWORK
    return STATES[type(event)]


STATES: Mapping[type[Public], TicketState] = {
    feed.Registered: TicketState.REGISTERED,
    feed.ScreenedOut: TicketState.INVALID,
    feed.Queued: TicketState.QUEUED,
    feed.Assigned: TicketState.ASSIGNED,
    feed.Returned: TicketState.QUEUED,
    feed.Accepted: TicketState.IN_HAND,
    feed.CompletionSubmitted: TicketState.UNDER_REVIEW,
    feed.ReviewRejected: TicketState.IN_HAND,
    feed.Completed: TicketState.AWAITING_EVALUATION,
    feed.ReworkOrdered: TicketState.REWORK,
    feed.StruckOff: TicketState.STRUCK_OFF,
    feed.Withdrawn: TicketState.WITHDRAWN,
}
"""Event → the state that it leads to."""


def _queued(_snapshot: TicketSnapshot, event: feed.Queued) -> dict[str, Any]:
    """What it does not say stays as it was."""
    known = {"division": event.division, "category": event.category}
    return {name: value for name, value in known.items() if value}


def _assigned(_snapshot: TicketSnapshot, event: feed.Assigned) -> dict[str, Any]:
    return {"division": event.division, "category": event.category, "unit": event.unit, "hops": event.hop}


def _clock_set(snapshot: TicketSnapshot, event: feed.DeadlineSet) -> dict[str, Any]:
    clock = SnapshotClock(clock=event.clock, kind=event.kind, unit=event.unit, due=event.due)
    return {"clocks": (*_others(snapshot, event.clock), clock)}


def _others(snapshot: TicketSnapshot, clock: str) -> tuple[SnapshotClock, ...]:
    return tuple(each for each in snapshot.clocks if each.clock != clock)


CHANGES: Mapping[type[Public], Callable[[TicketSnapshot, Any], dict[str, Any]]] = {
    feed.Queued: _queued,
    feed.Assigned: _assigned,
    feed.Returned: lambda _, event: {"unit": "", "returns": event.count},
    feed.Completed: lambda _, event: {"round": event.round},
    feed.ReworkOrdered: lambda _, event: {"reworks": event.count},
    feed.DeadlineSet: _clock_set,
    feed.ClockStopped: lambda snapshot, event: {"clocks": _others(snapshot, event.clock)},
}
"""Event → the fields that it changes beside the state."""
