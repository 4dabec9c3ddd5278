"""A real Chromium, and the pages over a made-up county that a test moves step by step."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.http.audit import AuditTrail
from runtime.identity.tokens import Gate
from runtime.memory.log import InMemoryLog, InMemoryWriter
from runtime.memory.tried_codes import InMemoryTriedCodes
from services.portal.pages.app import add_pages
from services.portal.pages.services import within
from services.portal.reading.adapters.memory import ClearWords, InMemoryTickets
from services.portal.reading.api.app import build_api
from services.portal.reading.api.code_desk import CodeDesk
from services.portal.reading.api.public import public_routes
from services.portal.reading.api.staff import staff_routes
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.live.boards import Boards
from services.portal.reading.live.stream_of_board import Sources
from services.portal.reading.search.filters import TicketScope
from services.portal.site import Site
from tests.browser.town import PlayedCounty
from tests.browser.whole import OpenTown, open_town
from tests.harness import MONDAY
from tests.pages import edge

CODE_SECRET = b"a secret of the tests"
CHROMIUM = Path("/usr/bin/chromium")
FOUND = CHROMIUM.exists()
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SITE = "https://duban.example.org/mine"
PHONE = ViewportSize(width=320, height=640)


class AbsentTickets(InMemoryTickets):
    """The county's documents; ``away``: the database does not answer."""

    away = False

    async def look(self, scope: TicketScope, now: datetime) -> BoardSelection:
        if self.away:
            raise Unavailable("away")
        return await super().look(scope, now)


@dataclass
class Age:
    """How far the portal's loop is behind, as the test says."""

    seconds: int | None = None

    def behind(self) -> int | None:
        return self.seconds


@dataclass
class ServedPages:
    """The served pages and the county behind them."""

    url: str
    town: PlayedCounty
    shelf: AbsentTickets
    age: Age

    def pass_time(self, span: timedelta) -> None:
        self.town.now += span


@pytest.fixture(scope="package")
async def chromium() -> AsyncIterator[Browser]:
    if not FOUND:
        missing = "no /usr/bin/chromium: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("DUBAN_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def site() -> AsyncIterator[ServedPages]:
    town = PlayedCounty(MONDAY)
    clock = Clock(wall=lambda: town.now)
    tickets, age = AbsentTickets(town.store), Age()
    site = Site(place_zh="麻阳苗族自治县", place_en="Mayang County", division="431226")
    boards = Boards(Sources(tickets, town, clock, age), site)

    async def ready() -> bool:
        return True

    desk = CodeDesk(tickets, CODE_SECRET, InMemoryTriedCodes(clock.stopwatch))
    trail = AuditTrail(InMemoryWriter(InMemoryLog()), clock, "portal", secrets.token_hex)
    listening = socket.create_server(("127.0.0.1", 0))
    routes = [public_routes(tickets, boards, clock), staff_routes(tickets, desk, clock, ClearWords(), trail)]
    app = build_api(routes, boards, ready)
    app.state.gate = Gate("", clock.wall)
    add_pages(app, site, within(app), edge(clock.wall))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server._serve([listening]))
    yield ServedPages(f"http://127.0.0.1:{listening.getsockname()[1]}", town, tickets, age)
    server.should_exit = True
    await serving
    listening.close()


@dataclass
class Watched:
    """A page with what went wrong on it."""

    page: Page
    errors: list[str]
    hosts: set[str]


@pytest.fixture
async def watched(chromium: Browser) -> AsyncIterator[Watched]:
    page = await chromium.new_page(viewport=ViewportSize(width=1440, height=1000))
    seen = Watched(page, [], set())
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: seen.hosts.add(request.url.split("/")[2].split(":")[0]))
    yield seen
    await page.close()


@pytest.fixture(scope="package")
async def town() -> AsyncIterator[OpenTown]:
    """Where what people do has effect; one for all tests, for it takes seconds to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_SITE", SITE)
        async with open_town(patch) as town:
            yield town
