"""The portal's ticket documents: one suite on the in-memory adapter and on MongoDB."""

import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.identifiers import number_of
from contracts.lifecycle import TicketState
from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.portal import wiring
from services.portal.reading.adapters import mongo_day
from services.portal.reading.adapters.memory import ClearWords, InMemoryTickets
from services.portal.reading.adapters.mongo import MongoTickets
from services.portal.reading.board import brief as day_brief
from services.portal.reading.board import counters, day, selection
from services.portal.reading.board.board import Today
from services.portal.reading.board.day import DaySpan
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.ports import Tickets
from services.portal.reading.search import cursors, filters, queries
from services.portal.reading.search.filters import EVERYTHING, Filters, TicketScope
from services.portal.reading.ticket import steps, work
from services.portal.reading.ticket.document import (
    ACCEPTING,
    WORKING,
    DueWork,
    SaidWords,
    Step,
    Ticket,
    VoterCode,
    brief,
)
from services.portal.reading.ticket.fold.folding import stored
from services.portal.reading.ticket.snapshot import snapshot_of
from tests.facts.values import OTHER, UNIT
from tests.stack import Stack
from tests.unit.portal.folding import folded_by_the_loop
from tests.unit.portal.test_queries import FILTERS, SCOPES, of_an_earlier_build
from tests.unit.portal.tickets import NOON, TICKET, a_clock, a_ticket, instants, tickets

PORTAL = wiring.build(ClearWords())


@dataclass
class StoredTickets:
    """Documents written as the loop does and read through the port."""

    tickets: Tickets
    store: Store[Ticket]
    versions: dict[str, int]

    async def put(self, *kept: Ticket, partition: int = 0) -> None:
        records = [Record(each.id, partition, each, self.versions.get(each.id, 0)) for each in kept]
        assert await self.store.save(records) == set()
        self.versions |= {each.id: self.versions.get(each.id, 0) + 1 for each in kept}


