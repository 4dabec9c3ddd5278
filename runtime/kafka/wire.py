"""Kafka's requests that name topics by ids, which aiokafka 0.14.0 has not: metadata 12, produce 13, fetch 13."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

Ids = Mapping[str, UUID]
"""Full name of a topic → its id."""
NOTHING: dict[int, bytes] = {}  # no tagged fields
NO_ID = UUID(int=0)


class Id(AbstractType[UUID]):
    """A topic id on the wire."""

    @classmethod
    def encode(cls, value: UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        return UUID(bytes=data.read(16))


TEXT = CompactString("utf-8")
TAGS = ("tags", TaggedFields)


class MetadataResponseById(Response):
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(("node", Int32), ("host", TEXT), ("port", Int32), ("rack", TEXT), TAGS)),
        ("cluster_id", TEXT),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", TEXT),
                ("topic_id", Id),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        TAGS,
                    ),
                ),
                ("authorized_operations", Int32),
                TAGS,
            ),
        ),
        TAGS,
    )


class MetadataStructById(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 12
    RESPONSE_TYPE = MetadataResponseById
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", Id), ("topic", TEXT), TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        TAGS,
    )


class MetadataById(Request[MetadataStructById]):
    """Asks for topics by name; the answer has their ids."""

    API_KEY = 3

    def __init__(self, names: list[str]) -> None:
        self._names = names

    def build(self, request_struct_class: type[MetadataStructById]) -> MetadataStructById:
        return request_struct_class([(NO_ID, name, NOTHING) for name in self._names], False, False, NOTHING)


class ProduceResponseById(Response):
    API_KEY = 0
    API_VERSION = 13
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("topic_id", Id),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("offset", Int64),
                        ("timestamp", Int64),
                        ("log_start_offset", Int64),
                        ("record_errors", CompactArray(("index", Int32), ("message", TEXT), TAGS)),
                        ("error_message", TEXT),
                        TAGS,
                    ),
                ),
                TAGS,
            ),
        ),
        ("throttle_time_ms", Int32),
        TAGS,
    )


class ProduceStructById(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 0
    API_VERSION = 13
    RESPONSE_TYPE = ProduceResponseById
    SCHEMA = Schema(
        ("transactional_id", TEXT),
        ("required_acks", Int16),
        ("timeout", Int32),
        (
            "topics",
            CompactArray(
                ("topic_id", Id),
                ("partitions", CompactArray(("partition", Int32), ("records", CompactBytes), TAGS)),
                TAGS,
            ),
        ),
        TAGS,
    )


class ProduceById(Request[ProduceStructById]):
    """The same request, by ids."""

    API_KEY = 0

    def __init__(self, named: ProduceRequest, ids: Ids) -> None:
        self._named, self._ids = named, ids

    def build(self, request_struct_class: type[ProduceStructById]) -> ProduceStructById:
        topics = [
            (self._ids.get(name, NO_ID), [(partition, records, NOTHING) for partition, records in places], NOTHING)
            for name, places in self._named._topics
        ]
        named = self._named
        return request_struct_class(named._transactional_id, named._required_acks, named._timeout, topics, NOTHING)


class FetchResponseById(Response):
    API_KEY = 1
    API_VERSION = 13
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("session_id", Int32),
        (
            "topics",
            CompactArray(
                ("topic_id", Id),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("highwater_offset", Int64),
                        ("last_stable_offset", Int64),
                        ("log_start_offset", Int64),
                        ("aborted_transactions", CompactArray(("producer_id", Int64), ("first_offset", Int64), TAGS)),
                        ("preferred_read_replica", Int32),
                        ("message_set", CompactBytes),
                        TAGS,
                    ),
                ),
                TAGS,
            ),
        ),
        TAGS,
    )


class FetchStructById(RequestStruct):
    FLEXIBLE_VERSION = True
    API_KEY = 1
    API_VERSION = 13
    RESPONSE_TYPE = FetchResponseById
    SCHEMA = Schema(
        ("replica_id", Int32),
        ("max_wait_time", Int32),
        ("min_bytes", Int32),
        ("max_bytes", Int32),
        ("isolation_level", Int8),
        ("session_id", Int32),
        ("session_epoch", Int32),
        (
            "topics",
            CompactArray(
                ("topic_id", Id),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("current_leader_epoch", Int32),
                        ("fetch_offset", Int64),
                        ("last_fetched_epoch", Int32),
                        ("log_start_offset", Int64),
                        ("max_bytes", Int32),
                        TAGS,
                    ),
                ),
                TAGS,
            ),
        ),
        ("forgotten_topics", CompactArray(("topic_id", Id), ("partitions", CompactArray(Int32)), TAGS)),
        ("rack_id", TEXT),
        TAGS,
    )


class FetchById(Request[FetchStructById]):
    """The same request, by ids; without a fetch session, as aiokafka's own."""

    API_KEY = 1

    def __init__(self, named: FetchRequest, ids: Ids) -> None:
        self._named, self._ids = named, ids

    def build(self, request_struct_class: type[FetchStructById]) -> FetchStructById:
        named = self._named
        topics = [
            (
                self._ids.get(name, NO_ID),
                [(at, -1, offset, -1, -1, most, NOTHING) for at, offset, most in places],
                NOTHING,
            )
            for name, places in named.topics
        ]
        bounds = (named._max_wait_ms, named._min_bytes, named._max_bytes, named._isolation_level)
        return request_struct_class(-1, *bounds, 0, -1, topics, [], named._rack_id, NOTHING)
