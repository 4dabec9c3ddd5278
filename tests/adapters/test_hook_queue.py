"""One suite for the queue of webhooks: in memory and in a real MongoDB."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from runtime.mongo.client import Mongo
from services.notify.adapters.hook_queue import MongoHookQueue
from services.notify.adapters.hook_queue_in_memory import InMemoryHookQueue
from services.notify.domain.hooks import HookRow
from services.notify.ports.hooks import HookQueue
from tests.harness import MONDAY
from tests.stack import Stack

MINUTE = timedelta(minutes=1)
ALL = range(64)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def queue(request: pytest.FixtureRequest) -> AsyncIterator[HookQueue]:
    if request.param == "memory":
        yield InMemoryHookQueue()
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"h{secrets.token_hex(4)}")
    made = MongoHookQueue(mongo.database("notify"))
    await made.create_indexes()
    yield made
    await mongo.client.drop_database(mongo.database("notify").name)
    await mongo.close()


def row(offset: int, ticket: str = "T", partition: int = 3, subscription: str = "s", kind: str = "k") -> HookRow:
    return HookRow(subscription, ticket, partition, offset, f"e{offset}", kind, b"{}", MONDAY, MONDAY, MONDAY)


async def due(queue: HookQueue, at: timedelta = timedelta(0)) -> list[int]:
    return [each.offset for each in await queue.due("s", ALL, MONDAY + at, 100)]


async def test_an_event_twice_is_one_row_and_in_the_order_of_the_feed(queue: HookQueue) -> None:
    assert await queue.put([row(2), row(1), row(7, partition=1)]) == 3
    assert await queue.put([row(2), row(3)]) == 1
    assert await due(queue) == [7, 1, 2, 3]
    assert await queue.put([]) == 0


async def test_each_sees_its_own(queue: HookQueue) -> None:
    await queue.put([row(1), row(2, subscription="other"), row(3, partition=9), row(4, kind="ping")])
    assert [each.offset for each in await queue.due("s", [3], MONDAY, 100)] == [1, 4]
    assert [each.offset for each in await queue.due("s", ALL, MONDAY, 100, ["ping"])] == [4]
    assert [each.offset for each in await queue.due("s", ALL, MONDAY, 1)] == [1]
    assert (await queue.waiting("s"), await queue.waiting("other"), await queue.waiting("nobody")) == (3, 1, 0)


async def test_what_failed_holds_back_its_ticket_also_what_comes_later(queue: HookQueue) -> None:
    await queue.put([row(1), row(2), row(3, ticket="U")])
    await queue.failed(row(1), 500, "500", MONDAY, MONDAY + MINUTE)
    await queue.put([row(4)])
    assert await due(queue) == [3]
    assert await due(queue, MINUTE) == [1, 2, 4, 3] or await due(queue, MINUTE) == [1, 2, 3, 4]
    (found,) = [each for each in await queue.due("s", ALL, MONDAY + MINUTE, 100) if each.offset == 1]
    assert (found.tries, found.at) == (1, MONDAY + MINUTE)
    oldest = await queue.oldest("s", ALL)
    assert oldest is not None
    assert oldest.offset == 1


async def test_the_sums_of_a_day_are_by_type_and_state(queue: HookQueue) -> None:
    day = timedelta(days=1)
    await queue.put([row(1), row(2), row(3), row(4, kind="other"), row(5, subscription="other")])
    await queue.put([replace(row(6), told=MONDAY + day), replace(row(7), told=MONDAY - MINUTE)])
    await queue.delivered(row(1), 204, MONDAY + day)
    await queue.given_up(row(2), 500, "500", MONDAY + day)
    found = await queue.sums("s", MONDAY, MONDAY + day)
    assert found == {("k", "delivered"): 1, ("k", "given_up"): 1, ("k", "waits"): 1, ("other", "waits"): 1}
    assert await queue.sums("nobody", MONDAY, MONDAY + day) == {}


async def test_what_is_over_waits_no_more_and_is_told(queue: HookQueue) -> None:
    await queue.put([row(1), row(2), row(3)])
    await queue.delivered(row(1), 204, MONDAY)
    await queue.given_up(row(2), 0, "timed_out", MONDAY + MINUTE)
    assert await due(queue) == [3]
    told = [(each.event, each.state, each.status, each.why, each.tries) for each in await queue.recent("s", 10)]
    assert told == [("e2", "given_up", 0, "timed_out", 1), ("e1", "delivered", 204, "", 1)]
    assert await queue.put([row(1)]) == 0


async def test_what_is_over_can_wait_again(queue: HookQueue) -> None:
    await queue.put([row(1)])
    await queue.delivered(row(1), 204, MONDAY)
    assert (await queue.find("s", "e1"), await queue.find("s", "e9")) == ((3, 1), None)
    await queue.again([row(1), row(5)])
    await queue.again([])
    assert await due(queue) == [1, 5]


async def test_what_is_forgotten_waits_no_more(queue: HookQueue) -> None:
    await queue.put([row(1), replace(row(2), subscription="other")])
    await queue.forget("s")
    assert (await due(queue), await queue.waiting("other"), await queue.oldest("s", ALL)) == ([], 1, None)
