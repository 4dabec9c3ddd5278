"""What a killed supervisor leaves is found and ended, and nobody else's process is."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.local import processes
from deploy.local.processes import KnownProcess


def lasting() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_what_was_left_running_is_ended(tmp_path: Path) -> None:
    left, listed = lasting(), tmp_path / "processes.json"
    processes.write(listed, {"sla-loop": processes.known(left.pid)})
    assert processes.end_left_over(listed, within=20) == ["sla-loop"]
    assert left.wait(20) != 0
    assert not listed.exists()


def test_a_later_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    other, listed = lasting(), tmp_path / "processes.json"
    processes.write(listed, {"sla-loop": KnownProcess(other.pid, "1")})
    assert processes.end_left_over(listed, within=20) == []
    assert other.poll() is None
    other.kill()
    other.wait(20)


def test_a_process_is_known_by_when_it_started() -> None:
    assert processes.known(os.getpid()).lives()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    there = processes.known(ended.pid)
    ended.wait(20)
    assert not there.lives()
    assert not processes.known(ended.pid).lives()


def test_without_a_list_nothing_is_left_over(tmp_path: Path) -> None:
    assert processes.end_left_over(tmp_path / "none.json", within=1) == []
