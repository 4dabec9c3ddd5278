"""A receiver of webhooks on this machine, which answers as a test wants: at once, late, never, wrongly."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

OK, GONE, BROKEN = 200, 410, 500
HANG = 0  # no answer at all


@dataclass(frozen=True, slots=True)
class ReceivedHook:
    """A webhook as it came in."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def event(self) -> Any:
        return orjson.loads(self.content)


Answer = Callable[[ReceivedHook], int]


@dataclass
class HookReceiver:
    """``answers``: the status for each webhook; ``more``: header lines and a body that every answer has besides."""

    port: int = 0
    answers: Answer = lambda _hook: OK
    more: tuple[str, bytes] = ("", b"")
    received: list[ReceivedHook] = field(default_factory=list)
    seconds: float = 0.0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def ids(self) -> list[str]:
        """The ids of what came, in its order, without pings."""
        return [each.headers["webhook-id"] for each in self.received if each.event["subject"] != each.event["id"]]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as it lives."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(_headers(head), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, headers: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        hook = ReceivedHook(headers, await reader.readexactly(int(headers["content-length"])))
        self.received.append(hook)
        self.came.set()
        status = self.answers(hook)
        await asyncio.sleep(self.seconds)
        if status == HANG:
            await asyncio.Event().wait()
        lines, body = self.more
        writer.write(f"HTTP/1.1 {status} x\r\n{lines}content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode().split("\r\n")[1:-2]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


@asynccontextmanager
async def receiver(
    answers: Answer = lambda _hook: OK, tls: ssl.SSLContext | None = None
) -> AsyncIterator[HookReceiver]:
    """One that listens until the context ends."""
    there = HookReceiver(answers=answers)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(there.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
