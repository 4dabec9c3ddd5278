"""Where the local stack keeps its things: one folder that git ignores."""

import secrets
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.settings import local

FREE_FROM, FREE_TO = 20_000, 32_000
ROOM = 1 << 30  # bytes: MongoDB's journal, Kafka's segments, the logs and an hour of the demonstration
ROOT = Path(__file__).resolve().parents[2]
_given: set[int] = set()  # who asked for them may not listen yet
_mine = range(FREE_FROM, FREE_TO)
DEFAULT = ROOT / ".duban"


class DiskFull(Exception):
    """There is not enough room for Kafka and MongoDB; the text says where and what to do."""


class NotOurs(Exception):
    """The folder is somebody else's: nothing is written or deleted there."""


class PortTaken(Exception):
    """Something listens there already; the text names the port and the setting that changes it."""


class DidNotStart(Exception):
    """A process of the stack does not answer; the text names its log."""


@dataclass(frozen=True, slots=True)
class StackState:
    """The folder (setting DUBAN_STATE; default ``.duban`` in the project)."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def supervisor(self) -> Path:
        return self.root / "supervisor.json"

    @property
    def processes(self) -> Path:
        """The processes that it started, by name."""
        return self.root / "processes.json"

    @property
    def status(self) -> Path:
        """What the supervisor is doing, a JSON line a step."""
        return self.root / "status.jsonl"

    @property
    def clock(self) -> Path:
        return self.root / "clock.json"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.env"

    @property
    def mark(self) -> Path:
        """Says that the folder is ours, so that `reset` may delete it."""
        return self.root / ".duban-state"

    def create(self) -> "StackState":
        """The folder, readable by its owner only. Raises NotOurs for one that holds other things."""
        self.refuse_strange()
        self.logs.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self.mark.touch()
        return self

    def refuse_strange(self) -> None:
        """Raises NotOurs for a folder that is neither empty nor made by `create`."""
        ours = self.mark.exists() or self.root == DEFAULT
        if not ours and self.root.exists() and not (self.root.is_dir() and is_empty(self.root)):
            raise NotOurs(
                f"{self.root} holds other things than duban's: nothing was written or deleted there. "
                "Set DUBAN_STATE to a folder that is new or empty, or take the setting away"
            )


def is_empty(folder: Path) -> bool:
    """Whether there is nothing in it."""
    return not any(folder.iterdir())


def state() -> StackState:
    """The folder of this project."""
    return StackState(Path(local().state or DEFAULT).resolve())


def refuse_full(folder: Path) -> None:
    """Raises DiskFull when the disk of the folder, or of where it will be, has too little room."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if (room := shutil.disk_usage(there).free) < ROOM:
        raise DiskFull(
            f"only {room >> 20} MB are free on the disk of {folder}, and Kafka and MongoDB need {ROOM >> 20} MB: "
            "free some, or set DUBAN_STATE to a folder on another disk"
        )


def is_free(number: int) -> bool:
    """Whether nothing listens on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def refuse_taken(wanted: dict[str, tuple[str, int]]) -> None:
    """Raises PortTaken for all that are taken at once. ``wanted``: what → (setting, port)."""
    taken = [
        f"port {number} for {what} is taken: free it, or set {setting} to another port"
        for what, (setting, number) in wanted.items()
        if not is_free(number)
    ]
    if taken:
        raise PortTaken("\n".join(taken))


def keep_to_share(share: int, of: int) -> None:
    """Give out the ports of this share only (from 0): processes beside this one give out those of theirs."""
    global _mine
    each = (FREE_TO - FREE_FROM) // of
    _mine = range(FREE_FROM + share * each, FREE_FROM + (share + 1) * each)


def free_port() -> int:
    """A port of one's own, as in ``row_of_ports``."""
    return row_of_ports(1)


def row_of_ports(length: int) -> int:
    """The first of so many ports in a row that nobody listens on, each given out once in this process.

    They lie below those that the system gives to outgoing connections.
    """
    firsts = _mine[: len(_mine) - length]
    while not _take(range(first := secrets.choice(firsts), first + length)):
        pass
    return first


def _take(row: range) -> bool:
    if not _given.isdisjoint(row) or not all(map(is_free, row)):
        return False
    _given.update(row)
    return True


def wait_for_port(number: int, seconds: float, log: Path, lives: Callable[[], bool] = lambda: True) -> None:
    """Return when something listens. Raises DidNotStart when the process no longer lives or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and lives():
        try:
            socket.create_connection(("127.0.0.1", number), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise DidNotStart(f"nothing listens on port {number}; see {log}")
