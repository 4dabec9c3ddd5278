"""Snapshots: said once nothing changes any more, compared each night, and made of nothing that is anybody's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import orjson
import pytest

from contracts import feed, snapshots
from contracts.lifecycle import TicketState
from contracts.public import Public
from contracts.snapshots import SnapshotClock, TicketSnapshot
from contracts.topics import TICKET_SNAPSHOTS, partition_of
from runtime.delivery.records import Incoming, Record
from runtime.memory.log import InMemoryLog, InMemoryTail, InMemoryWriter
from runtime.memory.store import InMemoryStore
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.live import snapshots as telling
from services.portal.reading.live.snapshots import QUIET, SnapshotTelling, TellingParts, value_of
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.snapshot import snapshot_of
from tests.unit.portal.tickets import NOON, TICKET, UNITS, a_clock, a_ticket

COUNTY, UNIT = "431226", UNITS[1]
NUMBER = a_ticket().number
REGISTERED = feed.Registered(number=NUMBER, division=COUNTY, channel="web", urgent=False, collective=False)
ASSIGNED = feed.Assigned(division=COUNTY, unit=UNIT, level="county", category="URB.06", taxonomy_version="1", hop=1)
DEADLINE = feed.DeadlineSet(clock="c1", kind="accept_by", unit=UNIT, due=NOON, provisional=False)
DISPUTED = feed.Returned(unit=UNIT, ground="not_ours", count=2, disputed=True)


@pytest.mark.parametrize(
    ("events", "changed"),
    [
        ([REGISTERED], {"state": "registered"}),
        ([REGISTERED, ASSIGNED], {"state": "assigned", "unit": UNIT, "category": "URB.06", "hops": 1}),
        ([REGISTERED, ASSIGNED, DISPUTED], {"state": "disputed", "category": "URB.06", "hops": 1, "returns": 2}),
        ([REGISTERED, feed.Withdrawn()], {"state": "withdrawn"}),
    ],
    ids=["registered", "assigned", "disputed", "withdrawn"],
)
def test_events_lead_to_a_state(events: list[Public], changed: dict[str, object]) -> None:
    known = {"number": NUMBER, "division": COUNTY}
    assert snapshots.folded(events) == TicketSnapshot.model_validate(known | changed)


def test_a_clock_is_there_while_it_counts() -> None:
    clock = SnapshotClock(clock="c1", kind="accept_by", unit=UNIT, due=NOON)
    assigned = snapshots.folded([REGISTERED, ASSIGNED, DEADLINE])
    assert assigned is not None
    assert assigned.clocks == (clock,)
    stopped = feed.ClockStopped(clock="c1", unit=UNIT, met=True, held=60, reason="accepted")
    accepted = feed.Accepted(unit=UNIT, category="URB.06", standard="URB-03@1")
    for after in (stopped, accepted):
        left = snapshots.folded([REGISTERED, ASSIGNED, DEADLINE, after])
        assert left is not None
        assert left.clocks == ()


def test_a_clock_of_a_later_kind_counts_while_somebody_must_act() -> None:
    later = DEADLINE.model_copy(update={"kind": "of_a_later_build"})
    assert [bool(each.clocks) for each in _each([REGISTERED, ASSIGNED, later], feed.Withdrawn())] == [True, False]


def _each(events: Sequence[Public], last: Public) -> list[TicketSnapshot]:
    found = snapshots.folded(events), snapshots.folded([*events, last])
    return [each for each in found if each is not None]


def test_what_nobody_registered_or_was_erased_has_no_state() -> None:
    assert snapshots.folded([ASSIGNED]) is None
    assert snapshots.folded([REGISTERED, feed.Erased(), REGISTERED]) is None


def test_a_snapshot_says_where_a_matter_stands_and_no_word_of_anybody() -> None:
    words = {"title": "金丝雀", "content": "金丝雀", "place": "金丝雀", "category_said": "金丝雀"}
    ticket = a_ticket(state=TicketState.ASSIGNED, unit=UNIT, clocks=(a_clock(NOON),), division="431226100", **words)
    shown = orjson.loads(value_of(ticket))
    assert set(shown) == set(TicketSnapshot.model_fields)
    assert (shown["state"], shown["division"], shown["unit"]) == ("assigned", COUNTY, UNIT)
    assert "金丝雀" not in value_of(ticket).decode()
    assert snapshot_of(replace(ticket, erased=True)) is None


@dataclass
class Telling:
    """The portal's documents and what is said of them, with a clock that a test winds."""

    log: InMemoryLog = field(default_factory=InMemoryLog)
    store: InMemoryStore[Ticket] = field(default_factory=InMemoryStore)
    now: datetime = NOON
    held: Sequence[int] = range(TICKET_SNAPSHOTS.partitions)

    def __post_init__(self) -> None:
        self.process = self.started()

    def started(self) -> SnapshotTelling:
        """A process that begins now."""
        parts = TellingParts(
            tickets=InMemoryTickets(self.store),
            tail=InMemoryTail(self.log, TICKET_SNAPSHOTS.name),
            writer=InMemoryWriter(self.log),
            held=lambda: self.held,
            stopwatch=lambda: self.now - NOON,
            wall=lambda: self.now,
        )
        return SnapshotTelling(parts)

    def stores(self, *tickets: Ticket) -> list[Record[Ticket]]:
        """As the loop does; the records that it would hint at."""
        records = [Record(each.id, partition_of(each.id), each) for each in tickets]
        self.store.records |= {each.key: each for each in records}
        return records

    async def swept(self) -> None:
        """Every partition that is held had its turn."""
        for _ in range(len(self.held) + 1):
            await self.process.look()

    def said(self) -> list[Incoming]:
        return self.log.of_topic(TICKET_SNAPSHOTS.name)


