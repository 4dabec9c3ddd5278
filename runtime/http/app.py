"""HTTP for every API: problems (RFC 9457) in Chinese and English, body limits, health, metrics, who is asking."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
import structlog
from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_problem.handler import ExceptionHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BeforeValidator
from rfc9457 import Problem
from starlette.exceptions import HTTPException

from runtime.delivery.ports import Unavailable
from runtime.http.bodies import CheckedRoute
from runtime.http.described import DescribedApi
from runtime.http.field_errors import complaints, pointer
from runtime.http.in_time import InTime
from runtime.http.problems import PLAIN, Refusal, refusal_of
from runtime.http.requests import StandingRequest
from runtime.keys import bare_key
from runtime.telemetry import traces

log = structlog.get_logger()

HEALTH = frozenset({"/live", "/ready", "/metrics"})
Ready = Callable[[], Awaitable[bool]]
AskedAt = Annotated[int, Query(alias="asked", ge=0, le=2**40)]
"""Unix seconds: when a request was made, as the answer with 202 said. Without it only what is known is found."""
IdempotencyKey = Annotated[
    str,
    BeforeValidator(bare_key),
    Header(alias="Idempotency-Key", min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$"),
]
"""The caller's own name of a request: the same again is the same request."""


class Json(JSONResponse):
    """JSON by orjson: a receipt costs a microsecond, not ten."""

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


def to_ask(where: str, request: str, at: int) -> str:
    """Where the outcome of a request can be asked for."""
    return f"{where}/{request}?asked={at}"


def answer(asked: StandingRequest, where: str, beside: Mapping[str, str] | None = None) -> Response:
    """200 with the result, 409 with the reason, or 202 with where to ask; what is said ``beside``, unless refused."""
    told = dict(beside or {})
    decided = asked.decided
    if decided is None:
        body = {"request": asked.request, "status": "pending", "ask": to_ask(where, asked.request, asked.at), **told}
        return Json(body, status_code=202, headers={"Location": body["ask"]})
    if not decided.accepted:
        en = f"Refused: {decided.code.replace('_', ' ')}."
        zh = decided.detail.get("zh", "当前状态不允许此操作。")
        raise Refusal(409, decided.code, zh, decided.detail.get("en", en), request=asked.request)
    return Json({"request": asked.request, "status": "accepted", **decided.detail, **told})


def parsed(parse: Callable[[str], str], typed: str, *at: str | int) -> str:
    """What was typed, as ``parse`` spells it. ``at``: where it came in.

    Raises a 422 that names the place when ``parse`` raises a ValueError, which may say its ``code`` and, in ``zh``, the
    remedy in Chinese.
    """
    try:
        return parse(typed)
    except ValueError as wrong:
        code, zh = getattr(wrong, "code", "malformed"), getattr(wrong, "zh", "格式不对，请核对。")
        en = f"{str(wrong).capitalize()}."
        named = {"pointer": pointer(at or ("path", "number")), "code": code, "zh": zh, "en": en}
        raise Refusal(422, code, zh, en, errors=[named]) from None


def create_app(title: str, ready: Ready, **given: Any) -> FastAPI:
    """An API with health, metrics and problems. ``ready``: whether it can serve now; ``state.conditions`` has more.

    ``state.refuse`` is asked before each call but those for health: it raises what stands against every answer.
    """
    options: dict[str, Any] = {"docs_url": None, "redoc_url": None, "max_body_size": None, "lifespan": _background}
    options["dependencies"] = [Depends(_unless_refused)]
    options |= {"strict_content_type": False} | given
    app = DescribedApi(title=title, **options)
    app.router.route_class = CheckedRoute
    app.add_middleware(InTime)
    app.state.background = []
    app.state.on_failure = app.state.refuse = lambda: None
    app.state.conditions = [ready]
    _report_problems(app)
    _report_health(app)
    return app


async def _unless_refused(request: Request) -> None:
    if request.scope["path"] not in HEALTH:
        request.app.state.refuse()


@asynccontextmanager
async def _background(app: FastAPI) -> AsyncIterator[None]:
    """Run the app's own workers (``state.background``) while it serves; ``state.on_failure`` hears of the first bug."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(_watched(app, worker, stop), name=worker.name) for worker in app.state.background]
    yield
    stop.set()
    await asyncio.gather(*tasks)


async def _watched(app: FastAPI, worker: Any, stop: asyncio.Event) -> None:
    try:
        await worker.work(stop)
    except Exception as bug:  # whoever serves ends the process: a page that silently stands still is worse
        log.error("worker_failed", worker=worker.name, kind=type(bug).__name__, trace=traces.trace_of(bug))
        app.state.on_failure()


def _report_problems(app: FastAPI) -> None:
    handler = ExceptionHandler(
        unhandled_wrappers={"default": _Broken},  # type: ignore[dict-item]
        handlers={RequestValidationError: _invalid, Unavailable: _silent, HTTPException: _plain},
        pre_hooks=[_log_bug],
    )
    for kind in (RequestValidationError, HTTPException, Problem, Unavailable, Exception):
        app.add_exception_handler(kind, handler)


def _report_health(app: FastAPI) -> None:
    @app.get("/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/ready", include_in_schema=False)
    async def is_ready() -> Response:
        good = all([await holds() for holds in app.state.conditions])
        return Json({"status": "ready" if good else "waiting"}, status_code=200 if good else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class _Broken(Refusal):
    """A bug of ours: the text of the exception stays in the log."""

    def __init__(self, _text: str, headers: Any = None) -> None:
        super().__init__(
            500, "internal_error", "系统出错，已记录。请稍后重试。", "An error of ours, recorded. Try again later."
        )


def _invalid(_handler: Any, _request: Request, wrong: Exception) -> Problem:
    assert isinstance(wrong, RequestValidationError)
    zh, en = "提交的内容有误，请按提示修改。", "The request has errors: mend the fields named below."
    return Refusal(422, "invalid", zh, en, errors=complaints(wrong.errors()))


def _silent(_handler: Any, _request: Request, why: Exception) -> Problem:
    assert isinstance(why, Unavailable)
    return refusal_of(why)


def _plain(_handler: Any, _request: Request, error: Exception) -> Problem:
    assert isinstance(error, HTTPException)
    zh, en = PLAIN.get(error.status_code, ("请求未被接受。", "The request was not accepted."))
    return Refusal(error.status_code, f"http_{error.status_code}", zh, en, headers=dict(error.headers or {}) or None)


def _log_bug(request: Request, error: Exception) -> None:
    if not isinstance(error, (RequestValidationError, HTTPException, Problem, Unavailable)):
        log.error(
            "api_bug",
            path=request.scope.get("route", request).path,
            kind=type(error).__name__,
            trace=traces.trace_of(error),
        )
