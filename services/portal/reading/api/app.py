"""The portal's JSON API: what anybody may see, the reporter's own matter, lists for staff. Pages are a client of it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI

from runtime.http.app import Ready, create_app
from runtime.workers import Worker, unless
from services.portal.reading.live.boards import Boards

Work = Callable[[], Coroutine[Any, Any, None]]


def build_api(routes: Sequence[APIRouter], boards: Boards, ready: Ready, others: Sequence[Work] = ()) -> FastAPI:
    """The API; ``others`` run beside the live boards for as long as it serves."""
    app = create_app("duban portal", ready)
    app.state.background = [_beside(work) for work in (boards.run, *others)]
    for each in routes:
        app.include_router(each)
    return app


def _beside(work: Work) -> Worker:
    async def until_stopped(stop: asyncio.Event) -> None:
        await unless(stop, work())

    return Worker(getattr(work, "__name__", "work"), until_stopped)
