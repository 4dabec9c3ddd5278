"""The MongoDB filter and the pure predicate mean the same, for any ticket, filters and scope."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.reading.api import answers, fields
from services.portal.reading.search import filters as domain_filters
from services.portal.reading.search import kinds, queries
from services.portal.reading.search.filters import NOTHING, Filter, Filters, TicketScope
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.lights import Light
from tests.unit.portal.mongo_filter import accepts
from tests.unit.portal.tickets import DIVISIONS, LEADS, UNITS, a_ticket, instants, tickets

CODES = (
    "43",
    "4312",
    "431226",
    "URB",
    "URB.06",
    *UNITS,
    *LEADS,
    "web",
    "county",
    "路灯",
    ".",
    "(c",
    "断水",
    "三天 路灯",
    "路燈，不亮",
    "Ａ.Ｂ",
    "锦江",
    "\u200b",
)
WANTED: Mapping[type, st.SearchStrategy[Any]] = {
    str: st.sampled_from(CODES),
    bool: st.booleans(),
    datetime: instants(),
    **{code: st.sampled_from(list(code)) for code in (TicketState, Light, OfficialCounter)},
}


def wanted(row: Filter) -> st.SearchStrategy[Any]:
    """What may be asked of a filter."""
    one = WANTED[row.kind.value]
    return st.lists(one, max_size=2).map(tuple) if row.kind.many else one


FILTERS = st.sets(st.sampled_from(sorted(domain_filters.FILTERS)), max_size=4).flatmap(
    lambda names: st.fixed_dictionaries({name: wanted(domain_filters.FILTERS[name]) for name in names}).map(
        lambda asked: Filters(**asked)
    )
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


def of_an_earlier_build(ticket: Ticket) -> Ticket:
    """The ticket as it was written before the search had a field of its own."""
    return replace(ticket, searched="")


@settings(max_examples=600)
@given(tickets() | tickets().map(of_an_earlier_build), FILTERS, SCOPES, instants())
def test_the_query_and_the_predicate_agree(ticket: Ticket, asked: Filters, scope: TicketScope, now: datetime) -> None:
    found = domain_filters.matches(ticket, asked, scope, now)
    assert accepts(queries.find(asked, scope, now), stored(ticket)) == found


@settings(max_examples=600)
@given(tickets(), st.sampled_from(list(domain_filters.FILTERS.values())), st.data(), instants())
def test_each_filter_alone_agrees_too(ticket: Ticket, row: Filter, data: st.DataObject, now: datetime) -> None:
    asked = Filters(**{row.name: data.draw(wanted(row))})
    found = domain_filters.matches(ticket, asked, TicketScope(), now)
    assert accepts(queries.find(asked, TicketScope(), now), stored(ticket)) == found


@given(tickets(), FILTERS, instants())
def test_nobody_without_a_scope_sees_anything(ticket: Ticket, asked: Filters, now: datetime) -> None:
    assert not domain_filters.matches(ticket, asked, NOTHING, now)
    assert not accepts(queries.find(asked, NOTHING, now), stored(ticket))


def test_a_text_is_searched_literally() -> None:
    query = queries.find(Filters(text=".*"), TicketScope(), a_ticket().registered_at)
    assert not accepts(query, stored(a_ticket(title="路灯不亮")))
    assert accepts(query, stored(a_ticket(title="写着 .* 的牌子")))


def test_a_row_is_all_that_a_filter_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Filter("hopped", kinds.HAPPENED, ("转办过", "Was passed on"), public=True, of="hops")
    monkeypatch.setitem(domain_filters.FILTERS, row.name, row)
    asked, model = Filters(hopped=True), fields.model("Planted", [row])
    ticket, moved = a_ticket(), a_ticket(hops=1)
    for scope, each, found in ((TicketScope(), ticket, False), (TicketScope(), moved, True)):
        assert domain_filters.matches(each, asked, scope, each.changed_at) == found
        assert accepts(queries.find(asked, scope, each.changed_at), stored(each)) == found
    assert model(hopped="true").hopped is True
    (shown,) = answers.form([row], asked)
    assert (shown["name"], shown["control"], shown["zh"], shown["chosen"]) == ("hopped", "tick", "转办过", ["true"])


def test_a_form_offers_chooses_ticks_or_takes_what_is_typed() -> None:
    controls = {each["name"]: each["control"] for each in answers.form(domain_filters.FILTERS.values(), Filters())}
    assert [controls[name] for name in ("state", "urgent", "returned", "number")] == ["choice", "tick", "tick", "text"]


def test_a_filter_that_is_no_row_is_refused() -> None:
    with pytest.raises(TypeError, match="no such filter: colour"):
        Filters(colour="red")


def test_whatever_looks_at_words_or_people_is_not_public() -> None:
    assert {row.name for row in domain_filters.FILTERS.values() if row.public} == {
        "counter", "light", "overdue", "urgent", "collective", "ordered", "reworked",
    }  # fmt: skip
