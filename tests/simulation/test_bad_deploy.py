"""A bad deploy: a build whose handler fails for most tickets holds the service; it must not drain the log.

Driven by the workers of a real process, on the in-memory platform; the store of a hold and the position in the log are
the same for the next build.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import pytest
import structlog

from cli.in_memory import SharedPlatform
from contracts.envelope import Body, Message
from deploy.local.state import free_port
from runtime import pauses
from runtime.change import Change, Reject, Result
from runtime.clock import Clock
from runtime.delivery.holding import FailureWatch
from runtime.delivery.service import Service
from runtime.http.requests import outgoing
from runtime.process.platform import InMemoryPlatform
from runtime.process.serve import health, workers_of
from runtime.process.settings import Settings
from runtime.telemetry import metrics
from runtime.workers import run_workers
from tests.harness import MONDAY, fact

WAITING = 400  # messages of as many tickets
PORT = free_port()
WITHIN = 20.0  # seconds for something that must happen


class SomethingTold(Body):
    number: int


@dataclass(frozen=True, slots=True)
class HeardCount:
    number: int


def bad(document: HeardCount | None, message: Message[SomethingTold], now: datetime) -> Result[HeardCount]:
    if message.body.number % 10:
        raise LookupError("this build knows nothing")
    return Change(HeardCount(message.body.number))


def good(document: HeardCount | None, message: Message[SomethingTold], now: datetime) -> Result[HeardCount]:
    return Change(HeardCount(message.body.number))


def service(handler: Callable[..., Result[HeardCount]]) -> Service[HeardCount]:
    reacts: dict[type[Body], Any] = {SomethingTold: handler}
    return Service(name="listening", says="tickets", document=HeardCount, reacts=reacts)


def platform_with(messages: int) -> InMemoryPlatform:
    platform = SharedPlatform(Settings(build="bad", member=""), Clock(wall=lambda: MONDAY))
    for number in range(messages):
        told = fact(SomethingTold(number=number), key=f"T{number:04d}", seq=1)
        platform.log.append(outgoing(told, "tickets"))
    return platform


@asynccontextmanager
async def deployed(platform: InMemoryPlatform, build: str, which: Service[HeardCount]) -> AsyncIterator[None]:
    """The workers of one build beside its health, until the end of the block."""
    platform.settings = platform.settings.model_copy(update={"build": build})
    workers = await workers_of(platform, which)
    stop = asyncio.Event()
    beside = health("listening", "127.0.0.1", PORT)
    running = asyncio.create_task(run_workers([*workers, beside], stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(WITHIN / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def is_live() -> bool:
    async with httpx2.AsyncClient(trust_env=False) as client:
        for _ in range(100):
            try:
                return (await client.get(f"http://127.0.0.1:{PORT}/live")).status_code == 200
            except httpx2.ConnectError:
                await asyncio.sleep(0.05)
    return False


def is_held() -> bool:
    return bool(metrics.HELD.labels("listening")._value.get())


def read_so_far(platform: InMemoryPlatform) -> int:
    return sum(platform.log.positions["listening.loop"].values())


@pytest.fixture(params=[1, 7, 2000], ids="{} a batch".format)
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many messages come at once."""
    size: int = request.param
    monkeypatch.setattr("runtime.delivery.loop.BATCH", size)
    monkeypatch.setattr(pauses, "AGAIN", 0.01)
    return size


async def test_most_fail_so_it_holds_keeps_its_place_stays_live_and_another_build_goes_on(batch: int) -> None:
    platform = platform_with(WAITING)
    store = platform.store(service(bad))
    with structlog.testing.capture_logs() as lines:
        async with deployed(platform, "bad", service(bad)):
            await until(is_held)
            held_at = read_so_far(platform)
            assert await is_live()
    assert await store.held() == "bad"
    assert held_at <= FailureWatch.WINDOW, "the position is where the failures began, or a little later"
    assert len(store.letters) < FailureWatch.KEYS, "what was parked before it was sure"
    (hold,) = [line for line in lines if line["event"] == "loop_holds"]
    assert hold["reason"].startswith("bug LookupError test_bad_deploy.py:")
    assert sum(line["event"] == "message_parked" for line in lines) == len(store.letters)
    async with deployed(platform, "good", service(good)):
        await until(lambda: read_so_far(platform) == WAITING)
        assert not is_held()
    told = [record.document for record in store.records.values() if not record.parked]
    assert len(told) == WAITING - len(store.letters)


def refusing(document: HeardCount | None, message: Message[SomethingTold], now: datetime) -> Result[HeardCount]:
    return Reject("not_understood")


class Asking(Body):
    """``SomethingTold`` as a build sees it that made a new field required in place."""

    number: int
    since_tomorrow: str


Asking.__name__ = "SomethingTold"
TAKING_NOTHING = {
    "refuses": Service(name="listening", says="tickets", document=HeardCount, reacts={SomethingTold: refusing}),
    "cannot read": Service(name="listening", says="tickets", document=HeardCount, reacts={Asking: good}),
}


@pytest.mark.parametrize("how", TAKING_NOTHING)
async def test_a_build_that_takes_nothing_holds_too(how: str, batch: int) -> None:
    platform = platform_with(WAITING)
    async with deployed(platform, "bad", TAKING_NOTHING[how]):
        await until(is_held)
    assert read_so_far(platform) <= FailureWatch.WINDOW
    assert len(platform.store(service(good)).letters) < FailureWatch.KEYS


async def test_the_same_build_begun_again_still_holds_and_an_operator_releases_it(batch: int) -> None:
    platform = platform_with(WAITING)
    async with deployed(platform, "bad", service(bad)):
        await until(is_held)
    held_at = read_so_far(platform)
    async with deployed(platform, "bad", service(good)):
        await until(is_held)
        assert read_so_far(platform) == held_at
        await platform.store(service(good)).hold("")
        await until(lambda: read_so_far(platform) == WAITING)


async def test_a_few_poisoned_messages_hold_nobody(batch: int) -> None:
    platform = platform_with(0)
    for number in range(WAITING):
        bad_one = number % 25 == 0
        told = fact(SomethingTold(number=1 if bad_one else 10 * number), key=f"T{number:04d}", seq=1)
        platform.log.append(outgoing(told, "tickets"))
    async with deployed(platform, "bad", service(bad)):
        await until(lambda: read_so_far(platform) == WAITING)
        assert not is_held()
    assert len(platform.store(service(bad)).letters) == WAITING // 25


async def test_without_the_hold_the_log_is_drained_into_the_dead_letters(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FailureWatch, "says_hold", lambda self: False)
    platform = platform_with(WAITING)
    async with deployed(platform, "bad", service(bad)):
        await until(lambda: read_so_far(platform) == WAITING)
    assert len(platform.store(service(bad)).letters) == WAITING * 9 // 10
