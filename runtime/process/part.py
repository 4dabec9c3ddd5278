"""A part of a service: a process of its own beside the API and the loop, as the service's wiring names it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from runtime.delivery.service import Service
from runtime.process.platform import Platform
from runtime.workers import Worker


@dataclass(frozen=True, slots=True)
class Part:
    """``workers``: what runs in the process. ``of``: where it is a loop over a second kind of document, which one.

    ``build`` gives the same kind with nothing behind its ports, for whoever looks into its documents. The heart of the
    process beats as ``service.part``: its work must see to that.
    """

    workers: Callable[[Platform], Awaitable[list[Worker]]]
    of: Callable[[Platform], Service[Any]] | None = None
    build: Callable[[], Service[Any]] | None = None


def label_of(service: str, part: str) -> str:
    """The name of a process on metrics: the loop has the service's own."""
    return service if part in ("api", "loop") else f"{service}.{part}"
