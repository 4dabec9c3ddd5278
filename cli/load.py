"""``duban load``: registers matters as fast as the door takes them; what was acknowledged is on disk before it counts.

Each key is sent again until it is answered 201, as a careful caller does. A key that stays without an answer is kept
apart: its matter may be there or not, and never twice. ``duban verify --acknowledged FILE`` compares.
"""

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TextIO

import httpx2
import typer
from rich.console import Console
from rich.progress import Progress

from simulation.sample_matters import stream

CONNECTIONS = 24
ASKING_AGAIN = 0.2  # seconds between attempts with one key
GIVE_UP = 120.0  # seconds after which the outcome of a key stays unknown
TIMEOUT = 20.0  # seconds of one attempt
AGAIN = (429, 500, 502, 503, 504)


class MatterRefused(Exception):
    """The door refuses a matter for good: it would refuse it each time."""


@dataclass
class Load:
    """One load on one door. ``numbers``: what was acknowledged; ``unknown``: keys without an answer."""

    url: str
    acknowledged: Path
    matters: Iterator[Mapping[str, Any]]
    connections: int = CONNECTIONS
    give_up: float = GIVE_UP
    step: Callable[[], None] = lambda: None
    transport: httpx2.AsyncBaseTransport | None = None
    numbers: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def unknowns(self) -> Path:
        """Where keys without an answer are written."""
        return self.acknowledged.with_name(self.acknowledged.name + ".unknown")

    async def run(self, count: int) -> None:
        """Register so many. Raises Refused."""
        left = iter(range(count))
        with ExitStack() as files:
            known, lost = (files.enter_context(path.open("a")) for path in (self.acknowledged, self.unknowns))
            async with self._client() as client, asyncio.TaskGroup() as group:
                for _ in range(self.connections):
                    group.create_task(self._work(client, left, known, lost))

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False, transport=self.transport)

    async def _work(self, client: httpx2.AsyncClient, left: Iterator[int], known: TextIO, lost: TextIO) -> None:
        for _ in left:
            key = str(uuid.uuid4())  # noqa: TID251 — the edge: what a caller brings
            number = await self._until_acknowledged(client, key, next(self.matters))
            if number:
                _write(known, number)
                self.numbers.append(number)
            else:
                _write(lost, key)
                self.unknown.append(key)
            self.step()

    async def _until_acknowledged(self, client: httpx2.AsyncClient, key: str, matter: Mapping[str, Any]) -> str:
        """The number; "" when nobody has answered in time."""
        until = time.monotonic() + self.give_up
        while time.monotonic() < until:
            number = await self._attempt(client, key, matter)
            if number:
                return number
            await asyncio.sleep(ASKING_AGAIN)
        return ""

    async def _attempt(self, client: httpx2.AsyncClient, key: str, matter: Mapping[str, Any]) -> str:
        try:
            answer = await client.post(self.url, json=matter, headers={"Idempotency-Key": key})
        except httpx2.HTTPError:
            return ""  # unknown: the same key is safe to send again
        if answer.status_code in AGAIN:
            return ""
        if answer.status_code != 201:
            raise MatterRefused(f"{answer.status_code}: {answer.text[:300]}")
        return str(answer.json()["number"])


def _write(disk: TextIO, line: str) -> None:
    """On the disk, not on its way there."""
    disk.write(line + "\n")
    disk.flush()
    os.fsync(disk.fileno())


def load(
    count: Annotated[int, typer.Option(help="Matters to register.", min=1, max=10_000_000)] = 1000,
    acknowledged: Annotated[Path, typer.Option(help="File that acknowledged numbers are appended to.")] = Path(
        "acknowledged.txt"
    ),
    connections: Annotated[int, typer.Option(help="Callers at once.", min=1, max=1000)] = CONNECTIONS,
    url: Annotated[str, typer.Option(help="Where intake's API is.")] = "http://127.0.0.1:8101",
    seed: Annotated[int, typer.Option(help="The same seed tells the same matters.")] = 7,
    give_up: Annotated[float, typer.Option(help="Seconds until a key's outcome stays unknown.", min=1)] = GIVE_UP,
) -> None:
    """Register sample matters; exit code 1 when the door refuses one, 0 else, also when outcomes stay unknown."""
    matters = (matter.sent() for matter in stream(seed))
    began = time.monotonic()
    with Progress() as progress:
        task = progress.add_task("登记 registering", total=count)
        put = Load(
            f"{url.rstrip('/')}/v1/submissions",
            acknowledged,
            matters,
            connections,
            give_up,
            lambda: progress.advance(task),
        )
        try:
            asyncio.run(put.run(count))
        except* MatterRefused as refused:
            typer.echo(f"refused: {refused.exceptions[0]}", err=True)
            raise typer.Exit(1) from None
    rate = len(put.numbers) / (time.monotonic() - began)
    Console().print(
        f"{len(put.numbers)} acknowledged ({rate:.0f}/s), numbers in {acknowledged}; {len(put.unknown)} unknown\n"
        f"check them: duban verify --acknowledged {acknowledged}"
    )
