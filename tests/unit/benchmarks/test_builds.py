"""What is asked of another commit so that it can be measured."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from benchmarks import builds
from benchmarks.builds import BEFORE_THAT_FILE, Build, BuildRefused
from benchmarks.hours import NIGHT, OFFICE, Hour
from contracts.topics import SERVICES
from deploy.local.state import ROOT
from runtime.clock import Clock, parse_segment

AT_ONCE = 60.0  # seconds


def tree(folder: Path, script: str) -> Build:
    (folder / "pyproject.toml").write_text(f'[project.scripts]\nduban = "{script}"\n')
    return Build("abc", folder, "python")


@pytest.mark.parametrize(
    ("script", "module"),
    [("services.__main__:main", "services"), ("cli.__main__:main", "cli"), ("cli.program:main", "cli.program")],
)
def test_the_command_is_the_one_that_the_tree_declares(tmp_path: Path, script: str, module: str) -> None:
    assert tree(tmp_path, script).command("topics") == ["python", "-m", module, "topics"]


def test_a_tree_older_than_the_list_of_processes_has_the_five_loops(tmp_path: Path) -> None:
    assert list(tree(tmp_path, "services.__main__:main").processes()) == list(BEFORE_THAT_FILE)


def test_a_tree_says_which_processes_it_needs(tmp_path: Path) -> None:
    build = tree(tmp_path, "cli.__main__:main")
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "PROCESSES").write_text("notify loop\nnotify feed\n")
    assert build.processes()["notify feed"] == ["python", "-m", "cli", "serve", "notify", "feed"]


def test_the_gateway_is_found_wherever_the_tree_keeps_it(tmp_path: Path) -> None:
    build = tree(tmp_path, "cli.__main__:main")
    (tmp_path / "deploy" / "peers").mkdir(parents=True)
    (tmp_path / "deploy" / "peers" / "sms_gateway.py").touch()
    assert build.gateway(7) == ["python", "-m", "deploy.peers.sms_gateway", "--port", "7"]


def test_a_tree_without_a_gateway_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildRefused, match="sms_gateway"):
        tree(tmp_path, "cli.__main__:main").gateway(7)


def test_this_tree_has_all_that_is_asked_for() -> None:
    build = builds.here()
    for command in (build.command("topics"), build.gateway(7)):
        assert command[:2] == [sys.executable, "-m"]
        assert importlib.util.find_spec(command[2]) is not None
    assert {name.split()[0] for name in build.processes()} <= set(SERVICES)


def test_a_commit_that_is_not_there_is_refused_with_a_remedy() -> None:
    with pytest.raises(BuildRefused, match="git fetch"), builds.checked_out("no-such-commit"):
        pass


def test_the_base_is_one_whole_commit() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}\n", (ROOT / "benchmarks" / "BASE").read_text())


@pytest.mark.parametrize(("hour", "utc"), [(OFFICE, 2), (NIGHT, 14)])
def test_both_hours_are_of_one_tuesday_in_china(hour: Hour, utc: int) -> None:
    now = Clock(parse_segment(hour.clock())).now()
    assert (now.strftime("%A"), now.hour) == ("Tuesday", utc)
    assert abs(now.timestamp() - hour.begins.timestamp()) < AT_ONCE
