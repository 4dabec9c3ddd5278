"""One process kept alive: when it is started again, how it is stopped, and what its log may take."""

import asyncio
import errno
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local import keeper as keeper_of
from deploy.local import processes
from deploy.local.keeper import CALM_AFTER, PAUSES, BoundedLog, Child, Keeper, decide_again

ENDS_AT_ONCE = (sys.executable, "-c", "print('I was here')")
FAILS = (sys.executable, "-c", "raise SystemExit(3)")
LASTS = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
)


class KeeperReports:
    """What a keeper says, and which processes it started."""

    def __init__(self) -> None:
        self.restarts: list[dict[str, object]] = []
        self.pids: list[int] = []
        self.restarted, self.begun = asyncio.Event(), asyncio.Event()

    def say(self, step: str, **more: object) -> None:
        self.restarts.append({"step": step, **more})
        self.restarted.set()

    def note(self, _name: str, pid: int) -> None:
        self.pids.append(pid)
        self.begun.set()


@pytest.mark.parametrize(
    ("nth", "lived", "pause", "counted"),
    [
        (0, 0.1, PAUSES[0], 1),
        (1, 0.1, PAUSES[1], 2),
        (4, 0.1, PAUSES[4], 5),
        (99, 0.1, PAUSES[-1], 100),
        (99, CALM_AFTER + 1, PAUSES[0], 1),
    ],
)
def test_each_start_in_a_row_waits_longer_until_a_calm_life(nth: int, lived: float, pause: float, counted: int) -> None:
    again = decide_again(nth, lived)
    assert (again.pause, again.nth) == (pause, counted)


async def test_what_dies_is_started_again(tmp_path: Path) -> None:
    heard = KeeperReports()
    keeper = Keeper(Child("child", FAILS), tmp_path, heard.say, heard.note)
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(20):
        await heard.restarted.wait()
        heard.begun.clear()
        await heard.begun.wait()
    await keeper.stop()
    await running
    assert heard.restarts[0] == {"step": "restart", "process": "child", "code": 3, "nth": 1}
    assert len(set(heard.pids)) >= 2


async def test_what_may_end_by_itself_is_left_alone_and_its_words_are_in_its_log(tmp_path: Path) -> None:
    heard = KeeperReports()
    async with asyncio.timeout(20):
        await Keeper(Child("child", ENDS_AT_ONCE, once=True), tmp_path, heard.say, heard.note).run()
    assert (heard.restarts, len(heard.pids)) == ([], 1)
    assert (tmp_path / "child.log").read_text() == "I was here\n"


@pytest.mark.parametrize("command", [LASTS, STUBBORN])
async def test_stop_ends_it_and_it_is_not_started_again(tmp_path: Path, command: tuple[str, ...]) -> None:
    heard = KeeperReports()
    keeper = Keeper(Child("child", command, stop_within=0.5), tmp_path, heard.say, heard.note)
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(20):
        await heard.begun.wait()
        await keeper.stop()
        await running
    assert (heard.restarts, len(heard.pids)) == ([], 1)


@pytest.mark.parametrize("began", [0, 1], ids=["the first time", "again"])
async def test_a_store_is_not_started_while_its_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, began: int
) -> None:
    looks, free, looked = iter([100] * began), [10], asyncio.Event()

    def usage(_disk: Path) -> SimpleNamespace:
        looked.set()
        return SimpleNamespace(free=next(looks, free[0]))

    monkeypatch.setattr("deploy.local.keeper.shutil.disk_usage", usage)
    monkeypatch.setattr(keeper_of, "LOOK_FOR_ROOM", 0.01)
    heard = KeeperReports()
    keeper = Keeper(Child("kafka", FAILS, disk=tmp_path / "kafka", least=100), tmp_path, heard.say, heard.note)
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(20):
        for _ in range(3):
            looked.clear()
            await looked.wait()
        assert len(heard.pids) == began, "it waits"
        free[0], heard.begun = 100, asyncio.Event()
        await heard.begun.wait()
    await keeper.stop()
    await running
    steps = [each["step"] for each in heard.restarts]
    assert steps[: began + 2] == ["restart", "no_room", "room_again"][1 - began :]
    assert heard.restarts[began] == {"step": "no_room", "process": "kafka", "free": 10, "least": 100}


def test_a_log_takes_no_more_than_twice_its_length(tmp_path: Path) -> None:
    path = tmp_path / "child.log"
    log = BoundedLog(path, at_most=1000)
    for nth in range(100):
        log.write(f"{nth:099d}\n".encode())
    log.close()
    older = path.with_suffix(".log.1")
    assert path.stat().st_size + older.stat().st_size <= 2 * 1000 + 100
    assert path.read_text().splitlines()[-1].endswith("99")


@pytest.mark.parametrize("command", [LASTS, STUBBORN])
async def test_stop_while_it_is_being_started_ends_it_too(
    tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, begun, may_go_on = asyncio.create_subprocess_exec, asyncio.Event(), asyncio.Event()

    async def slow(*words: str, **more: Any) -> asyncio.subprocess.Process:
        begun.set()
        await may_go_on.wait()
        return await begin(*words, **more)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", slow)
    heard = KeeperReports()
    keeper = Keeper(Child("child", command, stop_within=0.5), tmp_path, heard.say, heard.note)
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(20):
        await begun.wait()
        await keeper.stop()
        may_go_on.set()
        await running
    assert (heard.restarts, len(heard.pids)) == ([], 1)
    assert not processes.known(heard.pids[0]).lives()


def test_a_full_disk_loses_lines_of_a_log_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = BoundedLog(Path("/dev/full"))
    log.write(b"lost\n")
    log.close()
    log = BoundedLog(path := tmp_path / "child.log", at_most=1)
    log.write(b"first\n")
    with monkeypatch.context() as full:
        full.setattr(Path, "open", raise_full)
        log.write(b"cannot be opened\n")
        log.write(b"is closed\n")
    log.close()
    assert path.with_suffix(".log.1").read_text() == "first\n"


def raise_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
