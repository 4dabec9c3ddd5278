"""What an API says of itself beyond what FastAPI knows: every refusal is a problem (RFC 9457)."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

PROBLEM = "application/problem+json"
TEXT = {"type": "string"}
FAULT = {
    "type": "object",
    "required": ["pointer", "code", "zh", "en"],
    "properties": {"pointer": TEXT, "code": TEXT, "zh": TEXT, "en": TEXT},
}
SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "``type``: the code for programs; ``zh``, ``en``: what to do; ``errors``: one for each field.",
        "required": ["type", "title", "status", "zh", "en"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "zh": TEXT,
            "en": TEXT,
            "request": TEXT,
            "errors": {"type": "array", "items": FAULT},
        },
    },
    "Pending": {
        "type": "object",
        "description": "It is in the log and not decided yet; ``ask``: where the outcome can be asked for.",
        "required": ["request", "status", "ask"],
        "properties": {"request": TEXT, "status": {"const": "pending"}, "ask": TEXT},
    },
}
REFUSED = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503)
API = "/v1/"  # what does not begin so is a page
ASKED_BY = ("Idempotency-Key", "request")  # the parameters of what the log decides, and of the question after it


class DescribedApi(FastAPI):
    """An API whose OpenAPI document names every answer that its clients may get."""

    def openapi(self) -> dict[str, Any]:
        """Made once: what FastAPI knows, and the answers it does not."""
        if self.openapi_schema is None:
            _complete(super().openapi())
        return super().openapi()


def _complete(document: dict[str, Any]) -> None:
    known = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):  # FastAPI's own 422, which nobody is ever given
        known.pop(unused, None)
    known |= SCHEMAS
    for path, operation in _operations(document):
        said = operation["responses"]
        refused = _problem if path.startswith(API) else _page
        said |= {str(status): refused(status) for status in REFUSED}
        if not path.startswith(API):
            said.setdefault("303", {"description": "What was sent is taken: the page to go on with."})
        if any(each["name"] in ASKED_BY for each in operation.get("parameters", ())):
            said.setdefault("202", _content("It is not decided yet.", "application/json", "Pending"))


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        yield from ((path, operation) for operation in methods.values())


def _problem(status: int) -> dict[str, Any]:
    return _content(HTTPStatus(status).phrase, PROBLEM, "Problem")


def _page(status: int) -> dict[str, Any]:
    """Browsers are told with a page, programs with the problem itself."""
    told = _problem(status)
    told["content"]["text/html"] = {"schema": TEXT}
    return told


def _content(description: str, media: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
