"""The portal's application: routes, static files, headers that keep a page to itself."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.http.app import Ready, create_app
from runtime.workers import Worker
from services.portal.pages.frame.html_errors import Versioned, problem_pages
from services.portal.pages.frame.render import STATIC, Pages
from services.portal.reading.live.boards import Boards

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def build_app(
    routes: Sequence[APIRouter], boards: Boards, pages: Pages, ready: Ready, others: Sequence[Worker] = ()
) -> FastAPI:
    """The application; ``others`` run beside the live boards for as long as it serves."""
    app = create_app("duban portal", ready)
    app.state.background = [boards.worker(), *others]
    for each in routes:
        app.include_router(each)
    app.mount("/static", Versioned(directory=STATIC), name="static")
    problem_pages(app, pages)
    app.add_middleware(_Secured)
    return app


class _Secured:
    """Puts the headers on every answer. Plain ASGI, because a stream must pass through unbuffered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, secured)