async def test_what_changes_is_said_once_it_has_been_quiet() -> None:
    town = Telling()
    await town.swept()
    town.process.hear(town.stores(a_ticket()))
    town.now += QUIET - timedelta(seconds=1)
    assigned = a_ticket(state=TicketState.ASSIGNED, unit=UNIT)
    town.process.hear(town.stores(assigned))
    town.now += QUIET - timedelta(seconds=1)
    await town.process.look()
    assert town.said() == []
    town.now += timedelta(seconds=1)
    await town.process.look()
    await town.process.look()
    (said,) = town.said()
    assert (said.key, said.partition, said.value) == (TICKET, partition_of(TICKET), value_of(assigned))


async def test_what_another_process_holds_by_now_is_its_own_to_say() -> None:
    town = Telling()
    await town.swept()
    town.process.hear(town.stores(a_ticket()))
    town.held = [each for each in town.held if each != partition_of(TICKET)]
    town.now += QUIET
    await town.process.look()
    assert town.said() == []


async def test_a_process_that_begins_says_what_is_missing_or_differs_and_nothing_else() -> None:
    town = Telling()
    other = replace(a_ticket(), id=f"Z{TICKET[1:]}")
    town.stores(a_ticket(), other)
    await town.swept()
    assert {each.key for each in town.said()} == {TICKET, other.id}
    town.stores(replace(other, unit=UNIT))
    town.process = town.started()
    await town.swept()
    news = Counter(each.key for each in town.said())
    assert news == {TICKET: 1, other.id: 2}
    town.process = town.started()
    await town.swept()
    assert Counter(each.key for each in town.said()) == news


async def test_each_night_they_are_compared_anew() -> None:
    town = Telling()
    await town.swept()
    town.stores(a_ticket())
    await town.swept()
    assert town.said() == []
    town.now += timedelta(days=1)
    await town.swept()
    assert [each.key for each in town.said()] == [TICKET]


async def test_a_partition_that_comes_is_compared() -> None:
    town = Telling(held=())
    town.stores(a_ticket())
    await town.process.look()
    town.held = [partition_of(TICKET)]
    await town.process.look()
    assert [each.key for each in town.said()] == [TICKET]


async def test_what_was_erased_is_withdrawn_once_and_what_was_never_said_needs_nothing() -> None:
    town = Telling()
    town.stores(replace(a_ticket(), erased=True))
    await town.swept()
    assert town.said() == []
    town.process.hear(town.stores(a_ticket()))
    town.now += QUIET
    await town.process.look()
    town.stores(replace(a_ticket(), erased=True))
    for _ in range(2):
        town.process = town.started()
        await town.swept()
    assert [each.value for each in town.said()] == [value_of(a_ticket()), b""]


async def test_what_was_not_heard_for_want_of_room_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "HEARD_AT_MOST", 1)
    monkeypatch.setattr(telling, "COMPARED", 1)
    monkeypatch.setattr(telling, "CHUNK", 1)
    town = Telling()
    tickets = [replace(a_ticket(), id=f"{nth:02d}{TICKET[2:]}") for nth in range(5)]
    town.process.hear(town.stores(*tickets))
    town.now += QUIET
    await town.swept()
    assert sorted(each.key for each in town.said()) == [each.id for each in tickets]
