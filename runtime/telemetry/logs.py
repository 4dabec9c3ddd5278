"""Logs: one JSON line an event, constant event names, fields apart. What could hold people's words is not logged."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

NEVER = frozenset({"name", "phone", "email", "address", "content", "title", "words", "code", "identity", "contact"})
QUIET = ("aiokafka", "uvicorn", "uvicorn.access", "pymongo", "faust", "mode", "httpx2", "httpcore2")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Fields that could name a person are struck out, whoever logs them."""
    for field in NEVER & event.keys():
        event[field] = "[redacted]"
    return event


def configure(level: str, form: str, **bound: str) -> None:
    """Log to standard output from ``level`` on; ``bound`` fields are on every line."""
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.basicConfig(level=level, stream=sys.stdout, format="%(message)s", force=True)
    is_json = form == "json"
    render: Any = structlog.processors.JSONRenderer(orjson.dumps) if is_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            redact,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            render,
        ],
        logger_factory=structlog.BytesLoggerFactory() if is_json else structlog.PrintLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(**bound)
