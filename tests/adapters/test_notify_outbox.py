"""Notify's outbox: one suite in memory and on MongoDB. What may go, attempts written down once, what nobody knows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest

from contracts.topics import partition_of
from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.notify.adapters.memory import InMemoryOutbox
from services.notify.adapters.mongo import MongoOutbox
from services.notify.domain.burden import Burden, BurdenAsked
from services.notify.domain.deliveries import Report, TicketDeliveries
from services.notify.domain.notes import Note, plan
from services.notify.domain.office_hours import Office
from services.notify.ports import Attempt, JournalEntry, Outbox, SentLetter
from services.notify.wiring import build
from tests.harness import MONDAY
from tests.stack import Stack

PARTITION = 3
ALL = range(64)


@dataclass
class StoredDeliveries:
    """Posts written as the loop does and read through the port."""

    outbox: Outbox
    store: Store[TicketDeliveries]

    async def put(self, ticket: str, post: TicketDeliveries) -> None:
        assert await self.store.save([Record(ticket, PARTITION, post)]) == set()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredDeliveries]:
    if request.param == "memory":
        store: InMemoryStore[TicketDeliveries] = InMemoryStore()
        yield StoredDeliveries(InMemoryOutbox(store), store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-notify-outbox")
    database = mongo.database("notify")
    await mongo.client.drop_database(database.name)
    outbox = MongoOutbox(database)
    await outbox.create_indexes()
    yield StoredDeliveries(outbox, MongoStore(database, build(), Clock()))
    await mongo.client.drop_database(database.name)
    await mongo.close()


def a_post(ticket: str, *kinds: str, division: str = "431226", hours: int = 0) -> TicketDeliveries:
    """A post with deliveries planned for so many hours after Monday's opening."""
    at = MONDAY + timedelta(hours=hours)
    notes = [Note("reporter", kind, urgent=True, values=(("order", "甲"),)) for kind in kinds]
    planned = [each for note in notes for each in plan(ticket, note, at, Office())]
    return TicketDeliveries(number=f"number of {ticket}", division=division).with_planned(planned)


async def test_what_may_go_is_found_and_what_waits_is_not(shelf: StoredDeliveries) -> None:
    now, later = a_post("A", "registered", "assigned"), a_post("B", "registered", hours=5)
    await shelf.put("A", now)
    await shelf.put("B", later)
    await shelf.put("C", TicketDeliveries(number="nothing planned"))
    (found,) = await shelf.outbox.waiting(["C", "B", "A", "unknown"], MONDAY)
    assert (found.ticket, found.number, found.deliveries) == ("A", now.number, now.items)
    assert found.place == (MONDAY, "A")
    assert await shelf.outbox.waiting([], MONDAY) == []


async def test_tickets_stand_in_a_row_by_when_they_may_go(shelf: StoredDeliveries) -> None:
    await shelf.put("B", a_post("B", "registered"))
    await shelf.put("A", a_post("A", "registered", hours=5))
    await shelf.put("C", a_post("C", "registered"))
    noon = MONDAY + timedelta(hours=5)
    assert await shelf.outbox.due(MONDAY, ALL, 10) == [(MONDAY, "B"), (MONDAY, "C")]
    assert await shelf.outbox.due(noon, ALL, 10) == [(MONDAY, "B"), (MONDAY, "C"), (noon, "A")]
    assert await shelf.outbox.due(noon, ALL, 1) == [(MONDAY, "B")]
    assert await shelf.outbox.due(noon, ALL, 10, after=(MONDAY, "B")) == [(MONDAY, "C"), (noon, "A")]
    assert await shelf.outbox.due(noon, [PARTITION + 1], 10) == []


