"""Why Faust stays off the ticket path: both losses still happen (faust-streaming 0.15.3). See docs/adr/0006.

The day one of these fails, Faust was mended: read that decision again.
"""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from runtime import pauses
from tests.stack import Stack

pytestmark = pytest.mark.stack

WITHIN = 60.0  # seconds for a program to join its group and read
SENTINEL = b"the end"


@pytest.fixture
def servers(stack: Stack) -> str:
    return stack.kafka


@pytest.fixture
async def topic(servers: str) -> AsyncIterator[str]:
    """A topic of one partition, gone afterwards."""
    name = f"losses-{uuid.uuid4().hex[:12]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    yield name
    await admin.delete_topics([name])
    await admin.close()


async def publish(servers: str, topic: str, values: Sequence[bytes]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all")
    await producer.start()
    for value in values:
        await producer.send_and_wait(topic, value)
    await producer.stop()


@asynccontextmanager
async def program(case: str, topic: str, servers: str, concurrency: int, file: Path) -> AsyncIterator[None]:
    """The losing stream, killed at the end as a crash would."""
    module = "tests.integration.losing_stream"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        module,
        case,
        f"{topic}-group",
        topic,
        servers,
        str(concurrency),
        str(file),
    )
    try:
        yield
        assert process.returncode is None, "it ended by itself"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def handled(file: Path) -> set[bytes]:
    return set(file.read_bytes().split(b"\n")) - {b""} if file.exists() else set()


async def until_handled(file: Path, wanted: set[bytes]) -> None:
    never = asyncio.Event()
    async with asyncio.timeout(WITHIN):
        while not wanted <= handled(file):
            await pauses.pause(0.2, never)


async def until_committed(servers: str, topic: str, offset: int) -> None:
    """Wait until the group's position is past ``offset``: what is before it is never read again."""
    never, admin = asyncio.Event(), AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    async with asyncio.timeout(WITHIN):
        while (
            max((p.offset for p in (await admin.list_consumer_group_offsets(f"{topic}-group")).values()), default=0)
            <= offset
        ):
            await pauses.pause(0.2, never)
    await admin.close()


async def test_an_agent_that_raises_acknowledges_the_message(servers: str, topic: str, tmp_path: Path) -> None:
    """Message 50 of 100 raises; the mended program never sees it."""
    values = [str(n).encode() for n in range(1, 101)]
    file = tmp_path / "handled"
    await publish(servers, topic, values)
    async with program("raise", topic, servers, 1, file):
        await until_handled(file, set(values) - {b"50"})
        await until_committed(servers, topic, 99)
    await publish(servers, topic, [SENTINEL])
    async with program("calm", topic, servers, 1, file):
        await until_handled(file, {SENTINEL})
    assert handled(file) == {*values, SENTINEL} - {b"50"}, "Faust no longer loses it: read docs/adr/0006 again"


async def test_concurrency_above_one_commits_past_work_in_flight(servers: str, topic: str, tmp_path: Path) -> None:
    """Message 10 is in work when the process is killed; the next process never sees it."""
    values = [str(n).encode() for n in range(1, 41)]
    file = tmp_path / "handled"
    await publish(servers, topic, values[:10])
    async with program("hang", topic, servers, 2, file):
        await until_handled(file, set(values[:9]))
        await publish(servers, topic, values[10:])
        await until_committed(servers, topic, 10)
        before = handled(file)
    await publish(servers, topic, [SENTINEL])
    async with program("calm", topic, servers, 1, file):
        await until_handled(file, {SENTINEL})
    assert b"10" not in before
    assert b"10" not in handled(file), "Faust no longer loses it: read docs/adr/0006 again"
