"""The topics, as data: creation, documents, the flow diagram, access rules and tests read this table."""

import zlib
from dataclasses import dataclass

PARTITIONS = 64  # never changed: a change is a new topic, or tickets would move between partitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. ``retention_days`` None: for ever. ``partitions`` is fixed for the topic's life."""

    name: str
    key: str
    holds: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    retention_days: int | None
    compacted: bool = False
    partitions: int = PARTITIONS


SERVICES = ("intake", "routing", "sla", "notify", "feedback", "portal")

SUBMISSIONS = Topic(
    name="submissions",
    key="ticket id",
    holds="raw submissions, sealed to intake's day key",
    producers=("intake",),
    consumers=("intake",),
    retention_days=30,
)
TICKETS = Topic(
    name="tickets",
    key="ticket id",
    holds="the ticket log: requests, knocks and facts; people's words inside are ciphertext",
    producers=("intake", "routing", "sla", "notify", "feedback"),
    consumers=SERVICES,
    retention_days=None,
)
CONFIGURATION = Topic(
    name="configuration",
    key="kind/code",
    holds="units, standards, calendars, day keys; each service folds the copy it needs",
    producers=("intake", "routing", "sla"),
    consumers=("intake", "routing", "sla", "notify"),
    retention_days=None,
    compacted=True,
    partitions=1,
)
TICKET_FEED = Topic(
    name="ticket-feed",
    key="ticket id",
    holds="the published language: CloudEvents with public facts only",
    producers=("notify",),
    consumers=("downstream",),
    retention_days=90,
)
LIVE_RATES = Topic(
    name="live-rates",
    key="county",
    holds="windowed counts by county, computed by Faust",
    producers=("portal",),
    consumers=("portal",),
    retention_days=1,
    partitions=1,
)

ALL = (SUBMISSIONS, TICKETS, CONFIGURATION, TICKET_FEED, LIVE_RATES)
BY_NAME = {topic.name: topic for topic in ALL}


def partition_of(key: str, partitions: int = PARTITIONS) -> int:
    """The partition of a ticket: CRC-32 of the key, as librdkafka's ``consistent`` partitioner has it."""
    return zlib.crc32(key.encode()) % partitions
