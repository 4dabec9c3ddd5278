"""Says where each ticket stands, once nothing has changed for a while: the compacted topic ``ticket-snapshots``.

It hears from the loop of each document that was just stored; what it did not hear of, because a process died, a sweep
finds: each partition that this process holds is compared at the start and each night. It says nothing about tickets in
the log: a snapshot is no fact, and whoever loses the topic gets it again.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.topics import TICKET_SNAPSHOTS
from contracts.vocabulary import CHINA
from runtime.clock import Stopwatch
from runtime.delivery.ports import Tail, Writer
from runtime.delivery.records import Outgoing, Record
from runtime.workers import repeated
from services.portal import metrics
from services.portal.reading.ports import Tickets
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.snapshot import snapshot_of

QUIET = timedelta(seconds=10)  # without a change
LOOK_EVERY = 1.0  # seconds
HEARD_AT_MOST = 20_000  # tickets that wait until they are quiet: what is not heard is found by the next sweep
SAID_AT_ONCE = 2000  # snapshots
COMPARED = 1000  # documents of one query
CHUNK = 5000  # records at once
NIGHT = timedelta(hours=2)  # after midnight of China the sweep of a new day begins
NOTHING_MORE = 2**62  # an offset behind all that there will ever be
HEADERS = (("content-type", b"application/json"),)
WITHDRAWN = b""
"""The value of a tombstone. What was never said is as what was withdrawn: erased before, it needs none."""


@dataclass(frozen=True, slots=True)
class HeardTicket:
    """A ticket as it was stored last, and when that was by the stopwatch."""

    partition: int
    document: Ticket
    at: timedelta


@dataclass(frozen=True, slots=True)
class TellingParts:
    """What telling works with. ``held``: the partitions that this process's loop holds."""

    tickets: Tickets
    tail: Tail
    writer: Writer
    held: Callable[[], Collection[int]]
    stopwatch: Stopwatch
    wall: Callable[[], datetime]


class SnapshotTelling:
    """Remembers who waits to be quiet, and which partitions were compared on which day."""

    def __init__(self, parts: TellingParts) -> None:
        self._parts = parts
        self._heard: dict[str, HeardTicket] = {}
        self._swept: dict[int, date] = {}

    def hear(self, records: Sequence[Record[Ticket]]) -> None:
        """Documents that were stored just now: the quiet begins anew."""
        now = self._parts.stopwatch()
        for record in records:
            self._heard.pop(record.key, None)
            if record.document is not None and len(self._heard) < HEARD_AT_MOST:
                self._heard[record.key] = HeardTicket(record.partition, record.document, now)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("snapshots", self.look, LOOK_EVERY)(stop)

    async def look(self) -> None:
        """Say what is quiet, and compare one partition whose turn it is. Raises Unavailable."""
        while quiet := self._quiet():
            await self._say(quiet)
        held, day = self._parts.held(), (self._parts.wall() - NIGHT).astimezone(CHINA).date()
        self._swept = {partition: on for partition, on in self._swept.items() if partition in held}
        if (due := next((each for each in sorted(held) if self._swept.get(each) != day), None)) is not None:
            await self._sweep(due)
            self._swept[due] = day

    def _quiet(self) -> dict[str, HeardTicket]:
        """The first few of those of which nothing was heard for long enough."""
        until, found = self._parts.stopwatch() - QUIET, dict[str, HeardTicket]()
        for key, each in self._heard.items():
            if each.at > until or len(found) == SAID_AT_ONCE:
                break
            found[key] = each
        return found

    async def _say(self, quiet: Mapping[str, HeardTicket]) -> None:
        """What another process holds by now is its own to say."""
        held = self._parts.held()
        own = {key: each for key, each in quiet.items() if each.partition in held}
        await self._publish(_outgoing(key, each.partition, value_of(each.document)) for key, each in own.items())
        for key, each in quiet.items():
            if self._heard.get(key) is each:
                del self._heard[key]

    async def _publish(self, snapshots: Iterator[Outgoing]) -> None:
        batch = list(snapshots)
        await self._parts.writer.publish(batch)
        metrics.SNAPSHOTS.inc(len(batch))

    async def _sweep(self, partition: int) -> None:
        """Say of a partition what is missing, or differs from what was said."""
        said, never, after = await self._said(partition), _digest(WITHDRAWN), ""
        while found := await self._parts.tickets.of_partition(partition, after, COMPARED):
            values = {ticket.id: value_of(ticket) for ticket in found}
            news = (key for key, value in values.items() if said.get(key, never) != _digest(value))
            await self._publish(_outgoing(key, partition, values[key]) for key in news if key not in self._heard)
            after = found[-1].id

    async def _said(self, partition: int) -> Mapping[str, bytes]:
        """Ticket → the digest of what was said of it last."""
        span = await self._parts.tail.span()
        starts = [NOTHING_MORE] * len(span.ends)
        starts[partition], found = span.firsts[partition], dict[str, bytes]()
        while starts[partition] < span.ends[partition]:
            if not (records := await self._parts.tail.read(starts, CHUNK)):
                break
            found.update((record.key, _digest(record.value)) for record in records)
            starts[partition] = records[-1].offset + 1
        return found


def value_of(ticket: Ticket) -> bytes:
    """What is said of a ticket; a tombstone once it is erased."""
    snapshot = snapshot_of(ticket)
    return WITHDRAWN if snapshot is None else snapshot.__pydantic_serializer__.to_json(snapshot)


def _outgoing(key: str, partition: int, value: bytes) -> Outgoing:
    return Outgoing(TICKET_SNAPSHOTS.name, partition, key, HEADERS, value)


def _digest(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=8).digest()
