"""``duban up``: everything starts; it returns once the first matter has been struck off, and tells its story."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import typer
from rich.console import Console

from contracts.identifiers import spoken
from deploy.local import plan, secrets, supervisor
from deploy.local.state import PortTaken, State, refuse_taken, state
from runtime.clock import Clock
from runtime.tokens import Principal, issue
from services.commands.down import running

START_WITHIN = 240.0  # seconds until the first matter must be struck off, downloads of jars included
STEPS = {
    "mongodb": "MongoDB starts (replica set of one, a user per service)",
    "kafka": "Kafka starts (jars are fetched and checked the first time)",
    "topics": "topics and positions",
    "services": "all services start; the demonstration begins",
}


class NotUp(Exception):
    """It did not come up; the text says what and where to look."""


def up(
    in_memory: bool = typer.Option(False, "--in-memory", help="No Kafka, no MongoDB: one process, nothing is kept."),
) -> None:
    """Start everything, and show the main job on sample matters."""
    console = Console()
    if in_memory:
        from services.commands.in_memory import run

        run()
        return
    folder = state()
    try:
        _start(folder, console)
        number = _first_struck_off(folder, console)
        _tell(folder, number, console)
    except (NotUp, PortTaken) as why:
        console.print(f"[red]{why}[/red]", highlight=False)
        raise typer.Exit(1) from None
    _addresses(console)


def _start(folder: State, console: Console) -> None:
    if running(folder) is not None:
        console.print("already running; `duban down` stops it")
        return
    refuse_taken(plan.wanted_ports())
    supervisor.detach(folder, subprocess.Popen)
    console.print(f"starting; logs in {folder.logs}")


def _statuses(folder: State) -> Iterator[dict[str, Any] | None]:
    """The supervisor's lines as they come; None when there is no new one."""
    seen = 0
    while True:
        lines = folder.status.read_text().splitlines() if folder.status.exists() else []
        for line in lines[seen:]:
            yield json.loads(line)
        seen = len(lines)
        yield None


def _first_struck_off(folder: State, console: Console) -> str:
    """Show the steps; the number of the first matter that was struck off. Raises NotUp."""
    until, began = time.monotonic() + START_WITHIN, time.monotonic()
    token = _token(folder)
    for status in _statuses(folder):
        if status is not None:
            _show(status, time.monotonic() - began, console)
        elif number := _struck_off(token):
            console.print(f"{time.monotonic() - began:5.1f} s  the first matter is struck off: {spoken(number)}")
            return number
        else:
            time.sleep(0.5)
        if time.monotonic() > until:
            break
    raise NotUp(f"no matter was struck off within {START_WITHIN:.0f} s; look into {folder.logs}")


def _show(status: dict[str, Any], seconds: float, console: Console) -> None:
    if status["step"] == "failed":
        raise NotUp(f"{status['why']}\nsee the logs of the step that failed")
    text = STEPS.get(status["step"]) or f"{status['step']}: {status.get('process', '')}"
    console.print(f"{seconds:5.1f} s  {text}")


def _token(folder: State) -> str:
    private = secrets.load(folder.create().secrets)["DUBAN_TOKEN_PRIVATE_KEY"]
    return issue(private, Principal("duban-up", "", "43", "supervisor"), Clock().wall())


def _get(path: str, token: str) -> Any:
    url = f"http://127.0.0.1:{plan.api_ports()['portal']}{path}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 — loopback
            return json.loads(response.read())
    except (urllib.error.URLError, OSError, ValueError):
        return None


def _struck_off(token: str) -> str:
    found = _get("/v1/tickets?state=struck_off&limit=1", token) or {}
    rows = found.get("tickets") or found.get("items") or []
    return str(rows[0]["number"]) if rows else ""


def _tell(folder: State, number: str, console: Console) -> None:
    story = _get(f"/v1/tickets/{number}/story", _token(folder)) or {}
    for line in story.get("lines", []):
        console.print(f"  {line['at'][:16].replace('T', ' ')}  {line['zh']}  [dim]{line['en']}[/dim]", highlight=False)


def _addresses(console: Console) -> None:
    for name, address in plan.addresses().items():
        console.print(f"{name:<12} {address}")
    if "Prometheus" not in plan.addresses():
        console.print("Prometheus is not installed: apt-get install prometheus, then `duban down` and `duban up`")
    console.print("`make down` stops everything and keeps data and time")
