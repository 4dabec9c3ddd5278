"""The disk of a store fills to the last byte under load, and is freed: nothing is lost, and nobody has to come."""

import asyncio
import secrets
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deploy.local.kafka import Broker
from deploy.local.keeper import Child, Keeper
from deploy.local.mongod import Mongod
from deploy.local.state import free_port, wait_for_port
from tests.environment import environment
from tests.faults.crew import Crew, crew
from tests.faults.results import IS_LONG, measured
from tests.faults.test_stores_fail import knock_at
from tests.faults.waiting import eventually
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MANY = 2_000 if IS_LONG else 200
DISK = 600 << 20  # bytes
LEAST = 64 << 20  # bytes that must be free for a store to be started again
BACK_WITHIN = 60.0  # seconds after there is room
Stores = tuple[str, ...]
STORES: Stores = ("kafka", "mongodb")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place], check=False)
    if mounted.returncode != 0:
        pytest.skip("a disk of its own needs root: mount -t tmpfs is refused")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@dataclass
class Kept:
    """A store as the supervisor keeps it, and what was said of it."""

    keeper: Keeper
    said: list[dict[str, Any]] = field(default_factory=list)

    def steps(self, step: str) -> int:
        return sum(each["step"] == step for each in self.said)


@asynccontextmanager
async def kept(child: Child, logs: Path) -> AsyncIterator[Kept]:
    """Started, and started again when it ends."""
    said = list[dict[str, Any]]()
    keeper = Keeper(child, logs, lambda step, **more: said.append({"step": step, **more}), lambda _name, _pid: None)
    running = asyncio.create_task(keeper.run())
    try:
        yield Kept(keeper, said)
    finally:
        await keeper.stop()
        await running


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * (1 << 20))
        except OSError:
            pass
    return filler


@asynccontextmanager
async def on_small_disk(disk: Path, logs: Path, least: int, full: Stores) -> AsyncIterator[tuple[OwnStack, list[Kept]]]:
    """Kafka and MongoDB, those that are to meet a full disk on the small one; and their keepers."""
    places = {store: disk if store in full else logs for store in STORES}
    broker = Broker(places["kafka"] / "kafka", free_port(), free_port())
    mongod = Mongod(places["mongodb"] / "mongodb", free_port(), secrets.token_urlsafe(16))
    commands = {
        "kafka": await asyncio.to_thread(broker.prepare),
        "mongodb": await asyncio.to_thread(mongod.prepare),
    }
    ports = {"kafka": broker.port, "mongodb": mongod.port}
    async with AsyncExitStack() as running:
        keepers = {}
        for store, command in commands.items():
            child = Child(store, tuple(command), disk=places[store], least=least)
            keepers[store] = await running.enter_async_context(kept(child, logs))
            await asyncio.to_thread(wait_for_port, ports[store], 60.0, logs / f"{store}.log")
        await asyncio.to_thread(mongod.initiate)
        yield OwnStack(broker.servers, mongod.uri, broker, mongod), [keepers[store] for store in full]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
@pytest.mark.parametrize("full", [("kafka",), ("mongodb",), *([STORES] if IS_LONG else [])], ids="+".join)
async def test_a_store_on_a_full_disk(small_disk: Path, tmp_path: Path, full: Stores, guarded: bool) -> None:
    """Without the guard it is started again and again on the full disk, where Kafka may come up empty."""
    with environment({"DUBAN_DISK_LEAST": str(LEAST)}):
        async with (
            on_small_disk(small_disk, tmp_path, LEAST if guarded else 0, full) as (stack, keepers),
            crew(stack, tmp_path) as team,
        ):
            await team.start_all_loops()
            load = asyncio.create_task(team.submit(MANY, acknowledged := tmp_path / "acknowledged"))
            await eventually(lambda: acknowledged.exists() and acknowledged.stat().st_size > 0, "no load")
            filler = await asyncio.to_thread(fill, small_disk)
            await all_say(keepers, "restart", "a store did not die of the full disk", 180)
            if guarded:
                await all_say(keepers, "no_room", "nobody said that there is no room")
                assert [each.steps("restart") for each in keepers] == [1] * len(keepers), "started on the full disk"
                await _back(team, filler, load, f"disk_full_{'_'.join(full)}", is_shut="kafka" in full)
            else:
                await all_say(keepers, "restart", "it was not started on the full disk", 120, times=2)
                load.cancel()
                await asyncio.to_thread(filler.unlink)
                await asyncio.to_thread(wait_for_port, stack.broker.port, 60.0, tmp_path / "kafka.log")
                await asyncio.to_thread(wait_for_port, stack.mongod.port, 60.0, tmp_path / "mongodb.log")


async def all_say(keepers: Sequence[Kept], step: str, otherwise: str, within: float = 60.0, times: int = 1) -> None:
    await eventually(lambda: all(each.steps(step) >= times for each in keepers), otherwise, within)


async def _back(team: Crew, filler: Path, load: "asyncio.Task[list[str]]", row: str, is_shut: bool) -> None:
    """``is_shut``: without Kafka the door takes nothing; without MongoDB it goes on."""
    assert (await knock_at(team)).status_code == (503 if is_shut else 201)
    with measured(row) as fault:
        await asyncio.to_thread(filler.unlink)
        fault.ends()
        await fault.is_back(team, BACK_WITHIN)
        numbers = await load
        await team.until_routed(numbers)
        await fault.verified(team, numbers)
