"""Codes that were tried: one suite in memory and on MongoDB, where all processes count together."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from runtime.identity.code_attempts import TRIES, TRIES_ANYWHERE, WITHIN, TriedCodes
from runtime.memory.tried_codes import InMemoryTriedCodes
from runtime.mongo import tried_codes
from runtime.mongo.client import Mongo
from runtime.mongo.tried_codes import COLLECTION, DATABASE, MongoTriedCodes
from tests.stack import Stack

SECOND = timedelta(seconds=1)
NUMBER, OTHER = "the number", "another number"
names = count()


@dataclass
class TriedAtTwo:
    """What two processes count, and a clock that the test moves."""

    one: TriedCodes
    other: TriedCodes
    pass_time: Callable[[timedelta], Awaitable[None]]

    async def guess(self, own: str, times: int = 1, number: str = NUMBER) -> list[bool]:
        """Wrong tries, now at the one process, now at the other; which of them were let in."""
        let_in = []
        for nth in range(times):
            at, name = (self.one, self.other)[nth % 2], str(next(names))
            if is_let_in := await at.begin(own, number, name):
                await at.wrong(number, name)
            let_in.append(is_let_in)
        return let_in

    async def lets(self, own: str, number: str = NUMBER) -> bool:
        """Whether somebody with the right code is let in."""
        name = str(next(names))
        is_let_in = await self.one.begin(own, number, name)
        if is_let_in:
            await self.other.forget(own, name)
        return is_let_in


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[TriedAtTwo]:
    if request.param == "memory":
        ran = [timedelta(days=3)]
        tried = InMemoryTriedCodes(lambda: ran[0])

        async def runs(span: timedelta) -> None:
            ran[0] += span

        yield TriedAtTwo(tried, tried, runs)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"t{secrets.token_hex(5)}")
    database = mongo.database(DATABASE)
    one, other = (MongoTriedCodes(database, Forbidden()) for _ in range(2))
    await one.create_indexes()

    async def older(span: timedelta) -> None:
        by = {"at": {"$subtract": ["$$one.at", int(span.total_seconds() * 1000)]}, "name": "$$one.name"}
        moved = {"$map": {"input": "$tries", "as": "one", "in": by}}
        await database[COLLECTION].update_many({}, [{"$set": {"tries": moved}}])

    yield TriedAtTwo(one, other, older)
    await mongo.client.drop_database(database.name)
    await mongo.close()


class Forbidden:
    """Nothing is counted in memory while the database answers."""

    async def begin(self, own: str, anywhere: str, name: str) -> bool:
        raise AssertionError("counted in memory")

    async def forget(self, own: str, name: str) -> None: ...

    async def wrong(self, anywhere: str, name: str) -> None: ...


async def test_the_guesser_waits_at_every_process_and_nobody_else(desk: TriedAtTwo) -> None:
    assert await desk.guess("a", TRIES + 2) == [True] * TRIES + [False] * 2
    assert [await desk.lets("a"), await desk.lets("b")] == [False, True]


async def test_a_right_code_is_no_guess(desk: TriedAtTwo) -> None:
    for _ in range(TRIES + 1):
        assert await desk.lets("a")
    assert await desk.guess("a", TRIES) == [True] * TRIES


async def test_tries_at_once_count_before_they_end(desk: TriedAtTwo) -> None:
    both = (desk.one, desk.other)
    let_in = await asyncio.gather(*(both[nth % 2].begin("a", NUMBER, str(next(names))) for nth in range(4 * TRIES)))
    assert sum(let_in) == TRIES


async def test_who_waited_may_try_again(desk: TriedAtTwo) -> None:
    await desk.guess("a", TRIES)
    await desk.pass_time(WITHIN - 30 * SECOND)
    assert not await desk.lets("a")
    await desk.pass_time(31 * SECOND)
    assert await desk.lets("a")


async def test_many_addresses_together_have_a_single_try_each_and_the_reporter_has_one_too(desk: TriedAtTwo) -> None:
    for nth in range(TRIES_ANYWHERE - 1):
        assert await desk.guess(f"address {nth}") == [True]
    assert await desk.lets("address 0")
    await desk.guess("one more")
    assert not await desk.lets("address 0")
    assert await desk.lets("the reporter's own")
    assert await desk.lets("the reporter's own")
    assert await desk.lets("address 0 of another number", OTHER)


@pytest.mark.stack
async def test_what_was_tried_is_deleted_after_ten_minutes(stack: Stack) -> None:
    mongo = Mongo(stack.mongodb_uri, f"t{secrets.token_hex(5)}")
    database = mongo.database(DATABASE)
    tried = MongoTriedCodes(database, Forbidden())
    await tried.create_indexes()
    await tried.begin("a", NUMBER, "try")
    (kept,) = await database[COLLECTION].find({}).to_list(None)
    assert kept["until"] - kept["tries"][0]["at"] == WITHIN
    assert (await database[COLLECTION].index_information())["until_1"]["expireAfterSeconds"] == 0
    await mongo.client.drop_database(database.name)
    await mongo.close()


class Hanging:
    """A collection that never answers."""

    def __getitem__(self, _name: str) -> "Hanging":
        return self

    def __getattr__(self, _name: str) -> Any:
        async def hang(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        return hang


async def test_while_the_database_hangs_this_process_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried_codes, "ANSWER_WITHIN", 0.001)
    in_memory = InMemoryTriedCodes(lambda: timedelta(days=3))
    tried = MongoTriedCodes(Hanging(), in_memory)
    desk = TriedAtTwo(tried, tried, lambda _: asyncio.sleep(0))
    assert await desk.guess("a", TRIES + 1) == [True] * TRIES + [False]
    assert await desk.lets("b")
