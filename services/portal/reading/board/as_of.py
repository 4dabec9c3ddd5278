"""Where a matter stood at an instant that has passed: as it stands if nothing changed since, else as its story tells.

A stop of a clock is no line of a story: a clock of the work that has not run out rests while a review or a hold runs
beside it, as sla has it, and goes on as a new line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from contracts import lifecycle
from contracts.lifecycle import Phase, TicketState
from services.portal.reading.board.counters import is_overdue
from services.portal.reading.ticket import notes, steps
from services.portal.reading.ticket.document import HISTORY_STEPS, Ticket

LED_TO: Mapping[type, TicketState] = {
    steps.RegisteredStep: TicketState.REGISTERED,
    steps.ScreenedOutStep: TicketState.INVALID,
    steps.QueuedStep: TicketState.QUEUED,
    steps.AssignedStep: TicketState.ASSIGNED,
    steps.ReturnedStep: TicketState.QUEUED,
    steps.DisputedStep: TicketState.DISPUTED,
    steps.AcceptedStep: TicketState.IN_HAND,
    steps.SubmittedStep: TicketState.UNDER_REVIEW,
    steps.ReviewRejectedStep: TicketState.IN_HAND,
    steps.CompletedStep: TicketState.AWAITING_EVALUATION,
    steps.ReworkStep: TicketState.REWORK,
    steps.StruckOffStep: TicketState.STRUCK_OFF,
    steps.WithdrawnStep: TicketState.WITHDRAWN,
}
"""Step → the state it leads to; a rejection in a rework leads back to the rework."""
ACCEPTED_BY, COMPLETING = lifecycle.clocks_of(Phase.ACCEPTANCE), lifecycle.clocks_of(Phase.COMPLETION)
OF_THE_WORK = lifecycle.PROMISED
BESIDE_THE_WORK = tuple(kind for kind in COMPLETING if kind not in OF_THE_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStanding:
    """Where a matter stood, whose it was, and whether it was late."""

    state: TicketState
    overdue: bool
    unit_zh: str
    unit_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the story told up to some line. ``dues``: the running clocks, by kind."""

    state: TicketState
    unit: tuple[str, str]
    reworked: bool
    dues: Mapping[str, datetime]


def stood(ticket: Ticket, at: datetime) -> PastStanding | None:
    """Where a matter that was registered before ``at`` stood then; None: its story is too long to reach back."""
    if ticket.changed_at < at:
        overdue = is_overdue(ticket.state, ticket.accept_by, ticket.complete_by, at)
        return PastStanding(state=ticket.state, overdue=overdue, unit_zh=ticket.unit_zh, unit_en=ticket.unit_en)
    if len(ticket.history) >= HISTORY_STEPS:
        return None
    told = _told(ticket, at)
    accept_by, complete_by = _first(told.dues, ACCEPTED_BY), _first(told.dues, COMPLETING)
    overdue = is_overdue(told.state, accept_by, complete_by, at)
    return PastStanding(state=told.state, overdue=overdue, unit_zh=told.unit[0], unit_en=told.unit[1])


def _first(dues: Mapping[str, datetime], kinds: tuple[str, ...]) -> datetime | None:
    return min((due for kind, due in dues.items() if kind in kinds), default=None)


def _told(ticket: Ticket, at: datetime) -> _Told:
    told = _Told(state=TicketState.REGISTERED, unit=("", ""), reworked=False, dues={})
    for step in ticket.history:
        if step.at < at:
            told = _followed(told, notes.step_of(step.kind, step.note), (step.unit_zh, step.unit_en), step.at)
    return told


def _followed(told: _Told, taken: object, unit: tuple[str, str], at: datetime) -> _Told:
    if isinstance(taken, steps.ClockStartedStep):
        return replace(told, dues=_counting({**_running_beside(told, taken.clock, at), taken.clock: taken.due}, told))
    led_to = LED_TO.get(type(taken))
    return told if led_to is None else _moved(told, taken, led_to, unit)


def _moved(told: _Told, taken: object, led_to: TicketState, unit: tuple[str, str]) -> _Told:
    reworked = told.reworked or isinstance(taken, steps.ReworkStep)
    if isinstance(taken, steps.ReviewRejectedStep) and reworked:
        led_to = TicketState.REWORK
    gave_back = isinstance(taken, steps.ReturnedStep | steps.DisputedStep)
    moved = replace(told, state=led_to, reworked=reworked, unit=("", "") if gave_back else unit)
    return replace(moved, dues=_counting(told.dues, moved))


def _counting(dues: Mapping[str, datetime], told: _Told) -> dict[str, datetime]:
    return {kind: due for kind, due in dues.items() if lifecycle.counts(kind, told.state)}


def _running_beside(told: _Told, started: str, at: datetime) -> dict[str, datetime]:
    """The clocks that go on when one starts ``at`` an instant."""
    if started in OF_THE_WORK:
        return {kind: due for kind, due in told.dues.items() if kind not in BESIDE_THE_WORK}
    if started not in BESIDE_THE_WORK:
        return dict(told.dues)
    return {kind: due for kind, due in told.dues.items() if kind in OF_THE_WORK and due <= at}
