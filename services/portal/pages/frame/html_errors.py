"""A page where something is wrong, for browsers; programs get the problem itself."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from rfc9457 import Problem
from starlette.exceptions import HTTPException

from contracts.vocabulary import Language
from runtime.delivery.ports import Unavailable
from services.portal.pages.frame import problems
from services.portal.pages.frame.render import Frame, Page

Told = Callable[[Request, Exception], Any]
FOR_PROGRAMS = ("/v1/", "/static/")


def problem_pages(app: FastAPI, frame: Frame) -> None:
    """Whoever asks for HTML outside of the API is told with a page of the same status."""
    page = frame.page("frame", {})
    for kind in (RequestValidationError, HTTPException, Problem, Unavailable, Exception):
        app.add_exception_handler(kind, _paged(cast("Told", app.exception_handlers[kind]), page))


def _paged(told: Told, page: Page) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, wrong: Exception) -> Response:
        plain: Response = told(request, wrong)
        if request.url.path.startswith(FOR_PROGRAMS) or "text/html" not in request.headers.get("Accept", ""):
            return plain
        language: Language = "en" if request.query_params.get("lang") == "en" else "zh"
        kept = {"Retry-After": plain.headers["Retry-After"]} if "Retry-After" in plain.headers else {}
        return HTMLResponse(html(page, language, plain.status_code), plain.status_code, kept)

    return answer


def html(page: Page, language: Language, status: int) -> str:
    """The page of a status."""
    return page.html(language, "/", template="problem.html", says=problems.says(status, language))