def waits(ticket: str, *accounts: str, hours: int = 0) -> TicketDeliveries:
    """A post with a delivery to each of these accounts that waits for a digest."""
    at, office = MONDAY + timedelta(hours=hours), Office(slots=(time(9), time(14)))
    notes = [Note("unit", "assigned", to=account) for account in accounts]
    planned = [each for note in notes for each in plan(ticket, note, at, office)]
    return TicketDeliveries(number=f"number of {ticket}", division="431226").with_planned(planned)


async def test_accounts_whose_digest_is_due_are_found_by_their_partition(shelf: StoredDeliveries) -> None:
    await shelf.put("A", waits("A", "431226-JT", "431226-JY"))
    await shelf.put("B", waits("B", "431226-JT"))
    await shelf.put("C", waits("C", "431226-GA", hours=2))
    noon, jt = MONDAY + timedelta(hours=5), partition_of("431226-JT")
    assert await shelf.outbox.due(noon, ALL, 10) == [], "nothing of it goes alone"
    assert await shelf.outbox.digests(MONDAY, ALL, (), 10) == ["431226-JT", "431226-JY"]
    assert await shelf.outbox.digests(noon, ALL, (), 10) == ["431226-GA", "431226-JT", "431226-JY"]
    assert await shelf.outbox.digests(noon, ALL, ["431226-JT"], 1) == ["431226-GA"]
    assert await shelf.outbox.digests(noon, [jt], (), 10) == ["431226-JT"]
    assert await shelf.outbox.digests(noon, [each for each in ALL if each != jt], (), 10) == ["431226-GA", "431226-JY"]


async def test_what_is_due_for_an_account_is_found_over_all_tickets(shelf: StoredDeliveries) -> None:
    sent = waits("D", "431226-JT")
    await shelf.put("D", sent.with_reports({sent.items[0].ref: Report("sent", "sms")}))
    for ticket, accounts, hours in (
        ("B", ["431226-JT"], 0),
        ("A", ["431226-JT", "431226-JY"], 0),
        ("C", ["431226-JT"], 2),
    ):
        await shelf.put(ticket, waits(ticket, *accounts, hours=hours))
    found = await shelf.outbox.due_for("431226-JT", MONDAY, 10)
    assert [(each.ticket, [item.to for item in each.deliveries]) for each in found] == [
        ("A", ["431226-JT"]),
        ("B", ["431226-JT"]),
    ]
    assert len(await shelf.outbox.due_for("431226-JT", MONDAY + timedelta(hours=5), 10)) == 3
    assert len(await shelf.outbox.due_for("431226-JT", MONDAY, 1)) == 1


async def test_what_was_settled_does_not_go_again(shelf: StoredDeliveries) -> None:
    post = a_post("A", "registered", "assigned")
    await shelf.put("A", post.with_reports({post.items[0].ref: Report("sent", "sms")}))
    (found,) = await shelf.outbox.waiting(["A"], MONDAY)
    assert [each.kind for each in found.deliveries] == ["assigned"]


def entries(*names: str, letter: str = "l") -> list[JournalEntry]:
    return [JournalEntry(name, letter, "T") for name in names]


async def test_an_attempt_is_written_down_once_with_its_letter(shelf: StoredDeliveries) -> None:
    assert await shelf.outbox.attempt(entries("r1", "r2"), MONDAY) == set()
    later = MONDAY + timedelta(minutes=1)
    assert await shelf.outbox.attempt(entries("r2", "r3", letter="m"), later) == {"r2"}
    found = await shelf.outbox.attempted(["r1", "r2", "r3", "r4"])
    first = Attempt(MONDAY, letter="l")
    assert found == {"r1": first, "r2": first, "r3": Attempt(later, letter="m")}


async def test_the_journal_keeps_an_outcome_that_the_log_did_not_take(shelf: StoredDeliveries) -> None:
    await shelf.outbox.attempt(entries("r1"), MONDAY)
    await shelf.outbox.record({"r1": ("sent", "email"), "never attempted": ("sent", "sms")})
    assert await shelf.outbox.attempted(["r1", "never attempted"]) == {"r1": Attempt(MONDAY, "sent", "email", "l")}


