"""Timers knock: they put ``WakeUp`` into the log, where it queues behind all that happened before it.

The handler that reads the knock decides. A second knock is harmless, so nothing is written down here but a short
memory; but each stays in the log for ever, so a document that still wants one is knocked for at ever longer intervals,
and not at all while its service holds. Never early, whatever this machine's clock says: documents are chosen by the
store's clock, and a knock is of the instant that this one told.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Kind, Message, WakeUp, encode_headers, encode_value
from runtime.clock import Clock
from runtime.delivery.ports import Due, Reader, Store, Writer
from runtime.delivery.records import Outgoing
from runtime.delivery.service import Service
from runtime.ids import id_of
from runtime.telemetry import metrics
from runtime.workers import repeated

SWEEP_EVERY = 0.2  # seconds of wall time
SWEEP_AT_MOST = 5000  # documents a sweep
AGAIN_AFTER = 30.0  # seconds until a knock is repeated for the first time; each time twice as long
DOUBLED_AT_MOST = 7  # times: an hour
REMEMBERED_AT_MOST = 200_000  # knocks


@dataclass(frozen=True, slots=True)
class Knocked:
    """When a knock may be repeated (by the stopwatch), and how often it was."""

    again: timedelta
    times: int


def knock(service: Service[Any], due: Due, clock: Clock) -> Outgoing:
    """The record that knocks for a document, for the instant at which it wanted it."""
    message = Message(
        id=id_of("knock", service.name, due.key, due.at.isoformat()),
        type="WakeUp",
        kind=Kind.KNOCK,
        key=due.key,
        producer=service.name,
        at=due.now,
        time=clock.wall(),
        body=WakeUp(service=service.name, due=due.at),
        to=(service.name,),
    )
    return Outgoing(service.says, due.partition, due.key, encode_headers(message), encode_value(message))


class Timers:
    """Sweeps one service's documents of the partitions that its loop holds.

    ``resting``: the service reads nothing. ``is_clock_wrong``: then nothing of this process may be relied on.
    """

    def __init__(
        self,
        service: Service[Any],
        store: Store[Any],
        reader: Reader,
        writer: Writer,
        clock: Clock,
        is_clock_wrong: Callable[[], bool] = bool,
    ) -> None:
        self._service, self._store, self._reader, self._writer = service, store, reader, writer
        self._clock, self._is_clock_wrong = clock, is_clock_wrong
        self._knocked = OrderedDict[tuple[str, datetime], Knocked]()
        self.resting, self._is_full = False, False

    async def sweep(self) -> int:
        """Knock for everything due that was not knocked for lately. How many knocks."""
        self._is_full = False
        if self.resting or self._is_clock_wrong():
            return 0
        due = await self._store.due(self._reader.partitions(), SWEEP_AT_MOST)
        now = self._clock.stopwatch()
        fresh = [each for each in due if self._may_knock(each, now)]
        await self._writer.publish([self._knock(each) for each in fresh])
        self._remember(fresh, now)
        self._is_full = len(fresh) >= SWEEP_AT_MOST
        return len(fresh)

    def _may_knock(self, due: Due, now: timedelta) -> bool:
        before = self._knocked.get((due.key, due.at))
        return before is None or before.again <= now

    def _knock(self, due: Due) -> Outgoing:
        if (due.key, due.at) not in self._knocked:
            metrics.LATENESS.labels(self._service.label).observe(self._clock.wall_seconds(due.now - due.at))
        return knock(self._service, due, self._clock)

    def _remember(self, knocked: Sequence[Due], now: timedelta) -> None:
        metrics.KNOCKS.labels(self._service.label).inc(len(knocked))
        for each in knocked:
            before = self._knocked.pop((each.key, each.at), None)
            times = before.times + 1 if before else 0
            wait = timedelta(seconds=AGAIN_AFTER * 2 ** min(times, DOUBLED_AT_MOST))
            self._knocked[each.key, each.at] = Knocked(now + wait, times)
        while self._knocked and self._forgets(next(iter(self._knocked.values())), now):
            self._knocked.popitem(last=False)

    def _forgets(self, eldest: Knocked, now: timedelta) -> bool:
        """One that was not repeated though it might have been is settled."""
        settled = now - eldest.again > timedelta(seconds=AGAIN_AFTER)
        return len(self._knocked) > REMEMBERED_AT_MOST or settled

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until stopped; at once again after a full sweep."""
        await repeated(f"{self._service.label}-timers", self.sweep, lambda: 0 if self._is_full else SWEEP_EVERY)(stop)
