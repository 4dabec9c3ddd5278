"""What ``duban up`` says: what goes on, what ended, and what to do when it does not come up."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli import up
from cli.up import NotUp, Portal, ProgressLines
from deploy.local.state import StackState, free_port

Statuses = Iterator[dict[str, Any] | None]


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no portal, and nobody waits between two looks."""
    monkeypatch.setenv("DUBAN_API_PORTS_FROM", str(free_port()))
    monkeypatch.setattr(up, "LOOK_EVERY", 0.0)


def progress(since: float = 0.0) -> ProgressLines:
    """One that writes into a string."""
    console = Console(file=io.StringIO(), width=200)
    return ProgressLines(console, console.status(""), began=time.monotonic(), since=time.monotonic() + since)


def watched(statuses: Statuses, shown: ProgressLines, lives: bool = True) -> str:
    """What is said in the end."""
    with pytest.raises(NotUp) as said:
        up._first_struck_off(statuses, StackState(Path("/state")), Portal(""), shown, lambda: lives)
    return str(said.value)


def lines_of(shown: ProgressLines) -> list[str]:
    assert isinstance(shown.console.file, io.StringIO)
    return [line.split(" s  ", 1)[1] for line in shown.console.file.getvalue().splitlines()]


def test_what_does_not_come_up_in_time_still_runs_and_that_is_said() -> None:
    said = watched(iter([None]), progress(since=-up.START_WITHIN - 1))
    assert said.startswith("no matter was struck off within 300 s. It still runs: look into /state/logs")
    assert said.endswith("`make down` stops it")


def test_the_clock_of_the_start_begins_after_the_last_jar() -> None:
    shown = progress(since=-up.START_WITHIN - 1)
    assert watched(iter([{"step": "jars", "done": 46, "of": 46}, None, {"step": "stopped"}]), shown) == (
        "stopped by `make down`"
    )
    assert lines_of(shown) == ["Kafka's jars are fetched, once: 46 of 46"]


def test_each_tenth_jar_is_a_line() -> None:
    shown = progress()
    watched(iter([*({"step": "jars", "done": done, "of": 23} for done in range(24)), {"step": "stopped"}]), shown)
    assert [line.rpartition(": ")[2] for line in lines_of(shown)] == ["0 of 23", "10 of 23", "20 of 23", "23 of 23"]


def test_a_process_that_ends_is_named_with_its_log() -> None:
    shown = progress()
    watched(iter([{"step": "restart", "process": "sla-loop", "code": -9, "nth": 1}, {"step": "stopped"}]), shown)
    assert lines_of(shown) == ["sla-loop ended (-9) and is started again; why is in /state/logs/sla-loop.log"]


def test_a_failure_says_why_and_where_more_is() -> None:
    said = watched(iter([{"step": "failed", "why": "MongodMissing: install libcurl4"}]), progress())
    assert said == (
        "MongodMissing: install libcurl4\nwhat had started is stopped again; more in /state/logs/supervisor.log"
    )


def test_a_supervisor_that_is_gone_is_not_waited_for() -> None:
    assert watched(iter([None]), progress(), lives=False) == "the supervisor has ended; see /state/logs/supervisor.log"


def test_every_step_of_the_supervisor_has_words() -> None:
    shown = progress()
    watched(iter([*({"step": step} for step in up.STEPS), {"step": "stopped"}]), shown)
    assert lines_of(shown) == list(up.STEPS.values())


def test_lines_of_an_earlier_start_are_not_shown_again(tmp_path: Path) -> None:
    folder = StackState(tmp_path)
    folder.status.write_text('{"step":"mongodb"}\n{"step":"kafka"}\n')
    statuses = up._statuses(folder, seen=1)
    assert [next(statuses), next(statuses)] == [{"step": "kafka"}, None]
