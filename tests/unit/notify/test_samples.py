"""The samples of docs/samples, each run as somebody would run it."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2
import orjson
import pytest
from standardwebhooks import Webhook

from deploy.local.state import free_port
from runtime.clock import system_wall
from runtime.http.app import create_app
from runtime.identity.tokens import Gate, Principal, issue, new_key_pair
from runtime.memory.log import InMemoryTail
from runtime.process.serve import http
from runtime.workers import Worker, repeated, run_workers
from services.notify.adapters.hook_poster import HookPoster
from services.notify.api.events.pages import EventPages
from services.notify.api.events.routes import routes
from services.notify.api.events.streams import FeedStreams
from services.notify.api.events.window import LOOK_EVERY, FeedWindow
from services.notify.domain.hooks import HookAnswer
from tests.architecture.machine import require
from tests.faults.waiting import until
from tests.unit.notify.hooking import SECRET, Hooking
from tests.unit.notify.test_hook_poster import HERE

SAMPLES = Path(__file__).parents[3] / "docs/samples"
PRIVATE, PUBLIC = new_key_pair()
WITHIN = 20.0  # seconds
LONGEST = 40  # lines
LONGER = {"unit_system.py": 60}
RUN_BY: Mapping[str, Callable[[], str]] = {
    ".py": lambda: sys.executable,
    ".sh": lambda: require("curl", "curl") and require("sh", "dash"),
    ".mjs": lambda: require("node", "nodejs"),
}


@asynccontextmanager
async def running(sample: str, *arguments: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """A sample as a process of its own, with all that it starts."""
    environment = dict(os.environ) | dict(settings or {})
    program = RUN_BY[Path(sample).suffix]()
    process = await asyncio.create_subprocess_exec(
        program, str(SAMPLES / sample), *arguments, stdout=PIPE, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def lines(process: Process, count: int) -> list[str]:
    """The ids of the events that it prints."""
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN):
        printed = [await process.stdout.readline() for _ in range(count)]
    return [orjson.loads(each)["id"] for each in printed]


async def _ready() -> bool:
    return True


@asynccontextmanager
async def feed_of(hooking: Hooking) -> AsyncIterator[str]:
    """The feed's routes on a port."""
    app, port, stop = create_app("feed", _ready), free_port(), asyncio.Event()
    app.state.gate = Gate(PUBLIC, system_wall)
    tail = InMemoryTail(hooking.log, "ticket-feed")
    window = FeedWindow(tail)
    routes(app, EventPages(tail), FeedStreams(EventPages(tail), window))
    looking = Worker("feed window", repeated("feed window", window.look, LOOK_EVERY))
    serving = asyncio.create_task(run_workers([http("feed", app, "127.0.0.1", port), looking], stop))
    await _listening(port)
    yield f"http://127.0.0.1:{port}"
    stop.set()
    await serving


async def _listening(port: int) -> None:
    over = time.monotonic() + WITHIN
    while time.monotonic() < over:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise AssertionError("nobody listens")


async def has_kept(site: str, token: str, place: Path) -> None:
    """Until nothing follows the place that is kept."""
    signed = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=site, headers=signed, trust_env=False) as asker:

        async def nothing_follows() -> bool:
            answer = await asker.get(await asyncio.to_thread(place.read_text))
            return bool(answer.json() == [])

        await until(nothing_follows, "the sample did not keep its place", WITHIN)


async def has_passed(site: str, token: str, place: Path) -> None:
    """Until nothing follows the cursor that is kept."""
    signed = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=site, headers=signed, trust_env=False) as asker:

        async def nothing_follows() -> bool:
            cursor = (await asyncio.to_thread(place.read_text)).strip()
            answer = await asker.get("/v1/events", params={"after": cursor})
            return bool(answer.json() == [])

        await until(nothing_follows, "the sample did not keep its place", WITHIN)


