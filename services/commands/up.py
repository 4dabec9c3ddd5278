"""``duban up``: everything starts; it returns once the first matter has been struck off, and tells its story."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import typer
from rich.console import Console
from rich.status import Status

from contracts.identifiers import spoken
from deploy.local import plan, processes, secrets, supervisor
from deploy.local.state import PortTaken, State, refuse_taken, state
from runtime.clock import Clock
from runtime.settings import SettingsRefused
from runtime.tokens import Principal, issue
from services.commands.down import LEFT_OVER_WITHIN, running

START_WITHIN = 300.0  # seconds until the first matter must be struck off, downloads of jars included
LOOK_EVERY = 0.5  # seconds
CHINA = timezone(timedelta(hours=8))
STEPS = {
    "mongodb": "MongoDB starts (replica set of one, a user per service)",
    "kafka": "Kafka starts (jars are fetched and checked the first time)",
    "topics": "topics and positions",
    "services": "all services start; the demonstration registers matters and plays the people",
}


class NotUp(Exception):
    """It did not come up; the text says what and where to look."""


@dataclass
class Progress:
    """Lines with the seconds since the start; on a terminal the last one moves while it lasts."""

    console: Console
    moving: Status
    began: float

    def line(self, text: str) -> None:
        """A step begins."""
        self.console.print(f"{time.monotonic() - self.began:6.1f} s  {text}", highlight=False, soft_wrap=True)

    def move(self, text: str) -> None:
        """What is going on now, on a terminal only."""
        self.moving.update(f"{time.monotonic() - self.began:4.0f} s  {text}")


def up(
    in_memory: bool = typer.Option(False, "--in-memory", help="No Kafka, no MongoDB: one process, nothing is kept."),
) -> None:
    """Start everything, and show the main job on sample matters."""
    console = Console()
    try:
        _in_memory(console) if in_memory else _up(state(), console)
    except (NotUp, PortTaken, SettingsRefused) as why:
        console.print(str(why), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _in_memory(console: Console) -> None:
    from services.commands.in_memory import run

    run(console)


def _up(folder: State, console: Console) -> None:
    with console.status("starting") as moving:
        progress = Progress(console, moving, time.monotonic())
        lives = _start(folder, console)
        portal = Portal(_token(folder))
        number = _first_struck_off(folder, portal, progress, lives)
        progress.line(f"销号 struck off: {spoken(number)}")
    _tell(portal.ticket(number), console)
    _addresses(console)


def _start(folder: State, console: Console) -> Callable[[], bool]:
    """Start what is not running; whether it lives can be asked afterwards."""
    if (there := running(folder)) is not None:
        console.print("already running; `make down` stops it")
        return there.lives
    if left := processes.end_left_over(folder.processes, LEFT_OVER_WITHIN):
        console.print(f"ended what was left over from before: {', '.join(left)}")
    refuse_taken(plan.wanted_ports())
    console.print(f"logs: {folder.logs}", highlight=False, soft_wrap=True)
    started: subprocess.Popen[bytes] = supervisor.detach(folder)
    return lambda: started.poll() is None


def _statuses(folder: State) -> Iterator[dict[str, Any] | None]:
    """The supervisor's lines as they come; None when there is no new one."""
    seen = 0
    while True:
        lines = folder.status.read_text().splitlines() if folder.status.exists() else []
        for line in lines[seen:]:
            yield json.loads(line)
        seen = len(lines)
        yield None


def _first_struck_off(folder: State, portal: "Portal", progress: Progress, lives: Callable[[], bool]) -> str:
    """Show the steps; the number of a matter that was struck off. Raises NotUp."""
    for status in _statuses(folder):
        if status is not None:
            _show(status, progress)
        elif number := portal.struck_off():
            return number
        elif not lives():
            raise NotUp(f"the supervisor has ended; see {folder.logs}/supervisor.log")
        elif time.monotonic() - progress.began > START_WITHIN:
            break
        else:
            progress.move(portal.counters())
            time.sleep(LOOK_EVERY)
    raise NotUp(f"no matter was struck off within {START_WITHIN:.0f} s; look into {folder.logs}")


def _show(status: dict[str, Any], progress: Progress) -> None:
    step = status.pop("step")
    if step == "failed":
        raise NotUp(status["why"])
    more = " ".join(f"{name}={value}" for name, value in status.items())
    progress.line(STEPS.get(step) or f"{step}: {more}")


def _token(folder: State) -> str:
    private = secrets.load(folder.create().secrets)["DUBAN_TOKEN_PRIVATE_KEY"]
    return issue(private, Principal("duban-up", "", "43", "supervisor"), Clock().wall())


@dataclass(frozen=True, slots=True)
class Portal:
    """What the portal shows to a supervisor; nothing while it does not answer."""

    token: str

    def struck_off(self) -> str:
        """The number of the last matter that was struck off, or ""."""
        rows = self._get("/v1/tickets?state=struck_off&limit=1").get("tickets") or []
        return str(rows[0]["number"]) if rows else ""

    def counters(self) -> str:
        """How many matters there are."""
        total = self._get("/v1/tickets?limit=1").get("total")
        return f"{total} matters registered; waiting for the first to be struck off" if total else "starting"

    def ticket(self, number: str) -> dict[str, Any]:
        """One matter."""
        return self._get(f"/v1/tickets/{number}")

    def _get(self, path: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{plan.api_ports()['portal']}{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: no proxy
        try:
            with opener.open(request, timeout=5) as response:
                found: dict[str, Any] = json.loads(response.read())
        except (urllib.error.URLError, OSError, ValueError):
            return {}
        return found


def _tell(ticket: dict[str, Any], console: Console) -> None:
    console.print(f"\n{ticket.get('title', '')}", style="bold", highlight=False, markup=False)
    for line in ticket.get("story", []):
        at = datetime.fromisoformat(line["at"]).astimezone(CHINA)
        text = f"  {at:%Y-%m-%d %H:%M}  {line['zh']}  {line['en']}"
        console.print(text, highlight=False, markup=False, soft_wrap=True)


def _addresses(console: Console) -> None:
    console.print()
    for name, address in plan.addresses().items():
        console.print(f"{name:<12} {address}", highlight=False, soft_wrap=True)
    if "Prometheus" not in plan.addresses():
        console.print(
            "Prometheus is not installed: apt-get install prometheus, then `make down` and `make up`", soft_wrap=True
        )
    console.print("`make down` stops everything and keeps data and time; `make reset` forgets them", soft_wrap=True)