@pytest.fixture(scope="module", params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def mongo(request: pytest.FixtureRequest) -> AsyncIterator[Mongo | None]:
    """A database of its own, or None in memory."""
    if request.param == "memory":
        yield None
        return
    stack: Stack = request.getfixturevalue("stack")
    client = Mongo(stack.mongodb_uri, f"t{uuid.uuid4().hex[:10]}")
    yield client
    await client.client.drop_database(client.database("portal").name)
    await client.close()


@pytest.fixture
async def shelf(mongo: Mongo | None) -> StoredTickets:
    if mongo is None:
        memory: InMemoryStore[Ticket] = InMemoryStore()
        return StoredTickets(InMemoryTickets(memory), memory, {})
    database = mongo.database("portal")
    await database["tickets"].delete_many({})
    real = MongoTickets(database)
    await real.create_indexes()
    return StoredTickets(real, MongoStore(database, PORTAL, Clock(), omit=PORTAL.omit_defaults), {})


def numbered(found: Sequence[Ticket]) -> list[Ticket]:
    """The tickets with an id and a number each."""
    ids = [f"{at:012d}" + TICKET[12:] for at in range(len(found))]
    return [replace(each, id=id_, number=number_of(id_, "431226")) for each, id_ in zip(found, ids, strict=True)]


async def test_a_ticket_is_found_by_its_number_and_comes_back_whole(shelf: StoredTickets) -> None:
    whole = await folded_by_the_loop(twice=False)
    ticket = replace(whole, id=TICKET, number=number_of(TICKET, "431226"))
    await shelf.put(ticket, *numbered([a_ticket()]))
    assert await shelf.tickets.by_number(ticket.number) == ticket
    assert await shelf.tickets.by_number(number_of(TICKET, "430102")) is None


async def test_lists_show_the_newest_change_first_page_by_page(shelf: StoredTickets) -> None:
    kept = numbered([a_ticket(changed_at=NOON + timedelta(minutes=at)) for at in range(5)])
    await shelf.put(*kept)
    first = await shelf.tickets.find(Filters(), EVERYTHING, NOON, skip=0, limit=2)
    second = await shelf.tickets.find(Filters(), EVERYTHING, NOON, skip=2, limit=2)
    assert (first.total, [*first.tickets, *second.tickets]) == (5, [kept[4], kept[3], kept[2], kept[1]])


async def test_the_pages_behind_and_before_a_cursor_repeat_no_row_while_matters_come(shelf: StoredTickets) -> None:
    kept = numbered([a_ticket(changed_at=NOON + timedelta(minutes=at // 2)) for at in range(8)])
    await shelf.put(*kept[:6])
    first = await shelf.tickets.find(Filters(), EVERYTHING, NOON, limit=4)
    await shelf.put(*kept[6:])
    end, begin = cursors.at(first.tickets[-1]), cursors.at(first.tickets[0])
    behind = await shelf.tickets.find(Filters(), EVERYTHING, NOON, limit=4, after=end)
    before = await shelf.tickets.find(Filters(), EVERYTHING, NOON, limit=1, before=begin)
    assert [*first.tickets, *behind.tickets] == [kept[4], kept[5], kept[2], kept[3], kept[0], kept[1]]
    assert before.tickets == (kept[7],)
    assert (first.more, behind.more, before.more, behind.total) == (True, False, True, 8)


async def test_what_is_public_of_a_partition_comes_in_the_order_of_its_ids_page_by_page(shelf: StoredTickets) -> None:
    more = {"clocks": (a_clock(NOON),), "unit": UNIT, "category": "URB.06", "round": 1, "hops": 2, "content": "停水"}
    kept = numbered([a_ticket(state=TicketState.ASSIGNED, **more), a_ticket(erased=True), a_ticket(), a_ticket()])
    await shelf.put(*kept[:3])
    await shelf.put(kept[3], partition=1)
    first = await shelf.tickets.of_partition(0, "", 2)
    second = await shelf.tickets.of_partition(0, first[-1].id, 2)
    assert [each.id for each in (*first, *second)] == [each.id for each in kept[:3]]
    assert [snapshot_of(each) for each in (*first, *second)] == [snapshot_of(each) for each in kept[:3]]
    assert await shelf.tickets.of_partition(0, second[-1].id, 2) in ([], ())


async def test_lists_do_not_carry_what_is_long(shelf: StoredTickets) -> None:
    long = {"content": "水" * 20_000, "place": "锦江路12号", "latitude": 27.5, "category_said": "供水"}
    part = VoterCode(index=64, digest="d", part=True, words="另一份" * 5_000)
    story = (Step(at=NOON, kind="progress", said=SaidWords(words="已派工" * 5_000)),)
    (kept,) = numbered([a_ticket(title="停水", history=story, voters=(part,), **long)])
    await shelf.put(kept)
    listed = (await shelf.tickets.find(Filters(), EVERYTHING, NOON, skip=0, limit=9)).tickets
    assert listed == (brief(kept),)
    assert (await shelf.tickets.look(EVERYTHING, NOON)).tickets == (brief(kept),)
    assert (listed[0].title, listed[0].masked, listed[0].history, listed[0].content) == ("停水", kept.masked, (), "")
    assert await shelf.tickets.by_number(kept.number) == kept


@pytest.mark.parametrize("office", work.OFFICES)
async def test_an_inbox_is_in_the_order_of_the_desk_and_read_from_its_index(
    shelf: StoredTickets, mongo: Mongo | None, office: str
) -> None:
    many = tuple((2, 100 + nth) for nth in range(95))  # few are sorted as fast as they are read in order
    ranks, field = ((2, 0), (1, 5), (2, -3), (0, 9), (1, 1), *many), work.field_of(office)
    turns = [DueWork(kind="handle", rank=rank, at=NOON + timedelta(hours=hours)) for rank, hours in ranks]
    kept = numbered([a_ticket(unit=UNIT, **{field: turn}) for turn in (*turns, None)])
    stranger = replace(a_ticket(unit=OTHER, division="430102", **{field: turns[0]}), id="Z" * 26)
    await shelf.put(*kept, stranger)
    scope = TicketScope(division="4312", unit=UNIT if office in work.OF_A_UNIT else None)
    first = await shelf.tickets.inbox(office, scope, unit=UNIT, limit=3)
    rest = await shelf.tickets.inbox(office, scope, unit=UNIT, limit=97, skip=3)
    assert (*first.tickets, *rest.tickets) == tuple(kept[nth] for nth in (3, 4, 1, 2, 0, *range(5, 100)))
    assert (first.more, rest.more) == (True, False)
    if mongo is not None:
        found = mongo.database("portal")["tickets"].find(queries.inbox(office, scope, UNIT))
        found = found.sort(queries.in_turn(office))
        keys, _ = queries.inbox_index(office)
        plan = str((await found.limit(4).hint(keys).explain())["queryPlanner"]["winningPlan"])
        assert ("COLLSCAN" in plan, "'SORT'" in plan, f"{field}.rank" in plan) == (False, False, True)


async def test_work_of_one_lead_unit_is_in_no_other_inbox(shelf: StoredTickets) -> None:
    turns = [
        DueWork(kind="review", rank=2, at=NOON + timedelta(hours=nth), unit=unit) for nth, unit in enumerate(("", UNIT))
    ]
    anybodys, own = kept = numbered([a_ticket(due_lead=turn) for turn in turns])
    await shelf.put(*kept)
    for unit, seen in ((UNIT, (anybodys, own)), (OTHER, (anybodys,)), ("", (anybodys,))):
        found = await shelf.tickets.inbox(work.LEAD, EVERYTHING, unit=unit, limit=9)
        assert [each.id for each in found.tickets] == [each.id for each in seen], unit


async def test_an_empty_shelf_counts_nothing(shelf: StoredTickets) -> None:
    assert await shelf.tickets.look(EVERYTHING, NOON) == BoardSelection(census=(), today=Today(), tickets=())
    assert await shelf.tickets.ready()


async def test_the_public_counters_are_answered_from_an_index_alone(shelf: StoredTickets, mongo: Mongo | None) -> None:
    await shelf.put(
        *numbered([a_ticket(), a_ticket(state=TicketState.STRUCK_OFF), a_ticket(state=TicketState.INVALID)])
    )
    scope = TicketScope(division="4312")
    assert counters.counted((await shelf.tickets.look(scope, NOON)).census).valid == 2
    if mongo is not None:
        for pipeline in (queries.counting(scope, NOON), queries.ended(scope, NOON)):
            asked = {"aggregate": "tickets", "pipeline": pipeline, "cursor": {}}
            told = str(await mongo.database("portal").command("explain", asked, verbosity="executionStats"))
            assert "'totalDocsExamined': 0" in told


async def test_a_look_finds_the_worst_the_newest_and_the_flagged(shelf: StoredTickets) -> None:
    kept = numbered(list(crowd()))
    await shelf.put(*kept)
    found = await shelf.tickets.look(TicketScope(division="4312"), NOON)
    newest = sorted(kept, key=lambda each: each.changed_at, reverse=True)
    wanted = selection.seen([each for each in newest if each.division.startswith("4312")], NOON)
    assert {each.id for each in found.tickets} == {each.id for each in wanted.tickets}
    assert selection.lay(found, NOON) == selection.lay(wanted, NOON)
    assert len(found.tickets) < len(kept)


def crowd() -> Iterator[Ticket]:
    """Of each state a dozen inside the division and one outside, no two alike in time."""
    minute = timedelta(minutes=1)
    for at, (state, nth) in enumerate(product(TicketState, range(13))):
        ends, place = NOON + (nth * 7 % 13 - 6) * 60 * minute + at * minute, "431226" if nth else "4301"
        clocks = (a_clock(ends),) if state in (*ACCEPTING, *WORKING) else ()
        flags = {"urgent": nth == 5, "ordered": nth == 6, "division": place}
        due = {"accept_by": ends if state in ACCEPTING else None, "complete_by": ends if state in WORKING else None}
        changed = {"changed_at": NOON - at * minute, "registered_at": NOON - at * minute}
        struck = {"struck_off_at": NOON - nth * 60 * minute if state is TicketState.STRUCK_OFF else None}
        yield a_ticket(state=state, clocks=clocks, **flags, **due, **changed, **struck)


@pytest.mark.timeout(120)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    found=st.lists(tickets() | tickets().map(of_an_earlier_build), max_size=12),
    asked=st.lists(FILTERS, min_size=6, max_size=6),
    scope=SCOPES,
    now=instants(),
)
async def test_the_store_means_what_the_predicate_means(
    shelf: StoredTickets, found: list[Ticket], asked: list[Filters], scope: TicketScope, now: datetime
) -> None:
    kept = numbered(found + [a_ticket()] * (12 - len(found)))
    await shelf.put(*kept)
    for each in asked:
        wanted = {ticket.id for ticket in kept if filters.matches(ticket, each, scope, now)}
        listed = await shelf.tickets.find(each, scope, now, skip=0, limit=50)
        assert ({ticket.id for ticket in listed.tickets}, listed.total) == (wanted, len(wanted))
    seen = [ticket for ticket in kept if filters.in_scope(ticket, scope)]
    look, wanted_look = await shelf.tickets.look(scope, now), selection.seen(seen, now)
    assert set(look.census) == set(wanted_look.census)
    assert look.today == wanted_look.today


SPAN = DaySpan(NOON.date())


def with_a_story(ticket: Ticket) -> Ticket:
    """It was handed out when it was registered, and accepted when it changed last."""
    assigned, accepted = steps.AssignedStep(hop=1), steps.AcceptedStep(promise_zh="", promise_en="")
    story = (stored(assigned, ticket.registered_at, unit_zh="水利局"), stored(accepted, ticket.changed_at))
    return replace(ticket, history=story, unit_zh="住建局" if ticket.unit else "")


def spread(ticket: Ticket) -> Ticket:
    """Its instants, which lie within hours of noon, over days; nothing changes before it is registered."""

    def over(at: datetime) -> datetime:
        return NOON + (at - NOON) * 12

    registered, changed = over(ticket.registered_at), over(ticket.changed_at)
    struck = changed if ticket.state is TicketState.STRUCK_OFF else None
    return replace(ticket, registered_at=registered, changed_at=max(registered, changed), struck_off_at=struck)


@pytest.mark.timeout(120)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    found=st.lists(tickets().map(spread).map(with_a_story), max_size=12), scope=SCOPES, digits=st.sampled_from((6, 12))
)
async def test_a_day_is_what_the_pure_rule_finds(
    shelf: StoredTickets, found: list[Ticket], scope: TicketScope, digits: int
) -> None:
    kept = numbered(found + [a_ticket()] * (12 - len(found)))
    await shelf.put(*kept)
    seen = day.seen([ticket for ticket in kept if filters.in_scope(ticket, scope)], SPAN, digits)
    told = await shelf.tickets.day(scope, SPAN, digits=digits)
    assert day_brief.made(SPAN, told) == day_brief.made(SPAN, seen)


async def test_a_day_after_which_too_many_moved_has_no_counters(
    shelf: StoredTickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (day, mongo_day):
        monkeypatch.setattr(module, "MOVED_AT_MOST", 1)
    await shelf.put(*numbered([a_ticket()] * 2))
    told = await shelf.tickets.day(EVERYTHING, SPAN, digits=6)
    assert (told.ended, told.begun, told.flow.registered) == (None, None, 2)
