"""The pages on an application: their routes and files, and headers that keep a page to itself.

A page whose script may ask where the reader stands names its paths in ``LOCATES`` of its ``routes.py``.
"""

from collections.abc import Collection

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.pages.acts import routes as acts
from services.portal.pages.brief import routes as brief
from services.portal.pages.desk import routes as desk
from services.portal.pages.desk_acts import routes as desk_acts
from services.portal.pages.frame.edge import Edge
from services.portal.pages.frame.files import Versioned
from services.portal.pages.frame.html_errors import problem_pages
from services.portal.pages.frame.render import Frame
from services.portal.pages.inbox import routes as inbox
from services.portal.pages.live import routes as live
from services.portal.pages.many import routes as many
from services.portal.pages.matters import routes as matters
from services.portal.pages.mine import routes as mine
from services.portal.pages.own import routes as own
from services.portal.pages.say import routes as say
from services.portal.pages.services import Services
from services.portal.pages.sign_in import routes as sign_in
from services.portal.pages.supervision import routes as supervision
from services.portal.pages.ticket import routes as ticket
from services.portal.site import Site

PAGES = (live, brief, matters, ticket, mine, own, acts, say, sign_in, inbox, many, supervision, desk, desk_acts)
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOWHERE = "camera=(), geolocation=(), microphone=()"
HERE = "camera=(), geolocation=(self), microphone=()"


def add_pages(app: FastAPI, home: Site, services: Services, edge: Edge) -> None:
    """Serve the pages of ``home`` beside what the application serves already."""
    frame = Frame(home, edge)
    for page in PAGES:
        app.include_router(page.routes(frame, services))
    app.mount("/static", Versioned(), name="static")
    problem_pages(app, frame)
    app.add_middleware(_Secured, locating={path for page in PAGES for path in getattr(page, "LOCATES", ())})


class _Secured:
    """Puts the headers on every answer. Plain ASGI, because a stream must pass through unbuffered."""

    def __init__(self, app: ASGIApp, locating: Collection[str]) -> None:
        self._app, self._locating = app, locating

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY)
                headers["Permissions-Policy"] = HERE if scope["path"] in self._locating else NOWHERE
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, secured)
