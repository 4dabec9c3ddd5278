"""The MongoDB filter and the pure predicate mean the same, for any ticket, filters and scope."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.reading.search import filters as domain_filters
from services.portal.reading.search import queries
from services.portal.reading.search.filters import NOTHING, Filters, TicketScope
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.lights import Light
from tests.unit.portal.mongo_filter import accepts
from tests.unit.portal.tickets import DIVISIONS, LEADS, UNITS, a_ticket, instants, tickets

MAYBE = st.none() | st.booleans()
FILTERS = st.builds(
    Filters,
    states=st.lists(st.sampled_from(TicketState), max_size=2).map(tuple),
    lights=st.lists(st.sampled_from(Light), max_size=2).map(tuple),
    counter=st.none() | st.sampled_from(OfficialCounter),
    division=st.sampled_from(("", "", "43", "4312", "431226")),
    unit=st.sampled_from(UNITS),
    lead_unit=st.sampled_from(LEADS),
    category=st.sampled_from(("", "", "01", "0101")),
    channel=st.sampled_from(("", "", "web")),
    urgent=MAYBE,
    collective=MAYBE,
    overdue=MAYBE,
    reworked=MAYBE,
    returned=MAYBE,
    ordered=MAYBE,
    registered_from=st.none() | instants(),
    registered_to=st.none() | instants(),
    changed_from=st.none() | instants(),
    text=st.sampled_from(("", "", "", "路灯", ".", "(c", "断水")),
)
SCOPES = st.builds(
    TicketScope,
    division=st.sampled_from(("", *DIVISIONS)),
    unit=st.none() | st.sampled_from(UNITS),
    lead_unit=st.none() | st.sampled_from(LEADS),
    invalid_too=st.booleans(),
    nothing=st.booleans(),
)


def stored(ticket: Ticket) -> dict[str, Any]:
    """The ticket as the database holds it: plain values, lists for tuples."""
    document = asdict(ticket)
    return {"doc": document | {"state": ticket.state.value, "clocks": list(document["clocks"])}}


@settings(max_examples=600)
@given(tickets(), FILTERS, SCOPES, instants())
def test_the_query_and_the_predicate_agree(ticket: Ticket, asked: Filters, scope: TicketScope, now: datetime) -> None:
    wanted = domain_filters.matches(ticket, asked, scope, now)
    assert accepts(queries.find(asked, scope, now), stored(ticket)) == wanted


@settings(max_examples=300)
@given(tickets(), st.sampled_from([each.name for each in fields(Filters)]), st.data(), instants())
def test_each_filter_alone_agrees_too(ticket: Ticket, name: str, data: st.DataObject, now: datetime) -> None:
    asked = Filters(**{name: getattr(data.draw(FILTERS), name)})
    wanted = domain_filters.matches(ticket, asked, TicketScope(), now)
    assert accepts(queries.find(asked, TicketScope(), now), stored(ticket)) == wanted


@given(tickets(), FILTERS, instants())
def test_nobody_without_a_scope_sees_anything(ticket: Ticket, asked: Filters, now: datetime) -> None:
    assert not domain_filters.matches(ticket, asked, NOTHING, now)
    assert not accepts(queries.find(asked, NOTHING, now), stored(ticket))


def test_a_text_is_searched_literally() -> None:
    query = queries.find(Filters(text=".*"), TicketScope(), a_ticket().registered_at)
    assert not accepts(query, stored(a_ticket(title="路灯不亮")))
    assert accepts(query, stored(a_ticket(title="写着 .* 的牌子")))


def test_there_are_at_least_ten_filters() -> None:
    assert len(fields(Filters)) >= 10
