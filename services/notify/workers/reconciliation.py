"""Each night: yesterday read back from the feed and said of each county, and which counties are silent.

What is said is a pure function of the feed: repeated it has the same id and the same bytes, and what stands there
already is not said again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts import feed
from contracts.envelope import stamp, type_of
from contracts.labels import labels_in
from contracts.messages.routing import UnitPublished
from contracts.messages.sla import CalendarPublished
from contracts.topics import TICKET_FEED, TICKETS, partition_of
from contracts.vocabulary import COUNTY_DIGITS, county_of
from runtime.delivery.ports import GroupProgress, Tail, Writer
from runtime.delivery.records import Incoming, Outgoing
from runtime.ids import id_of
from runtime.process.configuration import Configuration
from runtime.workers import repeated
from services.notify import metrics
from services.notify.domain.reconciliation import (
    DAY,
    GRACE,
    DaySums,
    EventMark,
    begin_of,
    is_silent,
    last_closed,
    looked_back,
)
from services.notify.ports import OfficeHours
from services.notify.workers.feed import constant_headers

READ = (UnitPublished, CalendarPublished)
"""What the configuration must fold: which counties there are, and when they work."""
LOOK_EVERY = 60.0  # seconds
CHUNK = 5000  # records at once
AHEAD = timedelta(hours=1)  # so much earlier than it says may an event have been put there: clocks differ
LATE = timedelta(days=1)  # so much later may it have come, and counts
NOTHING_MORE = 2**62  # an offset behind all that there will ever be
OF_TICKETS = "duban.ticket."
Relayed = Callable[[datetime], Awaitable[bool]]
Counties = Callable[[date], Collection[str]]


@dataclass(frozen=True, slots=True)
class Reconciling:
    """What reconciliation works with.

    ``held``: partitions of the feed that this process answers for. ``relayed``: whether all that was said until an
    instant is on the feed. ``counties``: those that have a unit on a day. ``silent_after``: working days.
    """

    tail: Tail
    writer: Writer
    wall: Callable[[], datetime]
    schemas: str
    held: Callable[[], Collection[int]]
    relayed: Relayed
    counties: Counties
    offices: OfficeHours
    silent_after: int


class Reconciliation:
    """Remembers which days it has read, and who registered something on them."""

    def __init__(self, parts: Reconciling) -> None:
        self._parts = parts
        self._registered: dict[date, frozenset[str]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("reconciliation", self.look, LOOK_EVERY)(stop)

    async def look(self) -> None:
        """Reconcile the closed days that were not read yet. Raises Unavailable."""
        last = last_closed(self._parts.wall())
        if last in self._registered or not await self._parts.relayed(begin_of(last + DAY) + GRACE):
            return
        since = {county: self._since(county, last) for county in self._parts.counties(last)}
        for day in _days(min([last, *since.values()]), last):
            if day not in self._registered:
                self._registered[day] = await self._read(day)
        self._forget(min([last, *since.values()]))
        await self._measure(since)

    def _since(self, county: str, last: date) -> date:
        return looked_back(self._parts.offices.office(county), last, self._parts.silent_after)

    def _forget(self, before: date) -> None:
        self._registered = {day: each for day, each in self._registered.items() if day >= before}

    async def _read(self, day: date) -> frozenset[str]:
        """Say what is not said yet of a day; where something was registered."""
        sums, said = DaySums(day), set[str]()
        async for record in _records_of(self._parts.tail, day):
            kind = type_of(record.headers)
            if kind == feed.RECONCILED:
                said.add(dict(record.headers)["ce_id"].decode())
            elif kind.startswith(OF_TICKETS):
                sums.take(_mark_of(kind, record))
        held = self._parts.held()
        events = [event_of(each, self._parts.schemas) for each in reconciled(sums)]
        news = [each for each in events if _id_of(each) not in said and each.partition in held]
        await self._parts.writer.publish(news)
        metrics.FEED.labels(feed.RECONCILED).inc(len(news))
        return sums.registered()

    async def _measure(self, since: Mapping[str, date]) -> None:
        """A feed that began later than the days looked back on tells nothing of silence."""
        span, held = await self._parts.tail.span(), self._parts.held()
        begins = {day: await self._began_before(span.firsts, day) for day in set(since.values())}
        metrics.SILENT.clear()
        for county, day in since.items():
            if partition_of(county) in held:
                silent = begins[day] and is_silent(county, self._registered, day)
                metrics.SILENT.labels(county).set(silent)

    async def _began_before(self, firsts: Sequence[int], day: date) -> bool:
        then = await self._parts.tail.at(begin_of(day))
        return any(offset > first for offset, first in zip(then, firsts, strict=True))


def reconciled(sums: DaySums) -> list[feed.Reconciled]:
    """What is said of a day, county by county."""
    return [
        feed.Reconciled(
            day=sums.day,
            division=division,
            counts=dict(sorted(each.counts.items())),
            first=each.first.id,
            last=each.last.id,
        )
        for division, each in sums.counties().items()
    ]


def event_of(said: feed.Reconciled, schemas: str) -> Outgoing:
    """The event of a county's day, said at the day's end. Another content is another event."""
    value = said.__pydantic_serializer__.to_json(said)
    division, ended = said.division, stamp(begin_of(said.day + DAY))
    own = {
        "ce_id": id_of("reconciled", division, said.day.isoformat(), value.decode()),
        "ce_time": ended,
        "ce_subject": division,
        "ce_division": division,
    }
    headers = [*constant_headers(feed.RECONCILED, schemas), *((name, text.encode()) for name, text in own.items())]
    return Outgoing(TICKET_FEED.name, partition_of(division), division, headers, value)


def counties_of(configuration: Configuration) -> Counties:
    """The counties with a unit of their own in the directory."""

    def counties(on: date) -> Collection[str]:
        begin = begin_of(on)
        units = configuration.all(UnitPublished).values()
        standing = (each for each in units if each.valid_from <= begin and (each.valid_to or begin) >= begin)
        return {county_of(each.division) for each in standing if len(each.division) >= COUNTY_DIGITS}

    return counties


def relayed_of(tickets: Tail, progress: GroupProgress) -> Relayed:
    """Whether the group has relayed all that stood in the ticket log at an instant."""

    async def relayed(until: datetime) -> bool:
        wanted, log = await tickets.at(until), f"{TICKETS.name}/{tickets.epoch}"
        committed = await progress.committed()
        return all(committed.get((log, n), 0) >= offset for n, offset in enumerate(wanted))

    return relayed


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


def _id_of(event: Outgoing) -> str:
    return dict(event.headers)["ce_id"].decode()


def _mark_of(kind: str, record: Incoming) -> EventMark:
    said = dict(record.headers)
    at = datetime.fromisoformat(said["ce_time"].decode())
    return EventMark(at, said["ce_id"].decode(), kind, labels_in(record.headers)["division"])


async def _records_of(tail: Tail, day: date) -> AsyncIterator[Incoming]:
    """What was put onto the feed from the day's beginning until a day after its end."""
    starts = list(await tail.at(begin_of(day) - AHEAD))
    ends = await tail.at(begin_of(day + DAY) + LATE)
    while _skip_what_is_read(starts, ends):
        if not (records := await tail.read(starts, CHUNK)):
            return
        for record in records:
            starts[record.partition] = record.offset + 1
            if record.offset < ends[record.partition]:
                yield record


def _skip_what_is_read(starts: list[int], ends: Sequence[int]) -> bool:
    """Whether there is more to read; of a partition that is read to its end nothing more is asked for."""
    for partition, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start >= end:
            starts[partition] = NOTHING_MORE
    return any(start < NOTHING_MORE for start in starts)
