"""The bus and the store in memory: the same promises as Kafka and MongoDB, held by the same suites."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from runtime.ports import Due, Place, still_open
from runtime.records import Incoming, Outgoing, Parked, Record
from runtime.service import WakeAt, never

DocumentT = TypeVar("DocumentT")


class InMemoryLog:
    """Topics with partitions, and the committed positions of groups."""

    def __init__(self, epoch: int = 1) -> None:
        self.epoch = epoch
        self.records: dict[Place, list[Incoming]] = defaultdict(list)
        self.positions: dict[str, dict[Place, int]] = defaultdict(dict)

    def append(self, outgoing: Outgoing) -> Incoming:
        """Write one record; where it went."""
        name = f"{outgoing.topic}/{self.epoch}"
        partition = self.records[name, outgoing.partition]
        record = Incoming(name, outgoing.partition, len(partition), outgoing.key, outgoing.headers, outgoing.value)
        partition.append(record)
        return record

    def of_topic(self, topic: str) -> list[Incoming]:
        """All records of a topic, partition by partition."""
        return [
            record
            for (name, _), partition in sorted(self.records.items())
            if name == f"{topic}/{self.epoch}"
            for record in partition
        ]


class InMemoryReader:
    """The only member of its group: it holds every partition."""

    def __init__(self, log: InMemoryLog, group: str, topics: Sequence[str]) -> None:
        self._log, self._group = log, group
        self._names = {f"{topic}/{log.epoch}" for topic in topics}
        self._next: dict[Place, int] = dict(log.positions[group])
        self._open: dict[Place, range] = {}

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        """What follows the last commit, of all partitions."""
        self.go_back()
        fetched: list[Incoming] = []
        for place, partition in list(self._log.records.items()):
            if place[0] in self._names and len(fetched) < at_most:
                start = self._next.get(place, 0)
                fetched += partition[start : start + at_most - len(fetched)]
                self._next[place] = min(len(partition), start + at_most)
        for record in fetched:
            place = record.log, record.partition
            self._open[place] = range(self._open.get(place, range(record.offset, 0)).start, record.offset + 1)
            self._next[place] = record.offset + 1
        return fetched

    async def commit(self, next_offsets: Mapping[Place, int]) -> None:
        """Remember the positions of the group."""
        self._log.positions[self._group].update(next_offsets)
        self._open = still_open(self._open, next_offsets)

    def go_back(self) -> None:
        """To the first record that is not committed."""
        self._next.update({place: fetched.start for place, fetched in self._open.items()})
        self._open.clear()

    def reassigned(self) -> None:
        """Read on from the positions of the group, as after a rebalance."""
        self._next = dict(self._log.positions[self._group])
        self._open.clear()

    def committed(self, place: Place) -> int:
        """The committed offset of the group."""
        return self._log.positions[self._group].get(place, 0)

    def partitions(self) -> Collection[int]:
        """Every partition that has records."""
        return {partition for _, partition in self._log.records}

    async def lag(self) -> int:
        """Records not fetched yet."""
        places = [(place, records) for place, records in self._log.records.items() if place[0] in self._names]
        return sum(len(records) - self._next.get(place, 0) for place, records in places)


class InMemoryProgress:
    """The group's positions beside the ends of the partitions."""

    def __init__(self, log: InMemoryLog, group: str, topics: Sequence[str]) -> None:
        self._log, self._group = log, group
        self._names = {f"{topic}/{log.epoch}" for topic in topics}

    async def ends(self) -> Mapping[Place, int]:
        """Where each partition ends."""
        return {place: len(records) for place, records in self._log.records.items() if place[0] in self._names}

    async def committed(self) -> Mapping[Place, int]:
        """The group's positions."""
        return dict(self._log.positions[self._group])


class InMemoryWriter:
    """Acknowledges everything at once."""

    def __init__(self, log: InMemoryLog) -> None:
        self._log = log

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Append the batch in its order."""
        for outgoing in batch:
            self._log.append(outgoing)


class InMemoryStore(Generic[DocumentT]):
    """Records by ticket, guarded by their version."""

    def __init__(
        self,
        wake_at: WakeAt[DocumentT] = never,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.records: dict[str, Record[DocumentT]] = {}
        self.letters: dict[tuple[str, int, int, int], Parked] = {}
        self._wake_at, self._now, self._held = wake_at, now, ""

    async def create_indexes(self) -> None:
        """None are needed."""

    async def load(self, tickets: Collection[str]) -> dict[str, Record[DocumentT]]:
        """Copies of the records that exist."""
        return {ticket: self.records[ticket].copy() for ticket in tickets if ticket in self.records}

    async def find(self, prefix: str) -> Record[DocumentT] | None:
        """The first record whose ticket begins so."""
        found = (ticket for ticket in self.records if ticket.startswith(prefix))
        ticket = next(found, None)
        return self.records[ticket].copy() if ticket and prefix else None

    async def save(self, records: Sequence[Record[DocumentT]]) -> set[str]:
        """Write those whose version still stands; the tickets that lost."""
        lost: set[str] = set()
        for record in records:
            stored = self.records.get(record.ticket)
            if (stored.version if stored else 0) != record.version:
                lost.add(record.ticket)
            else:
                self.records[record.ticket] = replace(record.copy(), version=record.version + 1)
        return lost

    async def park(self, parked: Sequence[Parked]) -> None:
        """Put letters at their place in the log."""
        for letter in parked:
            before = self.letters.get(letter.place, letter)
            self.letters[letter.place] = replace(letter, at=before.at)

    async def parked(self, ticket: str = "", at_most: int = 1000) -> list[Parked]:
        """Letters in the order of the log."""
        letters = [letter for _, letter in sorted(self.letters.items(), key=lambda item: item[0])]
        return [letter for letter in letters if not ticket or letter.message.ticket == ticket][:at_most]

    async def count_parked(self) -> int:
        """How many letters there are."""
        return len(self.letters)

    async def unpark(self, letters: Sequence[Parked]) -> None:
        """Forget letters."""
        for letter in letters:
            self.letters.pop(letter.place, None)

    async def due(self, partitions: Collection[int], at_most: int) -> list[Due]:
        """Documents whose wake instant has come."""
        assert self._now is not None, "a store that is asked for what is due needs a clock"
        now = self._now()
        wanted = ((record, self._wake(record)) for record in self.records.values() if record.partition in partitions)
        due = [Due(record.ticket, record.partition, at) for record, at in wanted if at is not None and at <= now]
        return sorted(due, key=lambda each: each.at)[:at_most]

    def _wake(self, record: Record[DocumentT]) -> datetime | None:
        """A parked ticket is not knocked for: it goes on when its letters do."""
        return self._wake_at(record.document) if record.document is not None and not record.parked else None

    async def held(self) -> str:
        """The build that holds the service, or ""."""
        return self._held

    async def hold(self, build: str) -> None:
        """Hold or release."""
        self._held = build


class InMemoryFollower:
    """Reads a topic from its beginning."""

    def __init__(self, log: InMemoryLog, topic: str) -> None:
        self._log, self._topic = log, topic
        self._next: dict[int, int] = {}

    async def fetch(self) -> Sequence[Incoming]:
        """What came since the last fetch."""
        records = self._news()
        self._next.update({record.partition: record.offset + 1 for record in records})
        return records

    async def is_behind(self) -> bool:
        """Whether there is more."""
        return bool(self._news())

    def _news(self) -> list[Incoming]:
        return [each for each in self._log.of_topic(self._topic) if each.offset >= self._next.get(each.partition, 0)]

    async def stop(self) -> None:
        """Nothing to close."""
