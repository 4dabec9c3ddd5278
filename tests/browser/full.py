"""The pages over services that answer as a test says, on a port: what a running county would take days to show."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.async_api import Page

from services.portal.pages.sign_in.cookie import COOKIE
from tests.unit.portal.staffed import SECRET, StaffedDesk, served, staffed


@dataclass
class FullDesk:
    """Where the pages stand, and the desk behind them."""

    url: str
    desk: StaffedDesk


@asynccontextmanager
async def full_desk() -> AsyncIterator[FullDesk]:
    """Somebody of a unit sits at it; it is gone with the test."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(served(), log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server._serve([listening]))
    async with staffed() as desk:
        yield FullDesk(f"http://127.0.0.1:{listening.getsockname()[1]}", desk)
    server.should_exit = True
    await serving
    listening.close()


async def entered(page: Page, full: FullDesk) -> None:
    """Signed in as whoever sits at the desk."""
    cookie: Any = {"name": COOKIE, "value": SECRET, "url": full.url.replace("http:", "https:"), "secure": True}
    await page.context.clear_cookies()
    await page.context.add_cookies([cookie])
