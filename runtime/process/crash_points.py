"""Named crash points, for tests of faults only: ``CRASH_AT=saved:3`` kills the process the third time it passes
``saved``; ``CRASH_AT=loaded:1:freeze`` stops it there until somebody sends SIGCONT."""

import os
import signal
from collections.abc import Callable

from runtime.delivery.loop import pass_by

SIGNALS = {"": signal.SIGKILL, "freeze": signal.SIGSTOP}


def crash_points(setting: str) -> Callable[[str], None]:
    """What to call at each point; does nothing when ``setting`` is empty."""
    if not setting:
        return pass_by
    wanted, _, rest = setting.partition(":")
    nth, _, how = rest.partition(":")
    left = [int(nth or 1)]

    def passing(point: str) -> None:
        if point == wanted:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), SIGNALS[how])

    return passing
