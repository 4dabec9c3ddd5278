"""Asks Kafka which log it has."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NotLeaderForPartitionError, for_code
from aiokafka.protocol.offset import OffsetRequest

from contracts import topics
from runtime.delivery.log_identity import LogIdentity, LogWatch
from runtime.delivery.ports import LogPartition
from runtime.kafka.bus import Bus
from runtime.kafka.questions import BrokerQuestions
from runtime.kafka.wire import Ids, MetadataById

LASTING = tuple(topic.name for topic in topics.ALL if topic.compacted or topic.retention_days != 1)
"""The topics whose loss is a loss: what is kept for a day is counted anew."""

LATEST = -1  # Kafka's word for "the end" in place of an instant
NOBODY = -1  # its leader of a partition without one


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
        self._leaders: Mapping[tuple[str, int], int] = {}  # who leads each partition, as the last answer says
        self.stop = self._questions.stop

    async def found(self) -> LogIdentity:
        """As it is now; a topic that is not there is left out. Raises Unavailable."""
        return await self._questions.ask(self._of)

    async def ends(self, places: Collection[LogPartition]) -> Mapping[LogPartition, int]:
        """The offset that the next record of each of these places will have; those of other epochs are left out.

        Raises Unavailable, also while a partition has no leader.
        """
        ours = {f"{name}/{self._bus.epoch}": name for name in LASTING}
        wanted = [(ours[log], partition) for log, partition in places if log in ours]

        async def question(client: AIOKafkaClient) -> Mapping[LogPartition, int]:
            return await self._ends(client, wanted)

        return await self._questions.ask(question) if wanted else {}

    async def _ends(self, client: AIOKafkaClient, wanted: Collection[tuple[str, int]]) -> Mapping[LogPartition, int]:
        if not self._leaders:
            await self._of(client)
        of_leader: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for name, partition in wanted:
            topic = self._bus.topic(name)
            of_leader[self._leaders.get((topic, partition), NOBODY)][topic].append((partition, LATEST))
        if NOBODY in of_leader:
            raise NotLeaderForPartitionError
        asked = (client.send(node, OffsetRequest(-1, 0, list(of.items()))) for node, of in of_leader.items())
        return {place: end for answer in await asyncio.gather(*asked) for place, end in self._told(answer)}

    def _told(self, answer: Any) -> Iterator[tuple[LogPartition, int]]:
        for topic, places in answer.topics:
            for partition, code, _instant, end in places:
                if code:
                    raise for_code(code)
                yield (self._bus.log_of(topic), partition), end

    async def _of(self, client: AIOKafkaClient) -> LogIdentity:
        names = {self._bus.topic(name): name for name in LASTING}
        answer = await client.send(client.get_random_node(), MetadataById(list(names)))
        self._leaders = {
            (topic, place[1]): place[2] for _, topic, _, _, places, *_ in answer.topics for place in places
        }
        there = {names[topic]: str(each) for code, topic, each, *_ in answer.topics if code == 0}
        return LogIdentity(self._bus.epoch, answer.cluster_id or "", there)
