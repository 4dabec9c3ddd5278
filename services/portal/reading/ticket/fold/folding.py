"""What every fold shares: a line in the story, running clocks, a ticket that must be known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from contracts.envelope import Body, Message
from contracts.lifecycle import Phase, clocks_of
from runtime.change import Change, Ignore
from services.portal.reading.ticket import lights, notes, work
from services.portal.reading.ticket.document import HISTORY_STEPS, SaidWords, ShownClock, Step, Ticket
from services.portal.reading.ticket.steps import FoldedStep

Folded = Change[Ticket] | Ignore
BodyT = TypeVar("BodyT", bound=Body)
Handler = Callable[[Any, Message[Any], datetime], Folded]
Given = Message[Any]
ACCEPTED_BY = clocks_of(Phase.ACCEPTANCE)
COMPLETING = clocks_of(Phase.COMPLETION)


def told(
    ticket: Ticket, message: Given, taken: FoldedStep, said: SaidWords | None = None, **changed: Any
) -> Change[Ticket]:
    """The ticket with one more step in its story and ``changed`` fields."""
    moved = replace(ticket, **changed) if changed else ticket
    if moved.state is not ticket.state:
        moved = timed(moved, moved.clocks)
    line = stored(taken, message.at, unit_zh=moved.unit_zh, unit_en=moved.unit_en, said=said)
    return Change(replace(with_step(moved, line), changed_at=max(ticket.changed_at, message.at)))


def stored(taken: FoldedStep, at: datetime, **of: Any) -> Step:
    """The step as a document holds it. ``of``: the unit at work, and what was said."""
    return Step(at=at, kind=taken.kind, note=notes.note_of(taken), **of)


def with_step(ticket: Ticket, step: Step) -> Ticket:
    """The ticket with the step at the end of its story."""
    history = (*ticket.history, step)
    if len(history) > HISTORY_STEPS:
        history = (history[0], *history[len(history) - HISTORY_STEPS + 1 :])  # how it began is always told
    return replace(ticket, history=history)


def timed(ticket: Ticket, running: tuple[ShownClock, ...]) -> Ticket:
    """The ticket with those of these clocks that count, and the due instants that lists and counters look at."""
    clocks = tuple(clock for clock in running if lights.counts(clock, ticket.state))
    accept = min((clock.due for clock in clocks if clock.kind in ACCEPTED_BY), default=None)
    complete = min((clock.due for clock in clocks if clock.kind in COMPLETING), default=None)
    return replace(ticket, clocks=clocks, accept_by=accept, complete_by=complete)


def begins(
    body: type[BodyT], handle: Callable[[Ticket | None, Message[BodyT], datetime], Folded]
) -> tuple[type[Body], Handler]:
    """A fact with which a ticket may begin, and its fold; a fold of another fact is a type error."""

    def handle_first(ticket: Ticket | None, message: Given, now: datetime) -> Folded:
        return _turned(handle(ticket, message, now))

    return body, handle_first


def follows(
    body: type[BodyT], handle: Callable[[Ticket, Message[BodyT], datetime], Folded]
) -> tuple[type[Body], Handler]:
    """A fact about a ticket that is known, and its fold: one about a ticket that nobody registered is not shown."""

    def handle_known(ticket: Ticket | None, message: Given, now: datetime) -> Folded:
        return Ignore("unknown_ticket") if ticket is None else _turned(handle(ticket, message, now))

    return body, handle_known


def _turned(folded: Folded) -> Folded:
    """With what each office now has to do."""
    if isinstance(folded, Ignore):
        return folded
    return Change(work.with_turns(folded.document))
