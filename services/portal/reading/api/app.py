"""The portal's JSON API: what anybody may see, the reporter's own matter, lists for staff. Pages are a client of it."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from runtime.http.app import Ready, create_app
from runtime.workers import Worker
from services.portal.reading.live.boards import Boards


def build_api(routes: Sequence[APIRouter], boards: Boards, ready: Ready, others: Sequence[Worker] = ()) -> FastAPI:
    """The API; ``others`` run beside the live boards for as long as it serves."""
    app = create_app("duban portal", ready)
    app.state.background = [boards.worker(), *others]
    for each in routes:
        app.include_router(each)
    return app
