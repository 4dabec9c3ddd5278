"""Configuration: each process folds the copy it needs from the compacted topic, and keeps it fresh."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar, cast

import structlog

from contracts.envelope import Body, Kind, MalformedMessage, Message, decode, encode_headers, encode_value, type_of
from runtime.clock import Clock
from runtime.ids import id_of
from runtime.ports import Follower, Unavailable
from runtime.records import Incoming, Outgoing
from runtime.waits import pause

log = structlog.get_logger()
BodyT = TypeVar("BodyT", bound=Body)
TOPIC = "configuration"
LOOK_EVERY = 0.5  # seconds between looks for changes
ENTRIES_AT_MOST = 200_000  # keys kept; a province has some 10,000


class Configuration:
    """The newest value of every key, for the message types that a service names."""

    def __init__(self, follower: Follower, models: Sequence[type[Body]]) -> None:
        self._follower = follower
        self._models = {model.__name__: model for model in models}
        self._values: dict[str, dict[str, Body]] = {name: {} for name in self._models}
        self.version = 0

    def all(self, model: type[BodyT]) -> dict[str, BodyT]:
        """Key → newest value, in the order in which they were said last."""
        return cast("dict[str, BodyT]", self._values[model.__name__])

    async def catch_up(self) -> None:
        """Read what is there now. Raises Unavailable."""
        await self._take()
        while await self._follower.is_behind():
            await self._take()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until stopped."""
        while not stop.is_set():
            try:
                await self._take()
            except Unavailable as why:
                log.warning("configuration_waits", why=str(why))
            await pause(LOOK_EVERY, stop)

    async def _take(self) -> None:
        for record in await self._follower.fetch():
            self._fold(record)

    def _fold(self, record: Incoming) -> None:
        model = self._models.get(type_of(record.headers))
        if model is None:
            return
        try:
            body = decode(record.ticket, record.value, record.headers, model).body
        except MalformedMessage as wrong:
            log.error("configuration_refused", key=record.ticket, reason=wrong.code)
            return
        values = self._values[model.__name__]
        if record.ticket in values or len(values) < ENTRIES_AT_MOST:
            values.pop(record.ticket, None)
            values[record.ticket] = body
            self.version += 1


def publication(key: str, body: Body, producer: str, clock: Clock) -> Outgoing:
    """The record that publishes ``body`` under ``key`` (kind/code); the last one of a key stands."""
    message: Message[Any] = Message(
        id=id_of("configuration", key, body.model_dump_json()),
        type=type(body).__name__,
        kind=Kind.FACT,
        ticket=key,
        producer=producer,
        at=clock.now(),
        time=clock.wall(),
        body=body,
    )
    return Outgoing(TOPIC, 0, key, encode_headers(message), encode_value(message))
