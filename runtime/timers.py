"""Timers knock: they put ``WakeUp`` into the log, where it queues behind all that happened before it.

The handler that reads the knock decides. A second knock is harmless, so nothing is written down here but a short
memory. Never early: documents are chosen by the store's clock.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from contracts.envelope import Kind, Message, WakeUp, encode_headers, encode_value
from runtime import metrics
from runtime.clock import Clock, DomainTime, WallTime
from runtime.ids import id_of
from runtime.ports import Due, Reader, Store, Unavailable, Writer
from runtime.records import Outgoing
from runtime.waits import pause

log = structlog.get_logger()

SWEEP_EVERY = 0.2  # seconds of wall time
SWEEP_AT_MOST = 5000  # documents a sweep
REMEMBERED = 30.0  # seconds for which a knock is not repeated
REMEMBERED_AT_MOST = 200_000  # knocks


class Timers:
    """Sweeps one service's documents of the partitions that its loop holds."""

    def __init__(self, service: str, store: Store[Any], reader: Reader, writer: Writer, clock: Clock) -> None:
        self._service, self._store, self._reader, self._writer = service, store, reader, writer
        self._clock = clock
        self._knocked = OrderedDict[tuple[str, datetime], WallTime]()

    async def sweep(self) -> int:
        """Knock for everything due that was not knocked for lately. How many knocks."""
        due = await self._store.due(self._reader.partitions(), SWEEP_AT_MOST)
        fresh = [each for each in due if (each.ticket, each.at) not in self._knocked]
        await self._writer.publish([self._knock(each) for each in fresh])
        self._remember(fresh)
        return len(fresh)

    def _knock(self, due: Due) -> Outgoing:
        at = max(DomainTime(due.at), self._clock.now())
        metrics.LATENESS.labels(self._service).observe(self._clock.wall_seconds(at - DomainTime(due.at)))
        message = Message(
            id=id_of("knock", self._service, due.ticket, due.at.isoformat()),
            type="WakeUp",
            kind=Kind.KNOCK,
            ticket=due.ticket,
            producer=self._service,
            at=at,
            time=self._clock.wall(),
            body=WakeUp(service=self._service, due=due.at),
            to=(self._service,),
        )
        return Outgoing("tickets", due.partition, due.ticket, encode_headers(message), encode_value(message))

    def _remember(self, knocked: Sequence[Due]) -> None:
        now = self._clock.wall()
        metrics.KNOCKS.labels(self._service).inc(len(knocked))
        self._knocked.update({(each.ticket, each.at): now for each in knocked})
        while self._knocked and self._forgets(next(iter(self._knocked.values())), now):
            self._knocked.popitem(last=False)

    def _forgets(self, eldest: WallTime, now: WallTime) -> bool:
        return len(self._knocked) > REMEMBERED_AT_MOST or (now - eldest).total_seconds() >= REMEMBERED

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until stopped; at once again after a full sweep."""
        while not stop.is_set():
            try:
                if await self.sweep() >= SWEEP_AT_MOST:
                    continue
            except Unavailable as why:
                log.warning("timers_wait", service=self._service, why=str(why))
            await pause(SWEEP_EVERY, stop)
