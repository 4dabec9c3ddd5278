"""Waiting for what processes do, never for a time alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import orjson

from contracts.envelope import type_of
from runtime.delivery.records import Incoming

ROUTED = ("TicketAssigned", "AssignmentQueued", "TicketScreenedOut")
TOLD = ("PersonNotified", "PeopleNotified", "DeliveryUnknown")
PAUSE = 0.1  # seconds between looks


async def until(condition: Callable[[], Awaitable[bool]], otherwise: str, within: float = 60.0) -> None:
    """Wait until it holds. Fails after ``within`` seconds."""
    end = time.monotonic() + within
    while not await condition():
        assert time.monotonic() < end, f"{otherwise} within {within:.0f} s"
        await asyncio.sleep(PAUSE)


async def eventually(condition: Callable[[], bool], otherwise: str, within: float = 60.0) -> None:
    """The same for what is known at once."""

    async def holds() -> bool:
        return condition()

    await until(holds, otherwise, within)


async def answers(port: int, path: str, name: str) -> None:
    """Until the process there says 200."""
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:

        async def says() -> bool:
            try:
                return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == 200
            except httpx2.HTTPError:
                return False  # it is starting

        await until(says, f"{name} did not say 200 to {path}", 120)


async def status_of(port: int, path: str) -> int:
    """The status with which the process there answers; 0 when it does not."""
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code
        except httpx2.HTTPError:
            return 0


def is_frozen(pid: int) -> bool:
    """Whether the process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def most_memory(pid: int) -> int:
    """The most kilobytes that the process ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def is_routed(record: Incoming) -> bool:
    return type_of(record.headers) in ROUTED


def is_told(record: Incoming) -> bool:
    if type_of(record.headers) not in TOLD:
        return False
    body = orjson.loads(record.value)
    return any((each["audience"], each["kind"]) == ("reporter", "registered") for each in body.get("told", [body]))
