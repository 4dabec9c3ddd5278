"""The watchdog: ends a process whose loop no longer beats, also when its event loop spins and nothing else can run.

A thread looks at the heartbeat. Where not even a thread gets its turn (a regular expression holds the interpreter), a
timer of the interpreter, wound up again at each look, ends the process half as late again.
"""

import faulthandler
import os
import sys
import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()

STUCK_AFTER = 60.0  # seconds without a heartbeat until the process is ended; a known wait beats
LOOKS = 10  # in that time
EXIT_CODE = 70  # EX_SOFTWARE: the supervisor starts it again


def watch(service: str, age: Callable[[], float], stuck_after: float = STUCK_AFTER) -> Callable[[], None]:
    """Watch from a thread of its own. ``age``: seconds since the last beat. Call what it returns to end the watch."""
    over = threading.Event()
    _wind_up(stuck_after)
    thread = threading.Thread(
        target=_look, args=(service, age, stuck_after, over), name=f"watchdog-{service}", daemon=True
    )
    thread.start()
    return over.set


def _look(service: str, age: Callable[[], float], stuck_after: float, over: threading.Event) -> None:
    while not over.wait(stuck_after / LOOKS):
        _wind_up(stuck_after)
        if age() > stuck_after:
            log.error("loop_stuck", service=service, runbook="loop-stalled")
            faulthandler.dump_traceback(sys.__stderr__ or 2)  # where it stands; files and lines only
            os._exit(EXIT_CODE)
    faulthandler.cancel_dump_traceback_later()


def _wind_up(stuck_after: float) -> None:
    faulthandler.dump_traceback_later(1.5 * stuck_after, exit=True, file=sys.__stderr__ or 2)
