"""``duban up``: everything starts; it returns once the first matter has been struck off, and tells its story."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.status import Status

from cli.down import LEFT_OVER_WITHIN, running
from contracts.identifiers import spoken
from contracts.vocabulary import CHINA
from deploy.local import plan, processes, secrets, supervisor
from deploy.local.state import DiskFull, NotOurs, PortTaken, StackState, refuse_full, refuse_taken, state
from runtime.clock import Clock
from runtime.identity.tokens import Principal, issue
from runtime.process.settings import SettingsRefused

START_WITHIN = 300.0  # seconds until the first matter must be struck off, or until the next jar when jars are fetched
LOOK_EVERY = 0.5  # seconds
STEPS = {
    "mongodb": "MongoDB starts (replica set of one, a user per service)",
    "kafka": "Kafka starts",
    "topics": "topics and positions",
    "services": "all services start; the demonstration registers matters and plays the people",
}


class NotUp(Exception):
    """It did not come up; the text says what and where to look."""


@dataclass
class ProgressLines:
    """Lines with the seconds since the start; on a terminal the last one moves while it lasts.

    ``since``: from when on the first matter must be struck off within START_WITHIN.
    """

    console: Console
    moving: Status
    began: float
    since: float

    def line(self, text: str) -> None:
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
    except (NotUp, NotOurs, DiskFull, PortTaken, SettingsRefused) as why:
        console.print(str(why), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _in_memory(console: Console) -> None:
    from cli.in_memory import run

    run(console)


def _up(folder: StackState, console: Console) -> None:
    with console.status("starting") as moving:
        now = time.monotonic()
        progress = ProgressLines(console, moving, began=now, since=now)
        portal = Portal(_token(folder))
        seen, lives = _start(folder, console)
        try:
            number = _first_struck_off(_statuses(folder, seen), folder, portal, progress, lives)
        except KeyboardInterrupt:
            raise NotUp("it goes on without this display; `make down` stops it") from None
        progress.line(f"销号 struck off: {spoken(number)}")
    _tell(portal.ticket(number), console)
    _addresses(console)


def _start(folder: StackState, console: Console) -> tuple[int, Callable[[], bool]]:
    """Start what is not running; how many lines of its status are old, and whether it lives can be asked afterwards."""
    if (there := running(folder)) is not None:
        console.print("already running; `make down` stops it. The last matter that was struck off:")
        return len(_lines(folder)), there.lives
    refuse_full(folder.root)
    if left := processes.end_left_over(folder.processes, LEFT_OVER_WITHIN):
        console.print(f"ended what was left over from before: {', '.join(left)}")
    refuse_taken(plan.wanted_ports())
    console.print(f"logs: {folder.logs}", highlight=False, soft_wrap=True)
    started: subprocess.Popen[bytes] = supervisor.detach(folder)
    return 0, lambda: started.poll() is None


def _lines(folder: StackState) -> list[str]:
    return folder.status.read_text().splitlines() if folder.status.exists() else []


def _statuses(folder: StackState, seen: int) -> Iterator[dict[str, Any] | None]:
    """The supervisor's lines after the first ``seen``, as they come; None when there is no new one."""
    while True:
        lines = _lines(folder)
        for line in lines[seen:]:
            yield json.loads(line)
        seen = len(lines)
        yield None


def _first_struck_off(
    statuses: Iterator[dict[str, Any] | None],
    folder: StackState,
    portal: "Portal",
    progress: ProgressLines,
    lives: Callable[[], bool],
) -> str:
    """Show the steps; the number of a matter that was struck off. Raises NotUp."""
    for status in statuses:
        if status is not None:
            _show(status, folder, progress)
        elif number := portal.struck_off():
            return number
        elif not lives():
            raise NotUp(f"the supervisor has ended; see {folder.logs}/supervisor.log")
        elif time.monotonic() - progress.since > START_WITHIN:
            break
        else:
            if registered := portal.counters():
                progress.move(registered)
            time.sleep(LOOK_EVERY)
    raise NotUp(
        f"no matter was struck off within {START_WITHIN:.0f} s. It still runs: look into {folder.logs}, "
        "or call `make up` again to go on waiting; `make down` stops it"
    )


def _show(status: dict[str, Any], folder: StackState, progress: ProgressLines) -> None:
    step = status.pop("step")
    match step:
        case "failed":
            raise NotUp(f"{status['why']}\nwhat had started is stopped again; more in {folder.logs}/supervisor.log")
        case "stopped":
            raise NotUp("stopped by `make down`")
        case "jars":
            _show_jars(status["done"], status["of"], progress)
        case "restart":
            name, code = status["process"], status["code"]
            progress.line(f"{name} ended ({code}) and is started again; why is in {folder.logs / name}.log")
        case "no_room":
            free, least = status["free"] >> 20, status["least"] >> 20
            progress.line(f"{status['process']} waits for room on its disk: {free} MB are free, {least} MB are needed")
        case "room_again":
            progress.line(f"{status['process']} has room again, and is started")
        case _:
            progress.line(STEPS[step])


def _show_jars(done: int, of: int, progress: ProgressLines) -> None:
    """Each on a terminal, each tenth as a line. The clock of the start begins after the last."""
    progress.since = time.monotonic()
    text = f"Kafka's jars are fetched, once: {done} of {of}"
    progress.move(text)
    if done % 10 == 0 or done == of:
        progress.line(text)


def _token(folder: StackState) -> str:
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
        """How many matters there are; "" before the first."""
        total = self._get("/v1/tickets?limit=1").get("total")
        return f"{total} matters registered; waiting for the first to be struck off" if total else ""

    def ticket(self, number: str) -> dict[str, Any]:
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
