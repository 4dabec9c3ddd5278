"""The supervisor of the local stack: starts everything in order, restarts what dies, keeps the clock, stops in order.

It writes what it does, a JSON line a step, to ``status.jsonl``; ``duban up`` shows it.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

import orjson

from deploy.local import plan
from deploy.local.plan import Child
from deploy.local.state import State, state
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall

BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the first, second, … restart in a row
CALM_AFTER = 60.0  # seconds a process must live for its restarts to be forgotten
STOP_WITHIN = 9.0  # seconds for services
LOG_BYTES, LOGS_KEPT = 5_000_000, 2
DOMAIN_BEGINS = DomainTime(datetime(2026, 3, 2, 0, 30, tzinfo=UTC))  # a Monday morning in China


def restart_pause(restarts: int) -> float:
    """Seconds to wait before the next start."""
    return BACKOFF[min(restarts, len(BACKOFF) - 1)]


class Supervisor:
    """Runs children until it is told to stop."""

    def __init__(self, folder: State) -> None:
        self._folder = folder
        self._stop = asyncio.Event()
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def say(self, step: str, **more: object) -> None:
        """One line for whoever watches the start."""
        with self._folder.status.open("ab") as out:
            out.write(orjson.dumps({"step": step, **more}) + b"\n")

    async def run(self) -> None:
        """Start all stages, wait for SIGTERM, stop them in the opposite order."""
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self._stop.set)
        stores = plan.Stores(self._folder)
        try:
            await asyncio.to_thread(stores.start, self.say)
            clock = self._clock(stores.rate)
            await plan.prepare(stores, clock.segment, self.say)
            self._start(plan.services(stores, clock.segment))
            self.say("services", addresses=plan.addresses())
            await self._stop.wait()
        except Exception as error:
            self.say("failed", why=f"{type(error).__name__}: {error}")
            raise
        finally:
            await self._stop_children()
            await asyncio.to_thread(stores.stop)

    def _start(self, children: Sequence[Child]) -> None:
        self._tasks += [asyncio.create_task(self._keep(child), name=child.name) for child in children]

    async def _keep(self, child: Child) -> None:
        restarts = 0
        while not self._stop.is_set():
            began = asyncio.get_running_loop().time()
            code = await self._run_once(child)
            if child.once and code == 0:
                return
            restarts = 0 if asyncio.get_running_loop().time() - began > CALM_AFTER else restarts + 1
            if not self._stop.is_set():
                self.say("restart", process=child.name, code=code)
                await self._pause(restart_pause(restarts))

    async def _run_once(self, child: Child) -> int:
        log = RotatingFileHandler(self._folder.logs / f"{child.name}.log", maxBytes=LOG_BYTES, backupCount=LOGS_KEPT)
        process = await asyncio.create_subprocess_exec(
            *child.command,
            env={**os.environ, **child.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1_000_000,
        )
        self._processes[child.name] = process
        assert process.stdout is not None
        await _copy(process.stdout, log)
        log.close()
        return await process.wait()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    async def _stop_children(self) -> None:
        self._stop.set()
        for process in self._processes.values():
            if process.returncode is None:
                process.terminate()
        _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN) if self._tasks else ((), ())
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*late, return_exceptions=True)

    def _clock(self, rate: float) -> Clock:
        """Domain time goes on where it stood; a checkpoint each second, so also after kill -9."""
        domain = DOMAIN_BEGINS
        if self._folder.clock.exists():
            domain = DomainTime(datetime.fromisoformat(orjson.loads(self._folder.clock.read_bytes())["domain"]))
        clock = Clock(Segment(WallTime(system_wall()), domain, rate))
        self._tasks.append(asyncio.create_task(self._checkpoint(clock), name="clock"))
        return clock

    async def _checkpoint(self, clock: Clock) -> None:
        while True:
            write_atomically(self._folder.clock, orjson.dumps({"domain": clock.now().isoformat()}))
            if self._stop.is_set():
                return
            await self._pause(1.0)


async def _copy(source: asyncio.StreamReader, log: RotatingFileHandler) -> None:
    """Lines into a file that turns over at 5 MB."""
    while line := await source.readline():
        log.emit(logging.makeLogRecord({"msg": line.decode("utf-8", "replace").rstrip("\n")}))


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the old or the new content, never half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)


def detach(folder: State, spawn: Callable[..., object]) -> None:
    """Start a supervisor that outlives the terminal."""
    folder.create().status.write_bytes(b"")
    with (folder.logs / "supervisor.log").open("ab") as out:
        spawn(
            [sys.executable, "-m", "deploy.local.supervisor"],
            stdin=-3,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=os.environ | {"DUBAN_STATE": str(folder.root)},
        )


def main() -> None:
    """Run in the foreground: ``duban up`` starts this in the background."""
    folder = state().create()
    folder.pid.write_text(str(os.getpid()))
    try:
        asyncio.run(Supervisor(folder).run())
    finally:
        folder.pid.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
