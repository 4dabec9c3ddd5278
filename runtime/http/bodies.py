"""Bodies for every API: read no further than the limit, parsed once; what is no proper JSON is refused in words."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, ValidationError

from runtime import reading_form
from runtime.http.problems import PLAIN, Refusal
from runtime.values.fields import NUL_EN, NUL_ZH

ModelT = TypeVar("ModelT", bound=BaseModel)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
BODY_LIMIT = 256 * 1024  # bytes; attachments have a door of their own
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""Of JSON: a character in two halves, half a one (the group), or any other escape."""


def _as_read(sent: Any) -> Any:
    return reading_form.fold(sent) if isinstance(sent, str) else sent


AS_READ = BeforeValidator(_as_read)
"""For codes: a field with it is read as it was meant (４３１２２６, `` 431226``), before its form is checked."""


async def limited(request: Request, content_type: str = JSON, *others: str) -> bytes:
    """The body. Raises a 415 when it says to be something else, a 413 before more than the limit was kept.

    ``others``: what it may be as well.
    """
    if (said := request.headers.get("content-type", content_type)) != content_type:
        _refuse_other(said, content_type, *others)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= BODY_LIMIT:
        return await request.body()
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if length or len(read) > BODY_LIMIT:
            raise Refusal(413, "too_large", *PLAIN[413])
    return bytes(read)


async def limited_json(request: Request) -> bytes:
    """The body as JSON without half characters. Raises as ``limited``."""
    return without_halves(await limited(request))


def without_halves(json: bytes) -> bytes:
    """The JSON with U+FFFD for each half of a character (a lone surrogate): what is left of an emoji that was cut."""
    if not SURROGATE.search(json):
        return json
    return ESCAPES.sub(lambda escape: b"\\ufffd" if escape[1] else escape[0], json)


def _refuse_other(said: str, *wanted: str) -> None:
    """Whoever does not say what it is, is believed to follow the description; application/…+json is JSON too."""
    plain = said.partition(";")[0].strip().lower()
    is_json = plain.startswith("application/") and plain.endswith("+json")
    if plain not in wanted and not (JSON in wanted and is_json):
        zh = f"请以 {' 或 '.join(wanted)} 格式提交（Content-Type）。"
        raise Refusal(415, "content_type", zh, f"Send it as {' or '.join(wanted)}, and say so in Content-Type.")


def canonical(model: BaseModel) -> bytes:
    """The fields that were sent, sorted, in UTF-8 JSON: two bodies are the same when these bytes are.

    A field that is null is one that was not sent, and a line ends with LF, however it was typed.
    """
    sent = model.model_dump(exclude_unset=True, exclude_none=True)
    return orjson.dumps(with_lf(sent), option=orjson.OPT_SORT_KEYS)


def with_lf(value: Any) -> Any:
    """The value with LF at the end of every line in it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if isinstance(value, dict):
        return {name: with_lf(inner) for name, inner in value.items()}
    return [with_lf(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def read_as(model: type[ModelT]) -> Callable[[Request], Awaitable[ModelT]]:
    """A dependency for a hot path: parsed and validated in one step, which no depth, number or encoding can upset.

    The model looks for NUL itself. Raises RequestValidationError with all that is wrong.
    """

    async def read(request: Request) -> ModelT:
        try:
            return model.model_validate_json(await limited_json(request))
        except ValidationError as wrong:
            raise RequestValidationError(wrong.errors(include_url=False, include_input=False)) from None

    return read


class CheckedRoute(APIRoute):
    """A route whose model gets only what can be parsed and stored: depth, encoding, numbers and NUL are checked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, with the body parsed before it."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def checked(request: Request) -> Response:
            return await handle(Parsed(request.scope, request.receive, await limited_json(request)))

        return checked


class Parsed(Request):
    """A request whose body is here already. Raises RequestValidationError when it is no proper JSON."""

    def __init__(self, scope: Any, receive: Any, body: bytes) -> None:
        super().__init__(scope, receive)
        self._content, self._value = body, _parsed(body)

    async def body(self) -> bytes:
        return self._content

    async def json(self) -> Any:
        return self._value


def _parsed(body: bytes) -> Any:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:  # also bytes that are no UTF-8, NaN, and what is too deep
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "no JSON"}]) from None
    if b"\\u0000" in body and (places := _nul_places(value)):
        context = {"zh": NUL_ZH}
        errors = [{"type": "bad_character", "loc": ("body", *at), "msg": NUL_EN, "ctx": context} for at in places]
        raise RequestValidationError(errors)
    return value


def _nul_places(value: Any) -> list[tuple[str | int, ...]]:
    """Where a string holds NUL, in a value or in a name."""
    found: list[tuple[str | int, ...]] = []
    left: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while left:
        at, each = left.pop()
        if isinstance(each, str) and "\0" in each:
            found.append(at)
        elif isinstance(each, dict):
            left += [((*at, name.replace("\0", "?")), inner) for name, inner in each.items()]
            found += [at for name in each if "\0" in name]
        elif isinstance(each, list):
            left += [((*at, nth), inner) for nth, inner in enumerate(each)]
    return found[:50]