async def test_a_withdrawn_attempt_may_be_made_again(shelf: StoredDeliveries) -> None:
    await shelf.outbox.attempt(entries("r1", "r2"), MONDAY)
    await shelf.outbox.withdraw(entries("r1"))
    await shelf.outbox.withdraw([])
    assert await shelf.outbox.attempt(entries("r1", "r2"), MONDAY) == {"r2"}


async def test_what_is_in_another_letter_by_now_is_not_withdrawn(shelf: StoredDeliveries) -> None:
    await shelf.outbox.attempt(entries("r1", letter="of another process"), MONDAY)
    await shelf.outbox.withdraw(entries("r1"))
    assert await shelf.outbox.attempt(entries("r1"), MONDAY) == {"r1"}


async def test_a_letter_is_found_by_its_reference_once_however_often_it_went(shelf: StoredDeliveries) -> None:
    await shelf.outbox.attempt([*entries("r1", "r2", "r1#1", "r2#1"), *entries("r3", letter="m")], MONDAY)
    (found,) = await shelf.outbox.letters({"l", "of nobody"})
    assert found == SentLetter("l", "T", ("r1", "r2"))


async def test_three_strangers_an_hour_are_named_from_a_network(shelf: StoredDeliveries) -> None:
    later = MONDAY + timedelta(hours=1)
    asked = [("n", "a", MONDAY), ("n", "b", MONDAY), ("n", "c", MONDAY), ("n", "d", MONDAY), ("n", "b", MONDAY)]
    asked += [("m", "d", MONDAY), ("n", "d", later)]
    found = [await shelf.outbox.may_name(*each) for each in asked]
    assert found == [True, True, True, False, True, True, True]


async def test_a_place_of_the_day_is_taken_once_and_may_be_given_back(shelf: StoredDeliveries) -> None:
    day, other = ["JT/1/0", "JT/1/1"], ["JT/2/0"]
    asked = [(day, "a"), (day, "b"), (day, "c"), (day, "b"), (other, "c"), ([], "d")]
    assert [await shelf.outbox.take_place(*each, MONDAY) for each in asked] == [True, True, False, True, True, False]
    await shelf.outbox.give_places_back(["a", "of nobody"])
    assert await shelf.outbox.take_place(day, "d", MONDAY)
    assert not await shelf.outbox.take_place(day, "e", MONDAY)


async def test_what_staff_were_told_is_counted_by_account_cause_and_kind(shelf: StoredDeliveries) -> None:
    evening, asked = MONDAY + timedelta(hours=12), BurdenAsked("431226", MONDAY, MONDAY + timedelta(days=1))
    await shelf.put("A", told_of("A", ("UB", "SUP", "order"), ("UB", "", "light_red"), at=MONDAY))
    await shelf.put("B", told_of("B", ("UB", "SUP", "order"), ("JT", "LEAD", "assigned"), at=evening, outside=True))
    await shelf.put("C", told_of("C", ("UB", "SUP", "order"), at=asked.until))
    await shelf.put("D", told_of("D", ("UB", "SUP", "order"), at=MONDAY, division="431225"))
    await shelf.put("E", a_post("E", "registered"))
    counts = {by: await shelf.outbox.burden(asked, by, 9) for by in ("", "account", "cause", "kind")}
    assert counts == {
        "": [Burden("", 3, 4, 2, 4)],
        "account": [Burden("UB", 2, 3, 1, 3), Burden("JT", 1, 1, 1, 1)],
        "cause": [Burden("SUP", 2, 2, 1, 2), Burden("", 1, 1, 0, 1), Burden("LEAD", 1, 1, 1, 1)],
        "kind": [Burden("order", 2, 2, 1, 2), Burden("assigned", 1, 1, 1, 1), Burden("light_red", 1, 1, 0, 1)],
    }
    assert await shelf.outbox.burden(asked, "kind", 1) == counts["kind"][:1]
    own = replace(asked, account="LEAD")
    assert await shelf.outbox.burden(own, "account", 9) == [Burden("JT", 1, 1, 1, 1)]
    assert await shelf.outbox.burden(replace(asked, division="44"), "", 1) == []
    assert await shelf.outbox.burden(replace(asked, only={"JT"}), "account", 9) == counts["account"][1:]
    assert await shelf.outbox.burden(replace(asked, only=()), "", 1) == []


