"""Named crash points: ``CRASH_AT=saved:3`` kills the process the third time it passes ``saved``. Fault tests only."""

import os
import signal
from collections.abc import Callable

from runtime.loop import pass_by


def crash_points(setting: str) -> Callable[[str], None]:
    """What to call at each point; does nothing when ``setting`` is empty."""
    if not setting:
        return pass_by
    wanted, _, nth = setting.partition(":")
    left = [int(nth or 1)]

    def at(point: str) -> None:
        if point == wanted:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return at
