"""The supervisor ends when it is told to, whatever one of its threads waits for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli import down
from deploy.local import processes, supervisor
from deploy.local.state import StackState

HANGS = """
import threading
from deploy.local import plan, supervisor

def prepare(stores, say, stop):
    print("hangs", flush=True)
    threading.Event().wait(300)

plan.Stores.prepare = prepare
supervisor.main()
"""
DEAF = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"


def test_a_stop_during_the_start_ends_it_although_a_thread_hangs(tmp_path: Path) -> None:
    folder = StackState(tmp_path / "state").create()
    env = {**os.environ, "DUBAN_STATE": str(folder.root)}
    process = subprocess.Popen([sys.executable, "-c", HANGS], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"hangs\n"
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, b"")
    assert b"stopped" in folder.status.read_bytes()
    assert not folder.supervisor.exists()


def asleep(folder: Path) -> Path:
    """A program that does nothing for a minute."""
    program = folder / "asleep"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    return program


def test_down_at_once_ends_what_up_has_just_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = StackState(tmp_path / "state")
    monkeypatch.setenv("DUBAN_STATE", str(folder.root))
    monkeypatch.setattr(sys, "executable", str(asleep(tmp_path)))  # it has written nothing down itself yet
    process = supervisor.detach(folder)
    down.down()
    assert process.wait(20) == -signal.SIGTERM
    assert "stopped; data and time are kept" in capsys.readouterr().out


def test_down_ends_a_supervisor_that_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = StackState(tmp_path / "state").create()
    monkeypatch.setenv("DUBAN_STATE", str(folder.root))
    monkeypatch.setattr(down, "STOP_WITHIN", 0.2)
    with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deaf\n"
        processes.write(folder.supervisor, {"supervisor": processes.known(process.pid)})
        down.down()
        assert process.wait(20) == -signal.SIGKILL
    said = capsys.readouterr()
    assert "ended hard" in said.err
    assert "stopped; data and time are kept" in said.out
