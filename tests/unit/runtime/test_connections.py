"""Connections within bounds, on a real socket: heads and bodies that do not end, and more than there is room for."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request
from structlog.testing import capture_logs

from deploy.local.state import free_port
from runtime.http import connections
from runtime.http.app import create_app
from runtime.http.connections import BODY_WITHIN, FIELDS, HEAD_BYTES, HEAD_WITHIN, OTHER_FILES, TooFewFiles, claim_files
from runtime.http.in_time import ANSWER_WITHIN
from runtime.process.serve import http
from runtime.telemetry import metrics
from runtime.workers import run_workers

AT_MOST = 8
SOON = 0.2  # seconds
LIVE = b"GET /live HTTP/1.1\r\nHost: a\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def always() -> bool:
    return True


def _app() -> FastAPI:
    app = create_app("bounded", always)

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError

    return app


@pytest.fixture
async def port() -> AsyncIterator[int]:
    found, stop = free_port(), asyncio.Event()
    worker = http("bounded", _app(), "127.0.0.1", found, AT_MOST)
    serving = asyncio.create_task(run_workers([worker], stop))
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", found)
                writer.close()
                break
            await asyncio.sleep(0)
    yield found
    stop.set()
    await serving


@dataclass
class SocketCaller:
    """Opens connections, and closes them in the end."""

    port: int
    opened: list[Connection] = field(default_factory=list)

    async def send(self, *parts: bytes) -> Connection:
        """What is sent on a connection of its own, in pieces."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.opened.append((reader, writer))
        for part in parts:
            writer.write(part)
            await writer.drain()
        return reader, writer

    async def close(self) -> None:
        for _, writer in self.opened:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@pytest.fixture
async def caller(port: int) -> AsyncIterator[SocketCaller]:
    made = SocketCaller(port)
    yield made
    await made.close()


async def status(connection: Connection) -> int:
    """Of the next answer; 0 when the connection was closed without one."""
    async with asyncio.timeout(10):
        line = await connection[0].readline()
    return int(line.split()[1]) if line else 0


async def ended(connection: Connection) -> bool:
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            await connection[0].read()
    return connection[0].at_eof()


def not_read(why: str) -> float:
    return float(metrics.NOT_READ.labels(why)._value.get())


async def test_a_request_in_pieces_and_several_on_one_connection_are_answered(caller: SocketCaller) -> None:
    posted = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"
    connection = await caller.send(LIVE[:9], LIVE[9:] + b"\r\n", posted, b"lo" + LIVE + b"\r\n" + LIVE + b"\r\n")
    answers = []
    for _ in range(4):
        answers.append(await status(connection))
        head = await connection[0].readuntil(b"\r\n\r\n")
        length = next(int(each[15:]) for each in head.lower().split(b"\r\n") if each.startswith(b"content-length"))
        await connection[0].readexactly(length)
    assert answers == [200] * 4


@pytest.mark.parametrize(
    ("rest", "why", "told"),
    [
        (b"X-A: 1\r\n" * (FIELDS + 1) + b"\r\n", "head_too_large", 431),
        (b"X-A: " + b"a" * HEAD_BYTES, "head_too_large", 431),
        (b"X-A: " + b"a" * HEAD_BYTES + b"\r\n\r\n", "head_too_large", 431),
        (b"no colon\r\n\r\n", "malformed", 400),
    ],
)
async def test_what_is_no_head_or_too_much_of_one_is_counted_and_not_read(
    caller: SocketCaller, rest: bytes, why: str, told: int, capfd: pytest.CaptureFixture[str]
) -> None:
    before = not_read(why)
    with capture_logs() as said:
        connection = await caller.send(LIVE + rest)
        assert (await status(connection), await ended(connection)) == (told, True)
    assert (not_read(why) - before, said) == (1, [])
    assert "Invalid HTTP" not in "".join(capfd.readouterr())


async def test_a_head_of_a_hundred_megabytes_ends_after_its_first_kilobytes(caller: SocketCaller) -> None:
    connection = await caller.send(LIVE)
    sent = 0
    with contextlib.suppress(ConnectionError):
        for _ in range(1600):
            connection[1].write(b"X-A: " + b"a" * 65_536)
            await connection[1].drain()
            sent += 65_536
    assert sent < 20 * 1024 * 1024, "what the sockets of both sides hold"


@pytest.mark.parametrize(
    ("bound", "sent"),
    [
        ("HEAD_WITHIN", b""),
        ("HEAD_WITHIN", b"\r\n"),
        ("HEAD_WITHIN", LIVE),
        ("HEAD_WITHIN", LIVE + b"\r\n" + LIVE),
        ("BODY_WITHIN", b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"),
    ],
)
async def test_half_a_request_is_closed_when_its_time_is_over(
    caller: SocketCaller, bound: str, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, bound, SOON)
    before = not_read("late")
    assert await ended(await caller.send(sent))
    assert not_read("late") == before + 1
    assert ANSWER_WITHIN < BODY_WITHIN
    assert max(HEAD_WITHIN, BODY_WITHIN) <= 15, "issue 13: closed in 15 s at the latest"


async def test_where_no_place_is_left_the_oldest_half_head_makes_room(caller: SocketCaller) -> None:
    slow = [await caller.send(LIVE) for _ in range(AT_MOST)]
    for _ in range(3):
        assert await status(await caller.send(LIVE + b"\r\n")) == 200
    assert [await status(each) for each in slow[:3]] == [408] * 3
    slow[-1][1].write(b"\r\n")
    assert await status(slow[-1]) == 200


async def test_where_everybody_is_being_served_one_more_is_not(caller: SocketCaller) -> None:
    posting = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    served, before = [await caller.send(posting) for _ in range(AT_MOST)], not_read("too_many_connections")
    assert [await status(each) for each in served] == [100] * AT_MOST
    assert await ended(await caller.send(LIVE + b"\r\n"))
    assert not_read("too_many_connections") == before + 1
    for each in served:
        assert await each[0].readline() == b"\r\n"
        each[1].write(b"hello")
    assert {await status(each) for each in served} == {200}


async def test_a_bug_is_told_in_the_log_and_nowhere_else(
    caller: SocketCaller, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as said:
        assert await status(await caller.send(b"GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")) == 500
        await caller.send(LIVE)
        assert await status(await caller.send(LIVE + b"\r\n")) == 200
    told = [(each["event"], each["kind"]) for each in said]
    assert told == [("api_bug", "ZeroDivisionError"), ("http_server", "ZeroDivisionError")]
    assert "Traceback" not in "".join(capfd.readouterr())


def test_as_many_files_are_claimed_as_connections_need_and_too_few_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claimed: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: claimed.append(limits))
    claim_files(500)
    claim_files(2000)
    assert claimed == [(2000 + OTHER_FILES, 4096)]
    with pytest.raises(TooFewFiles, match=r"DUBAN_CONNECTIONS is 4000.* 3840 "):
        claim_files(4000)
