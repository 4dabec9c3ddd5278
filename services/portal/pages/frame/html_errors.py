"""What a browser gets that a program does not: a page where something is wrong, and files it may keep for ever."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from rfc9457 import Problem
from starlette.exceptions import HTTPException
from starlette.types import Scope

from contracts.vocabulary import Language
from runtime.delivery.ports import Unavailable
from services.portal.pages.frame.render import VERSION, Pages

Told = Callable[[Request, Exception], Any]
FOR_PROGRAMS = ("/v1/", "/static/")
FOR_EVER = "public, max-age=31536000, immutable"


def problem_pages(app: FastAPI, pages: Pages) -> None:
    """Whoever asks for HTML outside of the API is told with a page of the same status."""
    for kind in (RequestValidationError, HTTPException, Problem, Unavailable, Exception):
        app.add_exception_handler(kind, _paged(cast("Told", app.exception_handlers[kind]), pages))


def _paged(told: Told, pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, wrong: Exception) -> Response:
        plain: Response = told(request, wrong)
        if request.url.path.startswith(FOR_PROGRAMS) or "text/html" not in request.headers.get("Accept", ""):
            return plain
        language: Language = "en" if request.query_params.get("lang") == "en" else "zh"
        kept = {"Retry-After": plain.headers["Retry-After"]} if "Retry-After" in plain.headers else {}
        return HTMLResponse(pages.problem(language, plain.status_code), plain.status_code, kept)

    return answer


class Versioned(StaticFiles):
    """Files under the version of this build, which never change; under another one what there is, not to be kept.

    While a new build is rolled out, the page of one process may ask the other for its files.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file without the version in its address."""
        version, _, name = path.replace("\\", "/").partition("/")
        answer = await super().get_response(name or version, scope)
        answer.headers["Cache-Control"] = FOR_EVER if name and version == VERSION else "no-cache"
        return answer
