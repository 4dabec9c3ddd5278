"""Topics and positions, laid when a system starts; never a new log over documents that know another one."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from runtime.delivery.log_identity import RUNBOOK, LogIdentity, refuse_other
from runtime.delivery.ports import LogLost
from runtime.kafka.bus import Bus
from runtime.kafka.identity import LASTING, KafkaIdentity
from runtime.kafka.topics import create_topics, lay_positions
from runtime.mongo.client import Database, available
from runtime.mongo.known_log import MongoKnownLog

TRIES = (
    45  # looks whether Kafka and MongoDB answer, and until members that were stopped have left: they have 30 seconds
)
PAUSE = 1.0  # seconds between them
DatabaseOf = Callable[[str], Database]


async def lay_when_ready(
    bus: Bus, database: DatabaseOf, documents: Mapping[str, str], *, replication: int = 1
) -> tuple[list[str], list[str]]:
    """``lay``, tried for three quarters of a minute. Raises what it raises.

    Both may need a moment after their ports are open; and members of a build that was just stopped count as alive
    for their session, so that a group to which this build adds a topic has to be waited for.
    """
    for _ in range(TRIES - 1):
        try:
            return await lay(bus, database, documents, replication=replication)
        except LogLost:
            raise
        except Exception:  # whatever Kafka or MongoDB say while they start; said after the last try
            await asyncio.sleep(PAUSE)
    return await lay(bus, database, documents, replication=replication)


async def lay(
    bus: Bus, database: DatabaseOf, documents: Mapping[str, str], *, replication: int = 1
) -> tuple[list[str], list[str]]:
    """Create what is missing of the topics, and positions; which were created, which groups got any.

    ``documents``: the collection of each service whose documents have positions.
    Raises LogLost when documents of any service know another log; GroupInUse; Unavailable.
    """
    finder = KafkaIdentity(bus)
    try:
        await _refuse_other(await finder.found(), database, documents)
        created, laid = await create_topics(bus, replication=replication), await lay_positions(bus)
        await _remember(finder, database, documents)
    finally:
        await finder.stop()
    return created, laid


async def _refuse_other(found: LogIdentity, database: DatabaseOf, documents_of: Mapping[str, str]) -> None:
    missing = [name for name in LASTING if name not in found.topics]
    for service, documents in documents_of.items():
        known = await MongoKnownLog(database(service)).known()
        refuse_other(known, found)
        if known is None and missing:
            await _refuse_positions(
                service, database(service), documents, [f"{each}/{found.epoch}" for each in missing]
            )


async def _refuse_positions(service: str, database: Database, documents: str, logs: list[str]) -> None:
    """Documents of before anybody remembered which log it was: each has a position, so one of them tells."""
    async with available():
        first = await database[documents].find_one({}, {"pos": 1}) or {}
    if lost := [log for log in logs if log in first.get("pos", {})]:
        raise LogLost(
            f"documents of {service} have positions in {', '.join(lost)}, which Kafka does not have: bring its disk "
            f"back, or go on without it: {RUNBOOK}, `duban topics --new-epoch`"
        )


async def _remember(finder: KafkaIdentity, database: DatabaseOf, services: Iterable[str]) -> None:
    for _ in range(TRIES):  # a topic that was just made may take a moment to be told
        found = await finder.found()
        if found.topics.keys() >= set(LASTING):
            break
        await asyncio.sleep(PAUSE / 5)
    for service in services:
        refuse_other(await MongoKnownLog(database(service)).remember(found), found)
