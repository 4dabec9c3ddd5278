"""The public state of a ticket, as the topic ``ticket-snapshots`` has it: no history, and no word of anybody."""

from contracts.lifecycle import TicketState
from contracts.snapshots import SnapshotClock, TicketSnapshot, counting
from contracts.vocabulary import county_of
from services.portal.reading.ticket.document import Ticket

UNPLACED = (TicketState.INVALID, TicketState.REGISTERED)
"""Where nobody has decided yet in which division the matter lies: it is its door's."""


def snapshot_of(ticket: Ticket) -> TicketSnapshot | None:
    """None: it was erased, and nothing is said of it any more."""
    if ticket.erased:
        return None
    clocks = (SnapshotClock(clock=each.id, kind=each.kind, unit=each.unit, due=each.due) for each in ticket.clocks)
    return TicketSnapshot(
        number=ticket.number,
        state=ticket.state.value,
        division=county_of(ticket.door if ticket.state in UNPLACED else ticket.division),
        category=ticket.category,
        unit=ticket.unit,
        clocks=counting(clocks, ticket.state),
        round=ticket.round,
        hops=ticket.hops,
        returns=ticket.returns,
        reworks=ticket.reworks,
    )
