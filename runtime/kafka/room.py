"""How much room Kafka's disks have, by its own word: the door may stand on another machine. Source: KIP-827."""

import asyncio

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, Int16, Int32, Int64, Schema

from runtime.delivery.ports import Disk
from runtime.kafka.bus import Bus
from runtime.kafka.questions import BrokerQuestions
from runtime.kafka.wire import NOTHING, TAGS, TEXT


class LogDirsResponse(Response):
    API_KEY = 35
    API_VERSION = 4
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "results",
            CompactArray(
                ("error_code", Int16),
                ("log_dir", TEXT),
                (
                    "topics",
                    CompactArray(
                        ("topic", TEXT),
                        (
                            "partitions",
                            CompactArray(("p", Int32), ("size", Int64), ("lag", Int64), ("future", Boolean), TAGS),
                        ),
                        TAGS,
                    ),
                ),
                ("total_bytes", Int64),
                ("usable_bytes", Int64),
                TAGS,
            ),
        ),
        TAGS,
    )


class LogDirsStruct(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 35
    API_VERSION = 4
    RESPONSE_TYPE = LogDirsResponse
    SCHEMA = Schema(("topics", CompactArray(("topic", TEXT), ("partitions", CompactArray(Int32)), TAGS)), TAGS)


class LogDirs(Request[LogDirsStruct]):
    """Asks a broker for its folders, and for no topic in them."""

    API_KEY = 35

    def build(self, request_struct_class: type[LogDirsStruct]) -> LogDirsStruct:
        return request_struct_class([], NOTHING)


class KafkaRoom:
    """Asks every broker how full its disks are."""

    def __init__(self, bus: Bus) -> None:
        self._questions = BrokerQuestions(bus)
        self.stop = self._questions.stop

    async def disk(self) -> Disk | None:
        """The fullest disk; None where no broker says. Raises Unavailable."""
        return await self._questions.ask(_fullest)


async def _fullest(client: AIOKafkaClient) -> Disk | None:
    answers = await asyncio.gather(*(client.send(each.nodeId, LogDirs()) for each in client.cluster.brokers()))
    disks = [Disk(each[4], each[3]) for answer in answers for each in answer.results if each[4] >= 0]
    return min(disks, key=lambda disk: disk.free, default=None)
