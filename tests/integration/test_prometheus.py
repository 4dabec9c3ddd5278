"""A real Prometheus scrapes a running loop, and a real alert of ours fires."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx2
import yaml

from contracts.envelope import Body, Message
from deploy.local.state import free_port
from runtime import pauses
from runtime.change import Change, Result
from runtime.clock import Clock
from runtime.delivery.records import Incoming
from runtime.delivery.service import Service
from runtime.http.requests import outgoing
from runtime.memory.log import InMemoryReader
from runtime.process import serve
from runtime.process.platform import InMemoryPlatform, Platform
from runtime.process.settings import Settings
from runtime.workers import run_workers
from tests.architecture.machine import PROJECT, require
from tests.harness import fact

SERVICE = "scraped"
WITHIN = 90.0  # seconds for Prometheus to start, scrape twice and evaluate


class NumberCounted(Body):
    """A number arrived; a negative one is a bug of the handler."""

    number: int


def on_counted(_document: Any, message: Message[NumberCounted], _now: datetime) -> Result[NumberCounted]:
    if message.body.number < 0:
        raise ValueError("negative")
    return Change(message.body)


class PatientReader(InMemoryReader):
    """As the real one: an empty fetch takes a moment."""

    async def fetch(self, at_most: int) -> Any:
        fetched: Any = await super().fetch(at_most)
        await asyncio.sleep(0 if fetched else 0.01)
        return fetched


class PatientPlatform(InMemoryPlatform):
    """The in-memory platform with a patient reader."""

    async def reader(self, group: str, topics: Sequence[str], *, keeps: bool = True) -> InMemoryReader:
        return PatientReader(self.log, group, topics)


@asynccontextmanager
async def running_loop(port: int) -> AsyncIterator[PatientPlatform]:
    platform = PatientPlatform(Settings(), Clock(wall=lambda: datetime.now(UTC)))
    service = Service(name=SERVICE, says="tickets", document=NumberCounted, reacts={NumberCounted: on_counted})
    workers = [
        *await serve.workers_of(cast(Platform, platform), service),
        serve.health(SERVICE, "127.0.0.1", port),
    ]
    stop = asyncio.Event()
    task = asyncio.create_task(run_workers(workers, stop))
    try:
        yield platform
    finally:
        stop.set()
        await task


@asynccontextmanager
async def prometheus(folder: Path, scraped: int) -> AsyncIterator[str]:
    program, port = require("prometheus", "prometheus"), free_port()
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(PROJECT / "deploy/prometheus/rules/*.yml")],
        "scrape_configs": [
            {"job_name": "duban-loop", "static_configs": [{"targets": [f"127.0.0.1:{scraped}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    process = await asyncio.create_subprocess_exec(
        program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def eventually(probe: Callable[[], Awaitable[bool]]) -> None:
    """Ask a foreign process until it says yes; fails after WITHIN."""
    never = asyncio.Event()
    async with asyncio.timeout(WITHIN):
        while not await probe():
            await pauses.pause(0.2, never)


def say(platform: InMemoryPlatform, number: int, ticket: str) -> Incoming:
    return platform.log.append(outgoing(fact(NumberCounted(number=number), key=ticket, seq=1), "tickets"))


async def test_prometheus_reads_a_loop_and_raises_its_alert(tmp_path: Path) -> None:
    scraped = free_port()
    async with running_loop(scraped) as platform, prometheus(tmp_path, scraped) as url, httpx2.AsyncClient() as client:
        say(platform, 1, "T1")

        async def value_of(query: str) -> float | None:
            try:
                answer = await client.get(f"{url}/api/v1/query", params={"query": query})
            except httpx2.TransportError:
                return None
            if answer.status_code != httpx2.codes.OK:
                return None  # it still starts
            found = answer.json().get("data", {}).get("result", [])
            return float(found[0]["value"][1]) if found else None

        async def handled() -> bool:
            series = 'duban_loop_messages_total{service="scraped", type="NumberCounted", end="change"}'
            return await value_of(series) == 1

        async def holds() -> bool:
            return await value_of('ALERTS{alertname="DubanLoopHeld", service="scraped", alertstate="firing"}') == 1

        await eventually(handled)
        assert await value_of('up{job="duban-loop"}') == 1
        assert await value_of('duban_loop_held{service="scraped"}') == 0
        assert not await holds()
        for n in range(30):
            say(platform, -1, f"B{n}")
        await eventually(holds)
