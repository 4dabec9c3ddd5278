"""Whose turn it is: which office has to do what of a matter, and by when. An inbox is the list of one office.

The order is that of the desk: what is urgent and nobody has acted on, then orders to answer, then by the due instant,
so that what is longest overdue comes first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from contracts import chains
from contracts.lifecycle import TicketState
from contracts.vocabulary import is_supervision
from services.portal.reading.ticket.document import DueWork, Order, ShownLevel, Ticket

UNIT, LEAD, SUPERVISION, CLERK, HEAD, LEADER = "unit", "lead", "supervision", "clerk", "head", "leader"
OFFICES = (UNIT, LEAD, SUPERVISION, CLERK, HEAD, LEADER)
OF_A_UNIT = (UNIT, HEAD)
"""Offices that see the matters of one unit alone."""
REVIEW = "review"
OF_THE_LEVEL: Mapping[str, str] = {"unit_head": HEAD, "lead": LEAD, "leader": LEADER, "supervision": SUPERVISION}
"""Kind of a level of the review → the office that looks at the work."""
URGENT, ORDERED, IN_TURN = range(3)
OF_THE_UNIT: Mapping[TicketState, str] = {
    TicketState.ASSIGNED: "accept",
    TicketState.IN_HAND: "handle",
    TicketState.REWORK: "redo",
}
GIVING_OUT: Mapping[TicketState, tuple[str, str]] = {
    TicketState.QUEUED: (LEAD, "assign"),
    TicketState.DISPUTED: (SUPERVISION, "rule"),
}
OF_A_CONTACT, OF_A_PLAN, OF_A_REVIEWER = "contact_by", "plan_by", "plan_review_by"
ACTS = ("planned", "contacted", "progress", "completed")
"""Steps by which a unit acts on a matter; that it was accepted is none."""
REVIEW_BY = "review_by"
"""The clock of a level outside the unit."""
HANDED_OUT = ("assigned", "rework")
Work = tuple[str, DueWork]
"""An office, and what it has to do."""


def turns(ticket: Ticket) -> dict[str, DueWork | None]:
    """The first thing that each office has to do, by the document's field; None: nothing."""
    found: dict[str, list[DueWork]] = {office: [] for office in OFFICES}
    for office, turn in work(ticket):
        found[office].append(turn)
    return {field_of(office): min(each, key=order, default=None) for office, each in found.items()}


def with_turns(ticket: Ticket) -> Ticket:
    """The document with what each office now has to do."""
    found = turns(ticket)
    return replace(
        ticket,
        due_unit=found[field_of(UNIT)],
        due_lead=found[field_of(LEAD)],
        due_supervision=found[field_of(SUPERVISION)],
        due_clerk=found[field_of(CLERK)],
        due_head=found[field_of(HEAD)],
        due_leader=found[field_of(LEADER)],
    )


def field_of(office: str) -> str:
    """Where the document says what an office has to do."""
    return f"due_{office}"


def order(turn: DueWork) -> tuple[int, datetime]:
    """The place of a turn in the inbox."""
    return turn.rank, turn.at


def work(ticket: Ticket) -> Iterator[Work]:
    """All that somebody has to do of a matter now."""
    yield from _handling(ticket)
    yield from _reviewing_plan(ticket)
    if ticket.state in GIVING_OUT:
        office, kind = GIVING_OUT[ticket.state]
        yield office, DueWork(kind=kind, rank=URGENT if ticket.urgent else IN_TURN, at=_due(ticket))
    yield from _reviewing(ticket)
    if ticket.state is TicketState.AWAITING_EVALUATION and (since := _to_be_called_since(ticket)):
        yield CLERK, DueWork(kind="look_back", rank=IN_TURN, at=since)
    if ticket.unheard:
        yield CLERK, DueWork(kind="delivery", rank=IN_TURN, at=min(each.since for each in ticket.unheard))


