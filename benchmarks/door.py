"""intake's API beside a bare endpoint: single submissions over 64 connections, one process each."""

import asyncio
import statistics
import time
import uuid
from contextlib import ExitStack

import orjson

from benchmarks.bench import Ground, Result, in_turn
from deploy.local.state import free_port
from simulation.sample_matters import stream

CONNECTIONS = 64
SECONDS = 6.0
WARM = 1.5  # seconds before the clock runs
TARGET = 0.70
ROUNDS = 3
UP_WITHIN = 60.0  # seconds


async def measure(ground: Ground) -> Result:
    """Submissions a second that were answered 201."""
    there = await ground.fresh()
    bare_port, ports = free_port(), free_port()
    more = {"DUBAN_API_PORTS_FROM": str(ports), "DUBAN_LOOP_PORTS_FROM": str(free_port())}
    with ExitStack() as running:
        running.enter_context(there.process("-m", "benchmarks.bare", str(bare_port)))
        running.enter_context(there.process("-m", "cli", "serve", "intake", "api", **more))
        with there.process("-m", "cli", "serve", "intake", "loop", **more):
            await _up(ports)  # the loop publishes the day key; then it stops, so that only the doors are measured
        await _up(bare_port)
        result = await in_turn(
            "intake API", "submissions/s", TARGET, ROUNDS, lambda: _load(ports), lambda: _load(bare_port)
        )
        for name, port, rates in (("intake API", ports, result.measured), ("floor", bare_port, result.floor)):
            await _print_waits(name, port, statistics.median(rates) / 2)
    await there.forget()
    return result


async def _up(port: int) -> None:
    """Until a submission is answered 201."""
    async with asyncio.timeout(UP_WITHIN):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                answered = await _post(reader, writer, _bodies(1)[0])
                writer.close()
                if answered:
                    return
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.3)


def _bodies(count: int) -> list[bytes]:
    matters = stream(11)
    return [orjson.dumps(next(matters).sent()) for _ in range(count)]


async def _load(port: int) -> float:
    bodies = _bodies(200)
    began = time.perf_counter() + WARM
    counts = await asyncio.gather(*(_client(port, bodies, nth, began) for nth in range(CONNECTIONS)))
    return sum(counts) / SECONDS


async def _client(port: int, bodies: list[bytes], first: int, began: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done, nth = 0, first
    while (now := time.perf_counter()) < began + SECONDS:
        accepted = await _post(reader, writer, bodies[nth % len(bodies)])
        done += accepted and now >= began
        nth += 1
    writer.close()
    return done


async def _print_waits(name: str, port: int, rate: float) -> None:
    """How long callers wait at this rate, each from the instant at which it wanted to ask."""
    bodies, began = _bodies(200), time.perf_counter() + WARM
    clients = [_paced(port, bodies, began + nth / rate, CONNECTIONS / rate) for nth in range(CONNECTIONS)]
    waits = sorted(wait for each in await asyncio.gather(*clients) for wait in each)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"  {name} at {rate:.0f}/s, half of it: p50 {1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms", flush=True)


async def _paced(port: int, bodies: list[bytes], first: float, every: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = list[float]()
    for nth in range(int(SECONDS / every)):
        wanted = first + nth * every
        await asyncio.sleep(max(0.0, wanted - time.perf_counter()))
        assert await _post(reader, writer, bodies[nth % len(bodies)]), "a submission was not answered 201"
        waits.append(time.perf_counter() - wanted)
    writer.close()
    return waits


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> bool:
    """One request on a kept connection; as little of a client as will do, so that it is not what is measured."""
    head = (
        f"POST /v1/submissions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {uuid.UUID(int=time.perf_counter_ns() << 40 | id(body) & 0xFFFF)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return answer.startswith(b"HTTP/1.1 201")
