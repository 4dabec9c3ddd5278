"""Configuration: each process folds the copy it needs from the compacted topic, and keeps it fresh."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import structlog

from contracts.envelope import Body, Kind, MalformedMessage, Message, decode, encode_headers, encode_value, type_of
from runtime.clock import Clock
from runtime.delivery.ports import Follower
from runtime.delivery.records import Incoming, Outgoing
from runtime.ids import id_of
from runtime.pauses import pause
from runtime.telemetry import metrics
from runtime.workers import Worker, repeated, unbeaten

log = structlog.get_logger()
BodyT = TypeVar("BodyT", bound=Body)
TOPIC = "configuration"
LOOK_EVERY = 0.5  # seconds between looks for changes
ENTRIES_AT_MOST = 200_000  # keys kept


class Configuration:
    """The newest value of every key, for the message types that a service names.

    ``is_caught_up``: the topic was read to its end once; until then what is not there may only not be read yet.
    """

    def __init__(self, follower: Follower, models: Iterable[type[Body]]) -> None:
        self._follower = follower
        self._models = {model.__name__: model for model in models}
        self._values: dict[str, dict[str, Body]] = {name: {} for name in self._models}
        self.version = 0
        self.is_published = False  # whether anything stands in the topic, of these models or of others
        self.is_caught_up = False

    def all(self, model: type[BodyT]) -> dict[str, BodyT]:
        """Key → newest value, in the order in which they were said last."""
        return cast("dict[str, BodyT]", self._values[model.__name__])

    async def catch_up(self) -> None:
        """Read what is there now. Raises Unavailable."""
        await self._take()
        while await self._follower.is_behind():
            await self._take()
        self.is_caught_up = True

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("configuration", self._look, LOOK_EVERY, again=LOOK_EVERY)(stop)

    async def caught_up(self, stop: asyncio.Event, beat: Callable[[], None] = unbeaten) -> None:
        """Wait until the topic was read to its end once, or the process is to stop. A known wait beats."""
        while not (self.is_caught_up or stop.is_set()):
            beat()
            await pause(LOOK_EVERY, stop)

    async def _look(self) -> None:
        await (self._take() if self.is_caught_up else self.catch_up())

    async def _take(self) -> None:
        for record in await self._follower.fetch():
            self.is_published = True
            self._fold(record)

    def _fold(self, record: Incoming) -> None:
        model = self._models.get(type_of(record.headers))
        if model is None:
            return
        values = self._values[model.__name__]
        if not record.value:  # compaction's tombstone: the key is withdrawn
            self.version += values.pop(record.key, None) is not None
            return
        try:
            body = decode(record.key, record.value, record.headers, model).body
        except MalformedMessage as wrong:
            log.error("configuration_refused", key=record.key, reason=wrong.code)
            return
        if record.key in values or len(values) < ENTRIES_AT_MOST:
            values.pop(record.key, None)
            values[record.key] = body
            self.version += 1


def informed(
    service: str, configuration: Configuration, workers: Sequence[Worker], also: Sequence[str] = ()
) -> list[Worker]:
    """A service's workers, of which the loop, and ``also``, begin once the configuration they decide by was read."""
    deciding = ("loop", *also)
    return [_after(configuration, service, each) if each.name in deciding else each for each in workers]


def _after(configuration: Configuration, service: str, worker: Worker) -> Worker:
    async def work(stop: asyncio.Event) -> None:
        await configuration.caught_up(stop, metrics.beat_of(service))
        if not stop.is_set():
            await worker.work(stop)

    return Worker(worker.name, work)


def publication(key: str, body: Body, producer: str, clock: Clock) -> Outgoing:
    """The record that publishes ``body`` under ``key`` (kind/code); the last one of a key stands."""
    message: Message[Any] = Message(
        id=id_of("configuration", key, body.model_dump_json()),
        type=type(body).__name__,
        kind=Kind.FACT,
        key=key,
        producer=producer,
        at=clock.now(),
        time=clock.wall(),
        body=body,
    )
    return Outgoing(TOPIC, 0, key, encode_headers(message), encode_value(message))


def withdrawal(key: str, model: type[Body]) -> Outgoing:
    """The record that takes back what stands under ``key``: compaction drops it; its headers say whose it was."""
    return Outgoing(TOPIC, 0, key, [("ce_type", model.__name__.encode()), ("ce_to", b"")], b"")
