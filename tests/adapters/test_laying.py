"""Topics are never made anew over documents that know another log: neither by `make up` nor by Compose's `prepare`."""

from collections.abc import AsyncIterator

import pytest

from contracts.topics import GROUPS
from deploy.local.accounts import DOCUMENTS
from runtime.delivery.ports import LogLost
from runtime.kafka.bus import Bus
from runtime.kafka.identity import LASTING, KafkaIdentity
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import GroupInUse, delete_topics, lay_positions
from runtime.mongo.client import Mongo
from runtime.mongo.known_log import ID
from runtime.process.laying import lay
from tests.adapters.test_log_identity import made_anew
from tests.faults.waiting import until
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
async def mongo(stack: Stack, namespace: str) -> AsyncIterator[Mongo]:
    made = Mongo(stack.mongodb_uri, namespace)
    yield made
    await made.close()


@pytest.fixture
async def bus(stack: Stack, namespace: str, mongo: Mongo) -> Bus:
    """With topics, positions, and documents that know them."""
    made = stack.bus(namespace)
    created, laid = await lay(made, mongo.database, DOCUMENTS)
    assert len(created) > len(LASTING) - 1
    assert set(laid) == set(GROUPS)
    return made


async def gone(bus: Bus) -> None:
    finder = KafkaIdentity(bus)
    await delete_topics(bus)

    async def deleted() -> bool:
        return not (await finder.found()).topics

    await until(deleted, "the topics were not deleted")
    await finder.stop()


async def test_laid_twice_changes_nothing(bus: Bus, mongo: Mongo) -> None:
    assert await lay(bus, mongo.database, DOCUMENTS) == ([], [])


@pytest.mark.parametrize("remembered", [True, False])
async def test_no_topic_is_made_anew_over_documents_that_know_another(bus: Bus, mongo: Mongo, remembered: bool) -> None:
    await gone(bus)
    await mongo.database("sla")["clock_sheets"].insert_one({"_id": "T", "pos": {"tickets/1": 7}})
    if not remembered:
        for service in DOCUMENTS:
            await mongo.database(service)["control"].delete_one({"_id": ID})
    with pytest.raises(LogLost, match="duban topics --new-epoch"):
        await lay(bus, mongo.database, DOCUMENTS)
    finder = KafkaIdentity(bus)
    assert (await finder.found()).topics == {}, "nothing was made"
    await finder.stop()
    for service in DOCUMENTS:  # without what the documents know nothing is in the way
        await mongo.client.drop_database(mongo.database(service).name)
    created, _ = await lay(bus, mongo.database, DOCUMENTS)
    assert len(created) > len(LASTING) - 1


async def test_topics_that_somebody_else_made_anew_are_not_taken_for_ours(bus: Bus, mongo: Mongo) -> None:
    await made_anew(bus)
    others = "affairs, audit, configuration, submissions, ticket-feed, ticket-snapshots, tickets"
    with pytest.raises(LogLost, match=f"has others in place of {others}"):
        await lay(bus, mongo.database, DOCUMENTS)


async def test_a_group_that_somebody_reads_is_named(bus: Bus, mongo: Mongo) -> None:
    """Its topics are new to it, as in a release that adds one."""
    reader = KafkaReader(bus, "sla.loop", ["tickets"])
    await reader.start()
    with pytest.raises(GroupInUse, match=r"sla\.loop has members: stop all its processes"):
        await lay_positions(bus, {"sla.loop": ("tickets", "submissions")})
    await reader.stop()
