"""The supervisor of the local stack: starts everything in order, keeps it alive, keeps the clock, stops in order.

It writes what it does, a JSON line a step, to ``status.jsonl``; ``duban up`` shows it.
"""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from deploy.local import plan, processes
from deploy.local.keeper import Child, Keeper, wait
from deploy.local.state import ROOT, StackState, state
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall

DOMAIN_BEGINS = DomainTime(datetime(2026, 3, 2, 0, 30, tzinfo=UTC))  # a Monday morning in China
CHECKPOINT_EVERY = 1.0  # seconds
LEASE = 2.0  # seconds: after kill -9 domain time goes on this much later than the last checkpoint, so never back


class StartStopped(Exception):
    """Somebody said stop while it was still starting."""


class Supervisor:
    """Runs everything until it is told to stop."""

    def __init__(self, folder: StackState) -> None:
        self._folder = folder
        self._stop, self._stop_threads = asyncio.Event(), threading.Event()
        self._processes: dict[str, processes.KnownProcess] = {}
        self._stores: list[Keeper] = []
        self._services: list[Keeper] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._clock: Clock | None = None

    def say(self, step: str, **more: object) -> None:
        """One line for whoever watches the start."""
        with full_disk_said(), self._folder.status.open("ab", buffering=0) as out:
            out.write(orjson.dumps({"step": step, **more}) + b"\n")

    async def run(self) -> None:
        """Start all stages, wait for SIGTERM, stop them in the opposite order."""
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self._begin_to_stop)
        try:
            await self._unless_stopped(self._start_all())
            await self._stop.wait()
        except StartStopped:
            self.say("stopped")
        except Exception as error:
            self.say("failed", why=f"{type(error).__name__}: {error}")
            raise
        finally:
            await self._stop_all()

    def _begin_to_stop(self) -> None:
        self._stop_threads.set()
        self._stop.set()

    async def _start_all(self) -> None:
        stores = plan.Stores(self._folder)
        prepared = await asyncio.to_thread(stores.prepare, self.say, self._stop_threads)
        self._start(self._stores, prepared)
        await asyncio.to_thread(stores.wait, self._stop_threads)
        await plan.lay_topics(stores, self.say)
        self._start(self._services, plan.services(stores, self._start_clock(stores.settings.rate)))
        self.say("services")

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            return task.result()
        task.cancel()
        raise StartStopped

    def _start(self, keepers: list[Keeper], children: Sequence[Child]) -> None:
        for child in children:
            keeper = Keeper(child, self._folder.logs, self.say, self._note)
            keepers.append(keeper)
            self._tasks.append(asyncio.create_task(keeper.run(), name=child.name))

    def _note(self, name: str, pid: int) -> None:
        self._processes[name] = processes.known(pid)
        with full_disk_said():
            processes.write(self._folder.processes, self._processes)

    async def _stop_all(self) -> None:
        self._begin_to_stop()
        for keepers in (self._services, self._stores):
            await asyncio.gather(*(keeper.stop() for keeper in keepers))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._clock is not None:
            self._checkpoint(self._clock, ahead=0.0)
        self._folder.processes.unlink(missing_ok=True)

    def _start_clock(self, rate: float) -> Segment:
        """Domain time goes on where it stood."""
        domain = DOMAIN_BEGINS
        if self._folder.clock.exists():
            domain = DomainTime(datetime.fromisoformat(orjson.loads(self._folder.clock.read_bytes())["domain"]))
        self._clock = Clock(Segment(WallTime(system_wall()), domain, rate))
        self._tasks.append(asyncio.create_task(self._keep_checkpoints(self._clock), name="clock"))
        return self._clock.segment

    async def _keep_checkpoints(self, clock: Clock) -> None:
        while not self._stop.is_set():
            self._checkpoint(clock, LEASE)
            await wait(self._stop, CHECKPOINT_EVERY)

    def _checkpoint(self, clock: Clock, ahead: float) -> None:
        domain = clock.domain_of(WallTime(clock.wall() + timedelta(seconds=ahead)))
        checkpoint = {"domain": domain.isoformat(), "segment": str(clock.segment)}
        with full_disk_said():
            processes.write_atomically(self._folder.clock, orjson.dumps(checkpoint))


@contextlib.contextmanager
def full_disk_said() -> Iterator[None]:
    """What cannot be written now is written the next time; what runs goes on."""
    try:
        yield
    except OSError as why:
        logging.error("not written: %s", why)


def detach(folder: StackState) -> "subprocess.Popen[bytes]":
    """Start a supervisor that outlives the terminal. It is written down at once: `duban down` ends it in any state."""
    folder.create().status.write_bytes(b"")
    with (folder.logs / "supervisor.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.supervisor"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            cwd=folder.root,
            env=os.environ | {"DUBAN_STATE": str(folder.root), "PYTHONPATH": str(ROOT)},
        )
    processes.write(folder.supervisor, {"supervisor": processes.known(process.pid)})
    return process


def main() -> None:
    """Run in the foreground: ``duban up`` starts this in the background."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a Kafka that starts refuses for a while: tried again
    folder = state().create()
    processes.write(folder.supervisor, {"supervisor": processes.known(os.getpid())})
    code = 1
    try:
        asyncio.Runner().run(Supervisor(folder).run())
        code = 0
    except Exception:
        logging.exception("the stack did not start")
    finally:
        folder.supervisor.unlink(missing_ok=True)
        os._exit(code)  # everything has been stopped: a thread that still waits for the network keeps nothing


if __name__ == "__main__":
    main()