def told_of(
    ticket: str, *said: tuple[str, str, str], at: datetime, outside: bool = False, division: str = "431226"
) -> TicketDeliveries:
    """A post whose unit's account, by these acts, was told of these kinds; what went to one account in one letter."""
    notes = [Note("unit", kind, to=to, caused_by=by, asks=(kind,), again=1) for to, by, kind in said]
    post = TicketDeliveries(number=f"number of {ticket}", division=division)
    post = post.with_planned(each for note in notes for each in plan(ticket, note, MONDAY, Office()))
    reports = {each.ref: Report("sent", "sms", letter=f"letter of {ticket} to {each.to}") for each in post.items}
    return post.with_reports(reports).told(reports, at, outside=outside)


async def test_tickets_with_something_unknown_come_page_by_page(shelf: StoredDeliveries) -> None:
    for ticket in ("C", "A", "B"):
        post = a_post(ticket, "registered", "assigned")
        await shelf.put(ticket, post.with_reports({post.items[1].ref: Report("unknown", "sms")}))
    await shelf.put("D", a_post("D", "registered"))
    found = await shelf.outbox.unsettled(ALL, 2)
    assert [(each.ticket, [item.kind for item in each.deliveries]) for each in found] == [
        ("A", ["assigned"]),
        ("B", ["assigned"]),
    ]
    assert [each.ticket for each in await shelf.outbox.unsettled(ALL, 2, "B")] == ["C"]
    assert await shelf.outbox.unsettled([PARTITION + 1], 2) == []
    (again,) = (item for each in found[:1] for item in each.deliveries)
    assert again.values == (("order", "甲"),), "what goes again says the same"


@pytest.mark.parametrize(
    ("prefix", "number", "division", "unit", "seen"),
    [
        ("A", "number of A1", "431226", "", True),
        ("A", "number of A1", "43", "", True),
        ("A", "number of A1", "431226", "431226-JT", True),
        ("A", "number of A1", "431226", "431226-JY", False),
        ("A", "number of A1", "4301", "", False),
        ("A", "number of A1", "nowhere", "", False),
        ("A", "number of A2", "431226", "", False),
        ("B", "number of A1", "431226", "", False),
    ],
)
async def test_a_post_is_found_by_its_number_inside_a_scope(
    shelf: StoredDeliveries, prefix: str, number: str, division: str, unit: str, seen: bool
) -> None:
    post = replace(a_post("A1", "registered"), unit="431226-JT")
    await shelf.put("A1", post)
    assert await shelf.outbox.post(prefix, number, division, unit) == (("A1", post) if seen else None)


@pytest.mark.parametrize(
    ("division", "seen"),
    [("43", {"A", "B"}), ("4312", {"A"}), ("431226", {"A"}), ("431226101", set()), ("44", set()), ("nowhere", set())],
)
async def test_the_unknown_are_listed_inside_a_division(shelf: StoredDeliveries, division: str, seen: set[str]) -> None:
    for ticket, county in (("A", "431226"), ("B", "430102")):
        post = a_post(ticket, "registered", "assigned", division=county)
        await shelf.put(ticket, post.with_reports({post.items[1].ref: Report("unknown", "sms")}))
    await shelf.put("C", a_post("C", "registered"))
    found = await shelf.outbox.unknown(division, 10)
    assert {(each.ticket, each.kind, each.channel) for each in found} == {(each, "assigned", "sms") for each in seen}
