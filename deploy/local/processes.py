"""Which processes belong to the local stack: written down as they start, so that what a kill -9 leaves can be ended."""

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

POLL_EVERY = 0.1  # seconds
STARTED = 19  # place of the start time in /proc/PID/stat, counted after the closing bracket of the name


@dataclass(frozen=True, slots=True)
class KnownProcess:
    """A process, told apart from a later one that got the same number."""

    pid: int
    started: str

    def lives(self) -> bool:
        """Whether it is still that process, and no zombie."""
        return bool(self.started) and started(self.pid) == self.started

    def send(self, what: signal.Signals) -> None:
        """A signal, if it lives."""
        if self.lives():
            os.kill(self.pid, what)


def started(pid: int) -> str:
    """When the process started, in the kernel's ticks since boot; "" when there is none or it is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[STARTED]


def known(pid: int) -> KnownProcess:
    """The process that has this number now."""
    return KnownProcess(pid, started(pid))


def write(path: Path, processes: Mapping[str, KnownProcess]) -> None:
    """Replace what is written down. Readers see the old or the new list, never half of it."""
    rows = {name: [each.pid, each.started] for name, each in processes.items()}
    write_atomically(path, orjson.dumps(rows, option=orjson.OPT_INDENT_2))


def read(path: Path) -> dict[str, KnownProcess]:
    """What is written down; nothing when there is no list."""
    if not path.exists():
        return {}
    return {name: KnownProcess(pid, begun) for name, (pid, begun) in orjson.loads(path.read_bytes()).items()}


def end_left_over(path: Path, within: float) -> list[str]:
    """End what a dead supervisor left running; the names. SIGTERM, and SIGKILL after ``within`` seconds."""
    left = {name: each for name, each in read(path).items() if each.lives()}
    for each in left.values():
        each.send(signal.SIGTERM)
    until = time.monotonic() + within
    while time.monotonic() < until and any(each.lives() for each in left.values()):
        time.sleep(POLL_EVERY)
    for each in left.values():
        each.send(signal.SIGKILL)
    path.unlink(missing_ok=True)
    return sorted(left)


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the old or the new content, never half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)
