"""What the server knows of a request before the application does: when it arrived, and what else waits.

At a busy process a request waits for its turn of the event loop, where nobody but the server sees it.
"""

from collections.abc import MutableMapping, Sized
from typing import Any

ARRIVED, WAITING = "duban.arrived", "duban.waiting"
Scope = MutableMapping[str, Any]


def note(state: dict[str, Any], at: float, waiting: Sized) -> None:
    """``state``: of the request's scope; ``at``: by the loop's clock; ``waiting``: what has arrived, as it becomes."""
    state |= {ARRIVED: at, WAITING: waiting}


def arrived_at(scope: Scope, otherwise: float) -> float:
    at: float = scope.get("state", {}).get(ARRIVED, otherwise)
    return at


def waiting_in(scope: Scope) -> Sized:
    """Empty where the server does not tell."""
    waiting: Sized = scope.get("state", {}).get(WAITING, ())
    return waiting
