"""The topics, as data: creation, documents, the flow diagram, access rules and tests read this table."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

PARTITIONS = 64  # never changed: a change is a new topic, or tickets would move between partitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. ``retention_days`` None: for ever. ``partitions`` is fixed for the topic's life.

    ``about``: the noun of what a key names, as log lines call it.
    """

    name: str
    key: str
    about: str
    holds: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    retention_days: int | None
    compacted: bool = False
    partitions: int = PARTITIONS


SERVICES = ("intake", "routing", "sla", "notify", "feedback", "portal", "staff")  # ports follow: append only
PARTS = ("notify.feed", "feedback.affairs", "notify.hooks")
"""Processes beside a service's API and loop; their ports follow this order: append only."""

SUBMISSIONS = Topic(
    name="submissions",
    key="ticket id",
    about="ticket",
    holds="raw submissions, sealed to intake's day key",
    producers=("intake",),
    consumers=("intake",),
    retention_days=30,
)
TICKETS = Topic(
    name="tickets",
    key="ticket id",
    about="ticket",
    holds="the ticket log: requests, knocks and facts; people's words inside are ciphertext",
    producers=("intake", "routing", "sla", "notify", "feedback"),
    consumers=("intake", "routing", "sla", "notify", "feedback", "portal"),
    retention_days=None,
)
AFFAIRS = Topic(
    name="affairs",
    key="kind/code",
    about="affair",
    holds="the log of affairs (事务), of what is no ticket: accounts, draws, sweeps, plans of a class, yearly ledgers",
    producers=("intake", "feedback", "staff"),
    consumers=("intake", "feedback", "staff"),
    retention_days=None,
    partitions=8,
)
CONFIGURATION = Topic(
    name="configuration",
    key="kind/code",
    about="entry",
    holds="units, standards, calendars, rules of plans and reviews, keys, subscriptions; each folds what it needs",
    producers=("intake", "routing", "sla", "notify", "feedback", "staff"),
    consumers=SERVICES,
    retention_days=None,
    compacted=True,
    partitions=1,
)
AUDIT = Topic(
    name="audit",
    key="account",
    about="account",
    holds="who signed in and who looked at what, said before anything is shown; no word of a matter",
    producers=("portal", "staff"),
    consumers=("intake", "staff"),
    retention_days=1096,
    partitions=16,
)
TICKET_FEED = Topic(
    name="ticket-feed",
    key="ticket id",
    about="ticket",
    holds="the published language: CloudEvents with public facts only",
    producers=("notify",),
    consumers=("notify", "downstream"),
    retention_days=90,
)
TICKET_SNAPSHOTS = Topic(
    name="ticket-snapshots",
    key="ticket id",
    about="ticket",
    holds="where each ticket stands: its public state, the last of a ticket holds; no history, no word of anybody",
    producers=("portal",),
    consumers=("portal", "downstream"),
    retention_days=None,
    compacted=True,
)
LIVE_RATES = Topic(
    name="live-rates",
    key="county",
    about="county",
    holds="windowed counts by county, computed by Faust",
    producers=("portal",),
    consumers=("portal",),
    retention_days=1,
    partitions=1,
)

ALL = (SUBMISSIONS, TICKETS, AFFAIRS, AUDIT, CONFIGURATION, TICKET_FEED, TICKET_SNAPSHOTS, LIVE_RATES)
BY_NAME = {topic.name: topic for topic in ALL}
LEDGER = ("submissions", "tickets", "affairs", "audit")  # what intake mirrors, record by record

GROUPS: Mapping[str, tuple[str, ...]] = {
    "intake.loop": ("submissions", "tickets"),
    "intake.ledger": LEDGER,
    "routing.loop": ("tickets",),
    "sla.loop": ("tickets",),
    "notify.loop": ("tickets",),
    "notify.feed": ("tickets",),
    "notify.hooks": ("ticket-feed",),
    "feedback.loop": ("tickets",),
    "portal.loop": ("tickets",),
    "staff.loop": ("affairs",),
    "feedback.affairs": ("affairs",),
    "feedback.checks": ("affairs",),
    "staff.audit": ("audit",),
}
"""Consumer group → the topics that it reads."""


def partition_of(key: str, partitions: int = PARTITIONS) -> int:
    """The partition of a key: CRC-32 of the key, as librdkafka's ``consistent`` partitioner has it."""
    return zlib.crc32(key.encode()) % partitions


def parts_of(service: str) -> tuple[str, ...]:
    """The processes of a service: its API, its loop, and what it has beside them."""
    return ("api", "loop", *(part for owner, _, part in (each.partition(".") for each in PARTS) if owner == service))
