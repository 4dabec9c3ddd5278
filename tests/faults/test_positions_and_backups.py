"""Positions that were deleted, a database as it was an hour ago, another cluster: halted, and nothing is skipped."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import DeleteGroupsRequest
from pymongo import MongoClient

from contracts.identifiers import prefix_of
from contracts.topics import GROUPS
from runtime.delivery.records import Incoming
from runtime.kafka.progress import KafkaProgress
from runtime.kafka.topics import create_topics
from runtime.mongo.client import Mongo
from runtime.mongo.position_marks import MongoPositionMarks
from tests.faults.crew import Crew
from tests.faults.results import IS_LONG, measured
from tests.faults.test_lost_log import halted, topics
from tests.faults.test_stores_fail import again, knock_at, knocks_at
from tests.faults.waiting import is_routed, until
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MANY = 2_000 if IS_LONG else 120
REFUSED = 12  # submissions: fewer than the door always lets in at once
GROUP = "routing.loop"


def unrouted(log: Iterable[Incoming], numbers: Sequence[str]) -> list[str]:
    """Matters of which routing said nothing."""
    known = {record.key[:12] for record in log if is_routed(record)}
    return [number for number in numbers if prefix_of(number) not in known]


async def without_positions(team: Crew) -> None:
    """The group is deleted, and has no position any more."""
    admin = AIOKafkaAdminClient(**team.bus.client_options())
    await admin.start()
    group = f"{team.bus.namespace}.{GROUP}"

    async def gone() -> bool:
        answer: Any = await admin._send_request(DeleteGroupsRequest([group]), await admin.find_coordinator(group))
        return bool(answer.results[0][1] == 0)

    await until(gone, "the members that were killed are not forgotten", 120)
    await admin.close()
    assert await KafkaProgress(team.bus, GROUP, GROUPS[GROUP]).committed() == {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False])
async def test_a_group_whose_positions_are_deleted_skips_nothing(
    team: Crew, breakable: OwnStack, tmp_path: Path, guarded: bool
) -> None:
    await team.start_all_loops()
    before = await team.submit(MANY // 2, tmp_path / "acknowledged")
    await team.until_routed(before)
    team.kill("routing")
    missed = await team.submit(MANY // 2, tmp_path / "acknowledged while it was away")
    await team.until_read("intake")
    await without_positions(team)
    if not guarded:
        team.start_toothless("goes_on_at_the_end", "routing")
        await team.until_ready("routing")
        later = await team.submit(REFUSED, tmp_path / "acknowledged later")
        log = await team.until(lambda log: len(unrouted(log, later)) < REFUSED)
        assert set(missed) & set(unrouted(log, missed)), "what stood there before it came is never read"
        return
    with measured("positions_deleted") as row:
        team.start_loop("routing")
        await team.until_alive("routing")
        await until(lambda: _says(team, "duban_position_lost"), "it did not halt")
        team.kill("routing")
        with MongoClient[Any](breakable.mongod.uri) as client:
            assert lacking(client[f"{team.bus.namespace}_routing"], missed) == missed, "it guessed where to go on"
        await until(_laid, "the positions were not laid anew", 120)
        row.ends()
        team.start_loop("routing")
        await row.is_back(team)
        await team.until_routed([*before, *missed])
        await row.verified(team, [*before, *missed])


async def _laid() -> bool:
    code, said = await asyncio.to_thread(topics)
    assert code == 0 or "has members" in said, said
    return code == 0


async def _says(team: Crew, gauge: str) -> bool:
    return f'{gauge}{{group="{GROUP}"}} 1.0' in await team.gauges("routing")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False])
async def test_a_database_as_it_was_reads_again_what_it_lacks(
    team: Crew, breakable: OwnStack, tmp_path: Path, guarded: bool
) -> None:
    """Kafka's positions pass over what the restored documents have not seen."""
    await team.start_all_loops()
    before = await team.submit(MANY // 2, tmp_path / "acknowledged")
    await team.until_routed(before)
    with MongoClient[Any](breakable.mongod.uri) as client:
        database = client[f"{team.bus.namespace}_routing"]
        backup = {name: list(database[name].find()) for name in database.list_collection_names()}
        since = await team.submit(MANY // 2, tmp_path / "acknowledged since")
        await team.until_routed([*before, *since])
        team.kill("routing")
        for name in database.list_collection_names():
            database[name].delete_many({})
            if backup.get(name):
                database[name].insert_many(backup[name])
        assert lacking(database, since) == since, "the backup knows what came after it: nothing would be shown"
    with measured("older_backup") if guarded else measured("") as row:
        row.ends()
        if guarded:
            team.start_loop("routing")
        else:
            team.start_toothless("no_marks", "routing")
        await team.until_ready("routing")
        await row.is_back(team)
        later = await team.submit(REFUSED, tmp_path / "acknowledged later")
        await team.until_routed([*before, *since, *later])
        with MongoClient[Any](breakable.mongod.uri) as client:
            assert (lacking(client[f"{team.bus.namespace}_routing"], since) == []) is guarded
        if guarded:
            await row.verified(team, [*before, *since, *later])


def lacking(database: Any, numbers: Sequence[str]) -> list[str]:
    """Matters that routing has no document of."""
    known = {plain["_id"][:12] for plain in database["assignments"].find({"doc": {"$exists": True}}, {"_id": 1})}
    return [number for number in numbers if prefix_of(number) not in known]


@asynccontextmanager
async def older_log(team: Crew, stack: OwnStack, folder: Path) -> AsyncIterator[list[str]]:
    """Kafka's disk as it was before half of the matters, in place of ours meanwhile; their numbers."""
    before = await team.submit(MANY // 2, folder / "acknowledged")
    await team.until_routed(before)
    ours, older = stack.broker, replace(stack.broker, folder=folder / "older", process=None)
    await asyncio.to_thread(ours.stop)
    await asyncio.to_thread(shutil.copytree, ours.folder, older.folder)
    await again(ours)
    since = await team.submit(MANY // 2, folder / "acknowledged since")
    await team.until_routed([*before, *since])
    await until(lambda: _is_marked(team, stack), "the documents did not say how far they have come")
    await asyncio.to_thread(ours.stop)
    try:
        await again(older)
        yield [*before, *since]
    finally:
        await asyncio.to_thread(older.stop)
        shutil.rmtree(older.folder, ignore_errors=True)
        await again(ours)


async def _takes(team: Crew) -> bool:
    return (await knock_at(team)).status_code == 201


async def _is_marked(team: Crew, stack: OwnStack) -> bool:
    """Whether the marks of intake have come to the end of the log."""
    progress = KafkaProgress(team.bus, "intake.loop", GROUPS["intake.loop"])
    ends = {place: end for place, end in (await progress.ends()).items() if end}
    mongo = Mongo(stack.mongod.uri, team.bus.namespace)
    marks = await MongoPositionMarks(mongo.database("intake"), "intake.loop").known()
    await mongo.close()
    return all(marks.get(place) == end for place, end in ends.items())


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False])
async def test_an_older_log_in_place_of_ours_is_given_nothing(
    team: Crew, breakable: OwnStack, tmp_path: Path, guarded: bool
) -> None:
    """Its topics have the right ids; then our own disk comes back."""
    await team.start_all_loops()
    if not guarded:
        team.kill("intake-api")
        team.start_toothless("no_marks", "intake", "api")
        await team.until_alive("intake-api")
    async with older_log(team, breakable, tmp_path) as numbers:
        if not guarded:
            await until(lambda: _takes(team), "what is acknowledged there is gone with that disk", 120)
            return
        answers = await knocks_at(team, REFUSED)
        await until(lambda: halted(team, "intake"), "intake's loop did not halt")
        answers += await knocks_at(team, REFUSED)
    assert answers == [503] * 2 * REFUSED, "at once, and once it is known"
    with measured("older_log") as row:
        row.ends()
        await row.is_back(team)
        more = await team.submit(REFUSED, tmp_path / "acknowledged later")
        await team.until_routed([*numbers, *more])
        await row.verified(team, [*numbers, *more])


@pytest.mark.timeout(900)
async def test_an_empty_cluster_in_place_of_ours_is_given_nothing(
    team: Crew, breakable: OwnStack, tmp_path: Path
) -> None:
    """Somebody starts Kafka in an empty folder and makes the topics by hand; then the old folder comes back.

    Its tooth is in test_lost_log.py: the guard is the same.
    """
    await team.start_all_loops()
    numbers = await team.submit(MANY, tmp_path / "acknowledged")
    await team.until_routed(numbers)
    ours = breakable.broker
    empty = replace(ours, folder=tmp_path / "empty", process=None)
    await asyncio.to_thread(empty.prepare)
    await asyncio.to_thread(ours.stop)
    try:
        await asyncio.to_thread(empty.start, tmp_path / "empty.log")
        await create_topics(team.bus)
        answers = await knocks_at(team, REFUSED)
        await until(lambda: halted(team, "intake"), "intake's loop did not halt")
    finally:
        await asyncio.to_thread(empty.stop)
        shutil.rmtree(empty.folder, ignore_errors=True)
        await asyncio.to_thread(ours.start, tmp_path / "ours.log")
    assert answers == [503] * REFUSED
    with measured("cluster_replaced") as row:
        row.ends()
        await row.is_back(team)
        more = await team.submit(REFUSED, tmp_path / "acknowledged later")
        await team.until_routed([*numbers, *more])
        await row.verified(team, [*numbers, *more])
