"""Submissions that come at a pace of their own, whatever becomes of those before, and what they were told."""

import asyncio
import contextlib
import itertools
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from tests.faults.crew import MATTER

LOOK = 0.05  # seconds
BODY = orjson.dumps(MATTER)


@dataclass
class BurstAnswers:
    """What clients were told: by status, the seconds that each answer took."""

    port: int
    clients: int = 1  # each with a loopback address of its own
    took: dict[int, list[float]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    last: float = 0.0  # when somebody was told a number
    _next: Iterator[int] = field(default_factory=itertools.count)

    async def ask(self) -> None:
        """One submission on a connection of its own: the door closes one that idles, just when it may be used again."""
        began = time.monotonic()
        client = next(self._next) % self.clients
        own = (f"127.0.{client // 250 + 1}.{client % 250 + 1}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=own)
        writer.write(_request())
        status, body = await _answer(reader)
        writer.close()
        self.took.setdefault(status, []).append(time.monotonic() - began)
        if status == 201:
            self.numbers.append(orjson.loads(body)["number"])
            self.last = time.monotonic()

    def count(self, status: int) -> int:
        return len(self.took.get(status, ()))

    def p99(self, status: int) -> float:
        """Seconds within which 99 of 100 had this answer."""
        return sorted(self.took[status])[self.count(status) * 99 // 100]


def _request() -> bytes:
    head = f"POST /v1/submissions HTTP/1.1\r\nHost: door\r\nIdempotency-Key: {uuid.uuid4()}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(head[9:12]), await reader.readexactly(length)


def _due(pace: float, span: float) -> Iterator[float]:
    """When each of them is due, evenly."""
    began = time.monotonic()
    return itertools.takewhile(lambda due: due < began + span, (began + nth / pace for nth in itertools.count()))


async def own_lag() -> float:
    """The most seconds by which this process itself was late, until it is cancelled."""
    most = 0.0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            due = time.monotonic() + LOOK
            await asyncio.sleep(LOOK)
            most = max(most, time.monotonic() - due)
    return most


async def unhurried(port: int, clients: int, span: float) -> BurstAnswers:
    """What clients are told that each wait for an answer before they ask again, for so many seconds."""
    told, until = BurstAnswers(port, clients), time.monotonic() + span

    async def client() -> None:
        while time.monotonic() < until:
            await told.ask()

    await asyncio.gather(*(client() for _ in range(clients)))
    assert set(told.took) == {201}, f"answers: {set(told.took)}"
    return told


async def burst(port: int, pace: float, span: float, clients: int = 1) -> BurstAnswers:
    """So many a second for so many seconds, each on its own."""
    told = BurstAnswers(port, clients)
    async with asyncio.TaskGroup() as asked:
        for due in _due(pace, span):
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            asked.create_task(told.ask())
    return told
