"""Topics and positions: made from the catalogue, safe to repeat."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    GroupCoordinatorNotAvailableError,
    IllegalGenerationError,
    KafkaConnectionError,
    RebalanceInProgressError,
    TopicAlreadyExistsError,
    UnknownMemberIdError,
    for_code,
)

from contracts import topics
from runtime.delivery.ports import Unavailable
from runtime.kafka.bus import Bus

DAY_MS = 24 * 3600 * 1000
COORDINATOR_LOOKS, COORDINATOR_PAUSE = 150, 0.2  # seconds between: half a minute in all


@asynccontextmanager
async def _administrator(bus: Bus) -> AsyncIterator[AIOKafkaAdminClient]:
    """Somebody who may ask the brokers for topics and positions. Raises Unavailable when none of them answers."""
    admin = AIOKafkaAdminClient(**bus.client_options())
    try:
        await admin.start()
    except KafkaConnectionError as why:
        raise Unavailable(f"kafka: {why}") from None
    try:
        yield admin
    finally:
        await admin.close()


async def create_topics(bus: Bus, *, replication: int = 1) -> list[str]:
    """Create what is missing of the catalogue's topics; their full names that were created."""
    async with _administrator(bus) as admin:
        response = await admin.create_topics([_new(bus, topic, replication) for topic in topics.ALL])
    return [error[0] for error in response.topic_errors if _created(error)]


def _created(error: Sequence[object]) -> bool:
    kind = for_code(error[1])
    if kind.errno == TopicAlreadyExistsError.errno:
        return False
    if kind.errno != 0:
        raise kind(f"topic {error[0]}")
    return True


def _new(bus: Bus, topic: topics.Topic, replication: int) -> NewTopic:
    kept = -1 if topic.retention_days is None else topic.retention_days * DAY_MS
    config = {"cleanup.policy": "compact"} if topic.compacted else {"retention.ms": str(kept)}
    config |= {"min.insync.replicas": str(max(1, replication - 1)), "max.message.bytes": "1000000"}
    return NewTopic(bus.topic(topic.name), topic.partitions, replication, topic_configs=config)


async def lay_positions(bus: Bus, groups: Mapping[str, Sequence[str]] = topics.GROUPS) -> list[str]:
    """Give every group without a position one at the beginning; the groups that got any.

    A replay is safe: documents know what they have seen. A loop never does this itself: it would hide a loss. Raises
    GroupInUse; Unavailable.
    """
    async with _administrator(bus) as admin:
        await _until_groups_work(admin, f"{bus.namespace}.{next(iter(groups))}")
        missing = {group: await _missing(admin, bus, group, names) for group, names in groups.items()}
    laid = [group for group, places in missing.items() if places]
    await asyncio.gather(*(_lay_unused(bus, group, missing[group]) for group in laid))
    return laid


class GroupInUse(Exception):
    """A member of the group is alive, or was half a minute ago."""


async def lay_back(bus: Bus, group: str) -> None:
    """Put a group back to the beginning of its logs, so that a restored database folds what it misses.

    Raises GroupInUse: a loop that runs would commit over it.
    """
    await _lay_unused(bus, group, _places(bus, topics.GROUPS[group]))


async def _lay_unused(bus: Bus, group: str, places: Sequence[TopicPartition]) -> None:
    try:
        await _lay(bus, group, places)
    except (UnknownMemberIdError, IllegalGenerationError, RebalanceInProgressError, CommitFailedError):
        raise GroupInUse(f"{group} has members: stop all its processes, wait half a minute, and try again") from None


def _places(bus: Bus, names: Sequence[str]) -> list[TopicPartition]:
    return [TopicPartition(bus.topic(name), n) for name in names for n in range(topics.BY_NAME[name].partitions)]


async def _until_groups_work(admin: AIOKafkaAdminClient, group: str) -> None:
    """A new Kafka makes its topic of positions when the first group asks: until then there is no coordinator."""
    for _ in range(COORDINATOR_LOOKS):
        try:
            await admin.find_coordinator(group)
        except GroupCoordinatorNotAvailableError:
            await asyncio.sleep(COORDINATOR_PAUSE)
        else:
            return


async def _missing(admin: AIOKafkaAdminClient, bus: Bus, group: str, names: Sequence[str]) -> list[TopicPartition]:
    """The group's partitions without a position. Raises Unavailable when Kafka cannot say."""
    places = _places(bus, names)
    for _ in range(COORDINATOR_LOOKS):
        laid = await admin.list_consumer_group_offsets(f"{bus.namespace}.{group}", partitions=places)
        if laid.keys() >= set(places):
            return [place for place in places if laid[place].offset < 0]
        await asyncio.sleep(COORDINATOR_PAUSE)  # left out is not "none": a restarted broker still loads its positions
    raise Unavailable(f"kafka: the positions of {group} are not known")


async def _lay(bus: Bus, group: str, places: Sequence[TopicPartition]) -> None:
    consumer = AIOKafkaConsumer(
        **bus.client_options(), group_id=f"{bus.namespace}.{group}", enable_auto_commit=False, auto_offset_reset="none"
    )
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.commit(await consumer.beginning_offsets(places))
    finally:
        await consumer.stop()


async def delete_topics(bus: Bus) -> None:
    """Delete the topics of this namespace: tests and ``duban reset``."""
    async with _administrator(bus) as admin:
        await admin.delete_topics([bus.topic(topic.name) for topic in topics.ALL])
