"""``python -m tests.faults.toothless GUARD SERVICE PART``: a half of a service without one of its guards, or with all
of them and a clock that is wrong.

The tests of faults do to it what they do to the real one, and must see the harm that the guard prevents.
"""

import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence, Sized
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReplaceOne
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cli.serve import serve
from runtime.clock import IDENTITY, Clock, Segment, system_stopwatch, system_wall
from runtime.delivery.ports import Due, LogPartition
from runtime.delivery.records import Incoming, Record, next_offsets
from runtime.http import connections
from runtime.http.admission import Admission
from runtime.kafka import reader, writer
from runtime.kafka.bus import Bus
from runtime.kafka.reader import KafkaReader
from runtime.kafka.writer import KafkaWriter
from runtime.mongo import known_log
from runtime.mongo.store import MongoStore
from runtime.process.known_log import KnownLog
from services.intake.api import app
from services.intake.api.reading import ReadSubmission
from services.notify.adapters.mongo import MongoOutbox
from services.notify.ports import JournalEntry

UNNOTICED = timedelta(seconds=50)  # less than runtime.process.skew.TOLERATED


SLOWER_BY = 0.01  # seconds of processor time


def commit_first() -> None:
    """Commits what it has fetched before it is handled, and keeps no marks beside the documents."""
    fetch = KafkaReader.fetch

    async def fetch_and_commit(self: KafkaReader, at_most: int) -> Sequence[Incoming]:
        records = await fetch(self, at_most)
        if records:
            await self.commit(next_offsets(records))
        return records

    _without_marks()
    KafkaReader.fetch = fetch_and_commit  # type: ignore[method-assign]


def _without_marks() -> None:
    """Positions are Kafka's alone: nothing beside the documents says how far they have come."""
    begin = KafkaReader.__init__

    def unmarked(self: KafkaReader, bus: Bus, group: str, topics: Sequence[str], *more: Any) -> None:
        begin(self, bus, group, topics, *more[:-1])

    KafkaReader.__init__ = unmarked  # type: ignore[method-assign, assignment]


def no_version_guard() -> None:
    """Writes over whatever is there."""

    async def overwrite(self: MongoStore[Any], records: Sequence[Record[Any]]) -> set[str]:
        writes = [ReplaceOne({"_id": record.key}, self._plain(record), upsert=True) for record in records]
        if writes:
            await self._documents.bulk_write(writes, ordered=False)
        return set()

    MongoStore.save = overwrite  # type: ignore[method-assign]


def no_acknowledgement() -> None:
    """Takes a message for written when it has been sent."""
    begin = KafkaWriter.__init__

    def without(self: KafkaWriter, bus: Bus, service: str = "", **more: Any) -> None:
        begin(self, bus, service, 0, **more)

    KafkaWriter.__init__ = without  # type: ignore[method-assign, assignment]


def no_journal() -> None:
    """Sends without writing down that it will."""

    async def forget(self: MongoOutbox, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        return set()

    MongoOutbox.attempt = forget  # type: ignore[method-assign]


def no_letter() -> None:
    """Writes down that it sends, and not in which letter."""
    attempt = MongoOutbox.attempt

    async def nameless(self: MongoOutbox, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        return await attempt(self, [replace(each, letter=each.name) for each in entries], at)

    MongoOutbox.attempt = nameless  # type: ignore[method-assign]


def knock_first() -> None:
    """Acts on its own knocks before it has read what happened earlier: begins at the end of the log."""
    start = KafkaReader.start

    async def start_at_the_end(self: KafkaReader) -> None:
        await start(self)
        await self._consumer.seek_to_end()

    _without_marks()
    KafkaReader.start = start_at_the_end  # type: ignore[method-assign]


def no_marks() -> None:
    """Goes on where Kafka says, and writes where it says, whatever the documents know."""
    _without_marks()
    vars(known_log)["furthest"] = _nowhere


async def _nowhere(_control: Any) -> Mapping[LogPartition, int]:
    return {}


def goes_on_at_the_end() -> None:
    """A group without a position begins with what comes next, as Kafka's consumers do when they are not told."""
    made = KafkaReader._made

    def made_for_the_latest(self: KafkaReader) -> Any:
        consumer = made(self)
        consumer._auto_offset_reset = "latest"
        return consumer

    _without_marks()
    KafkaReader._made = made_for_the_latest  # type: ignore[method-assign]


def no_identity() -> None:
    """Takes a topic of the same name for the same log."""

    async def trust(self: KnownLog) -> None:
        self.last, self._why = await self._finder.found(), None

    def unfenced(*_: object) -> None: ...

    KnownLog.look = trust  # type: ignore[method-assign]
    for module in (writer, reader):
        vars(module)["fence_of"] = unfenced


def clock_ahead() -> None:
    """Every guard is there; the machine's clock is ahead by less than is noticed."""
    _set_ahead(UNNOTICED)


def clock_far_ahead() -> None:
    """Every guard is there; the machine's clock is an hour ahead."""
    _set_ahead(timedelta(hours=1))


def knocks_by_own_clock() -> None:
    """Knocks are of the instant that the process's clock tells, which is ahead."""
    due = MongoStore.due

    async def due_now(self: MongoStore[Any], partitions: Collection[int], at_most: int) -> list[Due]:
        return [replace(each, now=self._clock.now()) for each in await due(self, partitions, at_most)]

    MongoStore.due = due_now  # type: ignore[method-assign]
    _set_ahead(UNNOTICED)


def _set_ahead(span: timedelta) -> None:
    begin = Clock.__init__

    def ahead(self: Clock, segment: Segment = IDENTITY) -> None:
        begin(self, segment, lambda: system_wall() + span, system_stopwatch)

    Clock.__init__ = ahead  # type: ignore[method-assign, assignment]


def slow_processor() -> None:
    """All guards are there; the processor takes its time for each submission that is read, and for nothing else."""
    read = vars(app)["read_submission"]

    async def read_slowly(*given: Any, **named: Any) -> ReadSubmission:
        until = time.thread_time() + SLOWER_BY
        while time.thread_time() < until:
            pass
        found: ReadSubmission = await read(*given, **named)
        return found

    vars(app)["read_submission"] = read_slowly


def no_admission() -> None:
    """Lets everybody in, however many wait, on that processor."""
    slow_processor()

    def never(_self: Admission, _waiting: Sized = ()) -> bool:
        return False

    Admission.is_full = never  # type: ignore[method-assign, assignment]


def unbounded_connections() -> None:
    """Uvicorn's own connections: a head may take for ever, and any number of bytes."""

    def plain(_connections: int) -> type[HttpToolsProtocol]:
        return HttpToolsProtocol

    vars(connections)["bounded"] = plain


GUARDS: Mapping[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        commit_first,
        no_version_guard,
        no_acknowledgement,
        no_journal,
        no_letter,
        knock_first,
        no_marks,
        goes_on_at_the_end,
        no_identity,
        clock_ahead,
        clock_far_ahead,
        knocks_by_own_clock,
        slow_processor,
        no_admission,
        unbounded_connections,
    )
}

if __name__ == "__main__":
    GUARDS[sys.argv[1]]()
    serve(sys.argv[2], sys.argv[3])
