"""Asks Kafka which log it has."""

from uuid import UUID

from aiokafka.client import AIOKafkaClient

from contracts import topics
from runtime.delivery.log_identity import LogIdentity, LogWatch
from runtime.kafka.bus import Bus
from runtime.kafka.questions import BrokerQuestions
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
    """Asks Kafka which log it has."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._questions = bus, BrokerQuestions(bus, metadata_max_age_ms=3_600_000)
        self.stop = self._questions.stop

    async def found(self) -> LogIdentity:
        """As it is now; a topic that is not there is left out. Raises Unavailable."""
        return await self._questions.ask(self._of)

    async def _of(self, client: AIOKafkaClient) -> LogIdentity:
        names = {self._bus.topic(name): name for name in LASTING}
        answer = await client.send(client.get_random_node(), MetadataById(list(names)))
        there = {names[topic]: str(each) for code, topic, each, *_ in answer.topics if code == 0}
        return LogIdentity(self._bus.epoch, answer.cluster_id or "", there)