def test_a_sample_is_short() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in SAMPLES.iterdir()}
    assert {name: count <= LONGER.get(name, LONGEST) for name, count in lines.items()} == {
        "follow_events.py": True,
        "read_events.sh": True,
        "read_topic.sh": True,
        "receive_webhook.mjs": True,
        "receive_webhook.py": True,
        "unit_system.py": True,
    }


async def test_who_follows_the_feed_and_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    hooking = Hooking()
    token = issue(PRIVATE, Principal("platform", "", "4312", "partner"), system_wall())
    said = [hooking.say(f"T{nth}") for nth in range(3)]
    async with feed_of(hooking) as site:
        arguments = (site, token, str(tmp_path / "cursor"))
        async with running("follow_events.py", *arguments) as sample:
            assert sorted(await lines(sample, 3)) == said
            said.append(hooking.say("T3"))
            assert await lines(sample, 1) == said[3:]
            await has_kept(site, token, tmp_path / "cursor")
        said.append(hooking.say("T4"))
        async with running("follow_events.py", *arguments) as sample:
            assert await lines(sample, 1) == said[4:]


async def test_curl_reads_the_pages_that_there_are_and_later_what_came_since(tmp_path: Path) -> None:
    hooking, place = Hooking(), str(tmp_path / "cursor")
    token = {"TOKEN": issue(PRIVATE, Principal("platform", "", "4312", "partner"), system_wall())}
    said = [hooking.say(f"T{nth}") for nth in range(3)]
    async with feed_of(hooking) as site:
        assert sorted(await printed(site, place, token)) == said
        said.append(hooking.say("T3"))
        assert await printed(site, place, token) == said[3:]


async def printed(site: str, place: str, token: Mapping[str, str]) -> list[str]:
    """The ids of the events of all pages that curl prints until it ends."""
    async with running("read_events.sh", site, "pages", place, settings=token) as sample, asyncio.timeout(WITHIN):
        text, _ = await sample.communicate()
    assert sample.returncode == 0
    return [event["id"] for page in text.splitlines() for event in orjson.loads(page)]


async def test_curl_follows_the_stream_and_goes_on_after_its_last_id(tmp_path: Path) -> None:
    hooking, place = Hooking(), tmp_path / "cursor"
    token = {"TOKEN": issue(PRIVATE, Principal("platform", "", "4312", "partner"), system_wall())}
    async with feed_of(hooking) as site:
        await printed(site, str(place), token)
        place.write_text(httpx2.URL(f"http://x{place.read_text().strip()}").params["after"])
        said = [hooking.say(f"T{nth}") for nth in range(3)]
        async with running("read_events.sh", site, "stream", str(place), settings=token) as sample:
            assert sorted(await lines(sample, 3)) == said
            await has_passed(site, token["TOKEN"], place)
        later = hooking.say("T3")
        async with running("read_events.sh", site, "stream", str(place), settings=token) as sample:
            assert await lines(sample, 1) == [later]


@pytest.mark.parametrize("sample", ["receive_webhook.py", "receive_webhook.mjs"])
async def test_a_receiver_takes_what_is_signed_and_each_event_once(sample: str) -> None:
    port, poster, now = free_port(), HookPoster(HERE), system_wall()

    async def posted(event: str, secret: str) -> HookAnswer:
        content = orjson.dumps({"id": event})
        signature = Webhook(secret).sign(event, now, content.decode())
        stamped = {"webhook-id": event, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
        return await poster.post("s", f"http://127.0.0.1:{port}/", stamped, content)

    async with running(sample, str(port), settings={"SECRET": SECRET}) as process:
        await _listening(port)
        answers = [await posted(event, SECRET) for event in ("1", "1", "2")]
        assert {each.status for each in answers} == {204}
        assert (await posted("3", SECRET.replace("c3", "d4"))).status == 401
        assert await lines(process, 2) == ["1", "2"]
    await poster.close()
