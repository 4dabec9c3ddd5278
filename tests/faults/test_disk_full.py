"""The disk of a store fills to the last byte under load, and is freed: nothing is lost, and nobody has to come."""

import asyncio
import os
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
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
from tests.faults.test_stores_fail import knock_at
from tests.faults.waiting import eventually, until
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MANY = 2_000 if os.environ.get("DUBAN_FAULTS") == "long" else 200
DISK = 400 << 20  # bytes
LEAST = 64 << 20  # bytes that must be free for a store to be started again
BACK_WITHIN = 60.0  # seconds after there is room


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
async def on_small_disk(disk: Path, logs: Path, least: int) -> AsyncIterator[tuple[OwnStack, Kept]]:
    """Kafka alone on the small disk."""
    broker = Broker(disk / "kafka", free_port(), free_port())
    mongod = Mongod(logs / "mongodb", free_port(), secrets.token_urlsafe(16))
    command = await asyncio.to_thread(broker.prepare)
    await asyncio.to_thread(mongod.start, logs / "mongod.log")
    try:
        async with kept(Child("kafka", tuple(command), disk=disk, least=least), logs) as keeper:
            await asyncio.to_thread(wait_for_port, broker.port, 60.0, logs / "kafka.log")
            yield OwnStack(broker.servers, mongod.uri, broker, mongod), keeper
    finally:
        mongod.stop()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False])
async def test_kafka_on_a_full_disk(small_disk: Path, tmp_path: Path, guarded: bool) -> None:
    """Without the guard Kafka is started again and again on the full disk, where it may come up empty."""
    with environment({"DUBAN_DISK_LEAST": str(LEAST)}):
        async with (
            on_small_disk(small_disk, tmp_path, LEAST if guarded else 0) as (stack, keeper),
            crew(stack, tmp_path) as team,
        ):
            await team.start_all_loops()
            load = asyncio.create_task(team.submit(MANY, acknowledged := tmp_path / "acknowledged"))
            await eventually(lambda: acknowledged.exists() and acknowledged.stat().st_size > 0, "no load")
            filler = await asyncio.to_thread(fill, small_disk)
            await eventually(lambda: keeper.steps("restart") > 0, "Kafka did not die of the full disk", 180)
            if guarded:
                await eventually(lambda: keeper.steps("no_room") == 1, "nobody said that there is no room")
                assert keeper.steps("restart") == 1, "it was started on the full disk"
                await _back(team, filler, load)
            else:
                await eventually(lambda: keeper.steps("restart") > 1, "it was not started on the full disk", 120)
                load.cancel()
                await asyncio.to_thread(filler.unlink)
                await asyncio.to_thread(wait_for_port, stack.broker.port, 60.0, tmp_path / "kafka.log")


async def _back(team: Crew, filler: Path, load: "asyncio.Task[list[str]]") -> None:
    assert (await knock_at(team)).status_code == 503
    began = time.monotonic()
    await asyncio.to_thread(filler.unlink)

    async def is_open() -> bool:
        return (await knock_at(team)).status_code == 201

    await until(is_open, "the door did not open", BACK_WITHIN)
    assert time.monotonic() - began <= BACK_WITHIN
    numbers = await load
    await team.until_routed(numbers)
    assert await team.verify(numbers) == []
