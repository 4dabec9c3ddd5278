"""The log in memory: topics, readers, writers, followers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from contracts.topics import BY_NAME
from runtime.delivery.ports import LogPartition, LogSpan, still_open
from runtime.delivery.records import Incoming, Outgoing


class InMemoryLog:
    """Topics with partitions, and the committed positions of groups."""

    def __init__(self, epoch: int = 1) -> None:
        self.epoch = epoch
        self.records: dict[LogPartition, list[Incoming]] = defaultdict(list)
        self.positions: dict[str, dict[LogPartition, int]] = defaultdict(dict)

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
        self._next: dict[LogPartition, int] = dict(log.positions[group])
        self._open: dict[LogPartition, range] = {}

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

    async def commit(self, next_offsets: Mapping[LogPartition, int]) -> None:
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

    def committed(self, place: LogPartition) -> int:
        """The committed offset of the group."""
        return self._log.positions[self._group].get(place, 0)

    def partitions(self) -> Collection[int]:
        """Every partition of its topics that has records."""
        return {partition for name, partition in self._log.records if name in self._names}

    async def lag(self) -> int:
        places = [(place, records) for place, records in self._log.records.items() if place[0] in self._names]
        return sum(len(records) - self._next.get(place, 0) for place, records in places)


class InMemoryProgress:
    """The group's positions beside the ends of the partitions."""

    def __init__(self, log: InMemoryLog, group: str, topics: Sequence[str]) -> None:
        self._log, self._group = log, group
        self._names = {f"{topic}/{log.epoch}" for topic in topics}

    async def ends(self) -> Mapping[LogPartition, int]:
        return {place: len(records) for place, records in self._log.records.items() if place[0] in self._names}

    async def committed(self) -> Mapping[LogPartition, int]:
        return dict(self._log.positions[self._group])


class InMemoryWriter:
    def __init__(self, log: InMemoryLog) -> None:
        self._log = log

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Append the batch in its order."""
        for outgoing in batch:
            self._log.append(outgoing)


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
        return bool(self._news())

    def _news(self) -> list[Incoming]:
        return [each for each in self._log.of_topic(self._topic) if each.offset >= self._next.get(each.partition, 0)]

    async def stop(self) -> None:
        """An in-memory reader holds no connection to close."""


class InMemoryTail:
    """Reads a topic at any place. What is in the log was written when its header says."""

    def __init__(self, log: InMemoryLog, topic: str) -> None:
        self._log, self._name, self.epoch = log, f"{topic}/{log.epoch}", log.epoch
        self._partitions = range(BY_NAME[topic].partitions)

    async def span(self) -> LogSpan:
        return LogSpan((0,) * len(self._partitions), tuple(len(self._records(each)) for each in self._partitions))

    async def at(self, instant: datetime) -> Sequence[int]:
        return [sum(_written(record) < instant for record in self._records(each)) for each in self._partitions]

    async def read(self, starts: Sequence[int], at_most: int) -> Sequence[Incoming]:
        """What stands from these offsets on, partition by partition."""
        found: list[Incoming] = []
        for partition, start in zip(self._partitions, starts, strict=True):
            found += self._records(partition)[start : start + at_most - len(found)]
        return found

    def _records(self, partition: int) -> list[Incoming]:
        return self._log.records.get((self._name, partition), [])


def _written(record: Incoming) -> datetime:
    return datetime.fromisoformat(dict(record.headers)["ce_time"].decode())
