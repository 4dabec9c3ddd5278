"""How much room Kafka's disks have, by its own word: the door may stand on another machine. Source: KIP-827."""

import asyncio

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, Int16, Int32, Int64, Schema

from runtime.delivery.ports import Disk, Unavailable
from runtime.kafka.bus import CALL_WAIT, Bus
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
    """Asks every broker. One connection, made when it is needed."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._client: AIOKafkaClient | None = None

    async def disk(self) -> Disk | None:
        """The fullest disk; None where no broker says. Raises Unavailable."""
        try:
            async with asyncio.timeout(CALL_WAIT):
                return await self._ask()
        except (TimeoutError, KafkaError, OSError) as why:
            await self.stop()
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def _ask(self) -> Disk | None:
        if self._client is None:
            client = AIOKafkaClient(**self._bus.client_options())
            await client.bootstrap()
            self._client = client
        nodes = [broker.nodeId for broker in self._client.cluster.brokers()]
        answers = await asyncio.gather(*(self._client.send(node, LogDirs()) for node in nodes))
        disks = [Disk(each[4], each[3]) for answer in answers for each in answer.results if each[4] >= 0]
        return min(disks, key=lambda disk: disk.free, default=None)

    async def stop(self) -> None:
        """Close, without waiting for a frozen broker."""
        client, self._client = self._client, None
        if client is not None:
            try:
                await asyncio.wait_for(client.close(), 1.0)
            except (TimeoutError, KafkaError, OSError):
                return
