"""Topics by their ids instead of by their names.

A name says nothing about which log it is: a topic that was deleted and made anew has the same name and another id. A
broker (Kafka 4.1 or later) refuses to write to, or to read from, an id that is no longer there. Source: KIP-516.
An older disk has the right ids: there a record is given an offset that the documents have passed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.produce import ProduceRequest

from runtime.delivery.log_identity import LogWatch
from runtime.delivery.ports import LogPartition
from runtime.kafka.bus import Bus
from runtime.kafka.identity import KnownIds
from runtime.kafka.wire import FetchById, Ids, ProduceById

OTHER_LOG = (100, 103)  # Kafka's codes UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID
FINAL = TopicAuthorizationFailedError.errno  # an error that aiokafka hands on at once instead of trying again

NOWHERE: Mapping[LogPartition, int] = MappingProxyType({})


def fence_of(bus: Bus, watch: LogWatch | None) -> "Fence | None":
    """The fence that keeps a client inside the log of ``watch``; none without one."""
    return Fence(KnownIds(bus, watch), watch, bus.log_of) if watch is not None else None


@dataclass(slots=True)
class Fence:
    """Lets a client write to and read from the topics with these ids, and no others.

    ``refused``: how often a broker said that a topic is another one.
    """

    ids: Callable[[], Ids]
    watch: LogWatch
    log_of: Callable[[str], str]
    refused: int = 0

    async def look_if_refused(self) -> None:
        """Raises LogLost when a broker said that it has another log, and it has."""
        if self.refused:
            self.refused = 0
            await self.watch.look()

    def around(self, client: Any) -> None:
        """From now on this client of aiokafka names topics by their ids."""
        send: Callable[..., Awaitable[Any]] = client.send

        async def fenced(node: int, request: Any, **more: Any) -> Any:
            ids = self.ids()
            if isinstance(request, ProduceRequest) and request.required_acks:
                reached = self.watch.reached  # as of before it was sent: what is read meanwhile may be this record
                return self._named(await send(node, ProduceById(request, ids), **more), ids, 7, 5, reached)
            if isinstance(request, FetchRequest):
                return self._named(await send(node, FetchById(request, ids), **more), ids, 11, 8)
            return await send(node, request, **more)

        client.send = fenced

    def _named(
        self, response: Any, ids: Ids, version: int, fields: int, reached: Mapping[LogPartition, int] = NOWHERE
    ) -> Any:
        """The answer as aiokafka knows it: version, and the first fields of a partition."""
        names = {each: name for name, each in ids.items()}
        topics = [
            (
                names[topic],
                [self._told(place[:fields], reached.get((self.log_of(names[topic]), place[0]), 0)) for place in places],
            )
            for topic, places, _ in response.topics
            if topic in names
        ]
        return SimpleNamespace(API_VERSION=version, topics=topics, error_code=getattr(response, "error_code", 0))

    def _told(self, place: tuple[Any, ...], reached: int) -> tuple[Any, ...]:
        """``reached``: the least offset that a record may have been given there."""
        if place[1] not in OTHER_LOG and (place[1] or place[2] >= reached):
            return place
        self.refused += 1
        return (place[0], FINAL, *place[2:])