def _handling(ticket: Ticket) -> Iterator[Work]:
    kind = OF_THE_UNIT.get(ticket.state)
    if kind is None or not ticket.unit:
        return
    is_idle = not _happened(ticket, ACTS, since=HANDED_OUT)
    kind = _first_of_all(ticket) or kind
    if not _rests(ticket):
        yield UNIT, DueWork(kind=kind, rank=URGENT if ticket.urgent and is_idle else IN_TURN, at=_due(ticket))
    for standing in filter(_waits, ticket.orders):
        if standing.unit in (ticket.unit, ticket.lead_unit):
            office = UNIT if standing.unit == ticket.unit else LEAD
            yield office, DueWork(kind="answer_order", rank=ORDERED, at=standing.answer_by)


def _first_of_all(ticket: Ticket) -> str:
    """What the unit has to do before it works on: to speak to the reporters, to make a plan."""
    kinds = {clock.kind for clock in ticket.clocks}
    if OF_A_CONTACT in kinds:
        return "contact"
    return "plan" if OF_A_PLAN in kinds else ""


def _rests(ticket: Ticket) -> bool:
    """Whether its plan is with a reviewer, and no clock of its unit runs."""
    return bool(ticket.clocks) and all(clock.kind == OF_A_REVIEWER for clock in ticket.clocks)


def _reviewing_plan(ticket: Ticket) -> Iterator[Work]:
    for clock in (each for each in ticket.clocks if each.kind == OF_A_REVIEWER):
        office = SUPERVISION if is_supervision(clock.unit) else LEAD
        own = clock.unit if office == LEAD else ""
        yield office, DueWork(kind="review_plan", rank=IN_TURN, at=clock.due, unit=own)


def _reviewing(ticket: Ticket) -> Iterator[Work]:
    """The levels whose turn it is. A lead unit that reviews its own work is looked at by supervision."""
    if ticket.state is not TicketState.UNDER_REVIEW:
        return
    passed = [nth for nth, each in enumerate(ticket.chain) if each.passed]
    rank = URGENT if ticket.urgent else IN_TURN
    for nth in chains.open_levels([each.together for each in ticket.chain], passed):
        level = ticket.chain[nth]
        office = SUPERVISION if is_supervision(level.reviewer) else OF_THE_LEVEL.get(level.kind, "")
        own = level.reviewer if office == LEAD else ""
        if office:
            yield office, DueWork(kind=REVIEW, rank=rank, at=_review_by(ticket, level), unit=own)


def _review_by(ticket: Ticket, level: ShownLevel) -> datetime:
    """What the clock of the level says; inside the unit there is none but that of the work."""
    own = (clock.due for clock in ticket.clocks if clock.kind == REVIEW_BY and clock.unit == level.reviewer)
    return min(own, default=_due(ticket))


def _waits(given: Order) -> bool:
    """Whether it has items that nobody has answered: work on the matter is no answer."""
    return given.stands and len(given.answered) < len(given.items_zh)


def _happened(ticket: Ticket, kinds: tuple[str, ...], since: tuple[str, ...]) -> bool:
    """Whether one of the steps was taken after the last of those in ``since``."""
    for step in reversed(ticket.history):
        if step.kind in kinds or step.kind in since:
            return step.kind in kinds
    return False


def _due(ticket: Ticket) -> datetime:
    """What the clocks say; without one, when what is held back is looked at again, or since it came here."""
    theirs = (clock.due for clock in ticket.clocks if clock.kind != OF_A_REVIEWER)
    return min(theirs, default=ticket.held_until or ticket.changed_at)


def _to_be_called_since(ticket: Ticket) -> datetime | None:
    """When it turned out that the filer stays silent in this round, and nobody has called yet."""
    for step in reversed(ticket.history):
        if step.kind in ("completed", "look_back", "look_back_due"):
            return step.at if step.kind == "look_back_due" else None
    return None
