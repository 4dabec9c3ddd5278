"""Keeps one process alive: starts it, writes its log, starts it again when it ends, later each time."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the first, second, … start again in a row
CALM_AFTER = 60.0  # seconds a process must have lived for its restarts to be forgotten
LOOK_FOR_ROOM = 2.0  # seconds
LOG_BYTES = 5_000_000  # a log as long as this is put aside; one older log is kept
CHUNK = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Child:
    """One process. ``once``: it may end by itself. ``stop_within``: seconds between SIGTERM and SIGKILL.

    ``disk``: it is not started while fewer than ``least`` bytes are free there, the first time neither: a store that
    starts on a full disk may come up empty.
    """

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    once: bool = False
    stop_within: float = 9.0
    disk: Path | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Again:
    """Start again after ``pause`` seconds; it is the ``nth`` time in a row."""

    pause: float
    nth: int


def decide_again(nth: int, lived: float) -> Again:
    """After the ``nth`` start again in a row (0: the first start), when the process lived so many seconds."""
    before = 0 if lived > CALM_AFTER else nth
    return Again(PAUSES[min(before, len(PAUSES) - 1)], before + 1)


class BoundedLog:
    """A log file that never takes more than twice LOG_BYTES. On a full disk lines are lost, and nothing else."""

    def __init__(self, path: Path, at_most: int = LOG_BYTES) -> None:
        self._path, self._at_most = path, at_most
        self._file = path.open("ab", buffering=0)

    def write(self, chunk: bytes) -> None:
        """Append; what is there is put aside when it is long enough."""
        with contextlib.suppress(OSError, ValueError):  # full, or closed because the next one could not be opened
            self._append(chunk)

    def _append(self, chunk: bytes) -> None:
        if self._file.tell() >= self._at_most:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab", buffering=0)
        self._file.write(chunk)

    def close(self) -> None:
        self._file.close()


class Keeper:
    """One child. ``say`` hears of restarts; ``note`` hears of each process that starts."""

    def __init__(self, child: Child, logs: Path, say: Callable[..., None], note: Callable[[str, int], None]) -> None:
        self.child, self._log = child, logs / f"{child.name}.log"
        self._say, self._note = say, note
        self._process: asyncio.subprocess.Process | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Keep it alive until stopped."""
        nth, loop = 0, asyncio.get_running_loop()
        while await self._is_wanted():
            began = loop.time()
            code = await self._run_once()
            if self._stop.is_set() or (self.child.once and code == 0):
                return
            again = decide_again(nth, loop.time() - began)
            nth = again.nth
            self._say("restart", process=self.child.name, code=code, nth=nth)
            await wait(self._stop, again.pause)

    async def _is_wanted(self) -> bool:
        """Once there is room; not when it is to stop."""
        await self._until_there_is_room()
        return not self._stop.is_set()

    async def _until_there_is_room(self) -> None:
        said = False
        while not self._stop.is_set() and (free := self._free()) < self.child.least:
            if not said:
                self._say("no_room", process=self.child.name, free=free, least=self.child.least)
            said = True
            await wait(self._stop, LOOK_FOR_ROOM)
        if said:
            self._say("room_again", process=self.child.name)

    def _free(self) -> int:
        """Of a folder that is not there yet: on the disk where it will be."""
        if self.child.disk is None:
            return self.child.least
        there = next(each for each in (self.child.disk, *self.child.disk.parents) if each.exists())
        return shutil.disk_usage(there).free

    async def _run_once(self) -> int:
        process = self._process = await asyncio.create_subprocess_exec(
            *self.child.command,
            env={**os.environ, **self.child.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._note(self.child.name, process.pid)
        if self._stop.is_set():  # said while it was being started
            await self._end(process)
        assert process.stdout is not None
        log = BoundedLog(self._log)
        while chunk := await process.stdout.read(CHUNK):
            log.write(chunk)
        log.close()
        return await process.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when it takes too long; it is not started again."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        await self._end(process)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.child.stop_within)
        except TimeoutError:
            process.kill()
            await process.wait()


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most so many seconds; whether it came."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
