"""Connections within bounds: what uvicorn does not limit itself, around its parser (ADR 31).

A head has so many fields, bytes and seconds, a body so many seconds, a process so many connections; where there is no
place left, whoever has sent half a head for longest makes room.
"""

import asyncio
import logging
import resource
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from runtime.http import arrivals
from runtime.telemetry import metrics, traces

FIELDS = 64  # of a head
HEAD_BYTES = 32 * 1024
HEAD_WITHIN = 10.0  # seconds from the first byte, or from the connection
BODY_WITHIN = 12.0  # seconds from the end of the head: longer than any answer may take
IDLE = 5  # seconds between two requests
OTHER_FILES = 256  # open beside connections: stores, logs, libraries
NOT_READ = {400: "malformed", 431: "head_too_large", 408: "late"}
log = structlog.get_logger()


class TooFewFiles(Exception):
    """The process may not open as many files as it may have connections. Its text says what to change."""


def claim_files(connections: int) -> None:
    """Raise the soft limit of open files as far as is allowed. Raises TooFewFiles when that is not enough."""
    wanted, (soft, hard) = connections + OTHER_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise TooFewFiles(
            f"DUBAN_CONNECTIONS is {connections}, and this process may open {hard} files: set it to "
            f"{max(0, hard - OTHER_FILES)} at most, or raise the limit (ulimit -Hn, LimitNOFILE)"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _InJson(logging.Handler):
    """Errors of the server go to our log; its warnings are about what people sent, and those are counted."""

    def emit(self, record: logging.LogRecord) -> None:
        bug = record.exc_info[1] if record.exc_info else None
        if isinstance(bug, BaseException):
            log.error("http_server", kind=type(bug).__name__, trace=traces.trace_of(bug))
        elif record.levelno >= logging.ERROR:
            log.error("http_server", said=record.getMessage())


def _logger() -> logging.Logger:
    logger = logging.getLogger("duban.http")
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(_InJson())
    return logger


class BoundedConnection(HttpToolsProtocol):
    """One connection. ``at_most``: how many the process has; ``begun``: those whose head is not here, oldest first."""

    at_most: int
    begun: dict["BoundedConnection", None]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger = _logger()
        self._due: asyncio.TimerHandle | None = None
        self._head_bytes, self._reads_head = 0, True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        metrics.CONNECTIONS.set(len(self.connections))
        if len(self.connections) > self.at_most and not self._make_room():
            metrics.NOT_READ.labels("too_many_connections").inc()
            transport.abort()
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)
        metrics.CONNECTIONS.set(len(self.connections))

    def data_received(self, data: bytes) -> None:
        if self._due is None:
            self._expect_head()
        if self._reads_head:
            left = max(0, HEAD_BYTES - self._head_bytes)
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and b"\r\n\r\n" not in data[: left + 3]:
                self._refuse(431)
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._due is None or not self._reads_head:
            self._expect_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) < FIELDS:
            super().on_header(name, value)
        elif not self.transport.is_closing():
            self._refuse(431)

    def on_headers_complete(self) -> None:
        if self.transport.is_closing():
            return
        self._expect_nothing()
        self._reads_head = False
        self._due = self.loop.call_later(BODY_WITHIN, self._refuse, 408)
        arrivals.note(self.scope["state"], self.loop.time(), self.tasks)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.transport.is_closing():
            return
        self._expect_nothing()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            self._refuse(400)

    def _expect_head(self) -> None:
        self._expect_nothing()
        self._head_bytes, self._reads_head = 0, True
        self._due = self.loop.call_later(HEAD_WITHIN, self._refuse, 408)
        self.begun[self] = None

    def _expect_nothing(self) -> None:
        self.begun.pop(self, None)
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _make_room(self) -> bool:
        """Close the connection whose head is not here for longest, if there is one."""
        oldest = next(iter(self.begun), None)
        if oldest is None:
            return False
        oldest._refuse(408)
        self.connections.discard(oldest)
        return True

    def _refuse(self, status: int) -> None:
        """What comes is not read any more. An answer that is under way is not mixed with another one."""
        self._expect_nothing()
        metrics.NOT_READ.labels(NOT_READ[status]).inc()
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def bounded(connections: int) -> type[BoundedConnection]:
    """The connections of one process."""
    return type("BoundedConnection", (BoundedConnection,), {"at_most": connections, "begun": {}})
