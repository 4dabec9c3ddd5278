"""How far a whole consumer group has come, by Kafka's own positions: what one member knows is not enough."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.topics import BY_NAME
from runtime.delivery.ports import LogPartition, Unavailable
from runtime.kafka.bus import CALL_WAIT, Bus


class KafkaProgress:
    """Asked seldom, at most once in a second: each question has a connection of its own."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str]) -> None:
        self._bus, self._group = bus, f"{bus.namespace}.{group}"
        self._places = {
            TopicPartition(bus.topic(name), partition): (f"{name}/{bus.epoch}", partition)
            for name in topics
            for partition in range(BY_NAME[name].partitions)
        }

    async def ends(self) -> Mapping[LogPartition, int]:
        """The offset that the next record of each partition will have. Raises Unavailable."""
        consumer = AIOKafkaConsumer(**self._bus.client_options())
        try:
            async with asyncio.timeout(CALL_WAIT):
                await consumer.start()
                ends = await consumer.end_offsets(list(self._places))
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        finally:
            await consumer.stop()
        return {self._places[place]: offset for place, offset in ends.items()}

    async def committed(self) -> Mapping[LogPartition, int]:
        """The group's positions; a partition without one is left out. Raises Unavailable."""
        admin = AIOKafkaAdminClient(**self._bus.client_options())
        try:
            async with asyncio.timeout(CALL_WAIT):
                await admin.start()
                found = await admin.list_consumer_group_offsets(self._group, partitions=list(self._places))
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        finally:
            await admin.close()
        return {self._places[place]: known.offset for place, known in found.items() if known.offset >= 0}
