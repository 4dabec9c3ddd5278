"""A process is ready only while its log is ours and what it does works: each of these is turned off one by one."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

import httpx2
import pytest

from cli import serve
from runtime.delivery.attempts import Attempts
from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.ports import LogLost, LogPartition, Unavailable
from runtime.http.app import create_app
from runtime.kafka.identity import LASTING
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings

OURS = LogIdentity(1, "cluster", {name: f"0{nth}" for nth, name in enumerate(LASTING)})
OTHER = LogIdentity(1, "cluster", {name: f"1{nth}" for nth, name in enumerate(LASTING)})
Harm = Callable[[RealPlatform], None]


class Told:
    """A finder that says what it is told to."""

    def __init__(self, found: LogIdentity, end: int = 7) -> None:
        self.there, self.end = found, end

    async def found(self) -> LogIdentity:
        return self.there

    async def ends(self, places: Collection[LogPartition]) -> Mapping[LogPartition, int]:
        return dict.fromkeys(places, self.end)

    async def reached(self) -> Mapping[LogPartition, int]:
        return {("tickets/1", 4): self.end}

    async def known(self) -> LogIdentity | None:
        return OURS

    async def remember(self, found: LogIdentity) -> LogIdentity | None:
        return found


def failing(attempts: Attempts) -> None:
    now = [0.0]
    attempts._monotonic = lambda: now[0]
    attempts.failed()
    now[0] = 10.0
    attempts.failed()


def topics_are_other(platform: RealPlatform) -> None:
    platform.log._finder = Told(OTHER)


def topics_are_gone(platform: RealPlatform) -> None:
    platform.log._finder = Told(LogIdentity(1, "cluster", {}))


def log_is_older(platform: RealPlatform) -> None:
    platform.log._finder = Told(OURS, end=6)


def epoch_is_other(platform: RealPlatform) -> None:
    platform.log._finder = Told(LogIdentity(2, "cluster", OURS.topics))


def publishing_fails(platform: RealPlatform) -> None:
    failing(platform._producer.attempts)


def steps_fail(platform: RealPlatform) -> None:
    failing(platform.attempts)


@pytest.fixture
async def platform() -> RealPlatform:
    """One that has seen its log, with nobody behind it."""
    made = RealPlatform(Settings(), "sla")
    made.log._finder, made.log._remembered = Told(OURS), Told(OURS)
    await made.log.look()
    return made


async def ready(platform: RealPlatform) -> int:
    app = create_app("duban sla", serve.ready_of(platform))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api") as client:
        assert (await client.get("/live")).status_code == 200, "alive all the same"
        return (await client.get("/ready")).status_code


@pytest.mark.parametrize(
    "harm",
    [topics_are_other, topics_are_gone, log_is_older, epoch_is_other, publishing_fails, steps_fail],
    ids=lambda each: each.__name__,
)
async def test_a_process_is_not_ready_once_one_of_these_is_turned_off(platform: RealPlatform, harm: Harm) -> None:
    assert await ready(platform) == 200
    harm(platform)
    with suppress(LogLost, Unavailable):
        await platform.log.look()
    assert await ready(platform) == 503
    await platform.stop()


async def test_before_the_log_was_seen_a_process_is_not_ready() -> None:
    made = RealPlatform(Settings(), "sla")
    assert await ready(made) == 503
    await made.stop()


async def test_a_condition_that_is_added_counts() -> None:
    async def yes() -> bool:
        return True

    async def no() -> bool:
        return False

    app = create_app("duban sla", yes)
    app.state.conditions.append(no)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api") as client:
        assert (await client.get("/ready")).status_code == 503
