"""Asks Kafka which log it has."""

import asyncio
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from contracts import topics
from runtime.delivery.log_identity import LogIdentity, LogWatch
from runtime.delivery.ports import Unavailable
from runtime.kafka.bus import CALL_WAIT, Bus
from runtime.kafka.wire import Ids, MetadataById

LASTING = tuple(topic.name for topic in topics.ALL if topic.compacted or topic.retention_days != 1)
"""The topics whose loss is a loss: what is kept for a day is counted anew."""


class KnownIds:
    """The ids of the log that was seen last, by full names."""

    def __init__(self, bus: Bus, watch: LogWatch) -> None:
        self._bus, self._watch = bus, watch
        self._of: LogIdentity | None = None
        self._ids: Ids = {}

    def __call__(self) -> Ids:
        """Full name → id; asked at each request."""
        if self._watch.last is not self._of and self._watch.last is not None:
            self._of = self._watch.last
            self._ids = {self._bus.topic(name): UUID(each) for name, each in self._of.topics.items()}
        return self._ids


class KafkaIdentity:
    """Asks Kafka which log it has. One connection, made when it is needed."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._client = bus, None

    _client: AIOKafkaClient | None

    async def found(self) -> LogIdentity:
        """As it is now; a topic that is not there is left out. Raises Unavailable."""
        try:
            async with asyncio.timeout(CALL_WAIT):
                return await self._ask()
        except (TimeoutError, KafkaError, OSError) as why:
            await self.stop()
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def _ask(self) -> LogIdentity:
        if self._client is None:
            client = AIOKafkaClient(**self._bus.client_options(), metadata_max_age_ms=3_600_000)
            await client.bootstrap()
            self._client = client
        names = {self._bus.topic(name): name for name in LASTING}
        answer = await self._client.send(self._client.get_random_node(), MetadataById(list(names)))
        there = {names[topic]: str(each) for code, topic, each, *_ in answer.topics if code == 0}
        return LogIdentity(self._bus.epoch, answer.cluster_id or "", there)

    async def stop(self) -> None:
        """Close, without waiting for a frozen broker."""
        client, self._client = self._client, None
        if client is not None:
            try:
                await asyncio.wait_for(client.close(), 1.0)
            except (TimeoutError, KafkaError, OSError):
                return
