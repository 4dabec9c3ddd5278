"""Whether what a process does of late works: readiness asks."""

import time
from collections.abc import Callable

FAILS_FOR = 10.0  # seconds of failures in a row after which a process is not ready
TRY_AFTER = 30.0  # seconds without another try: a process that nobody sends anything is given one


class Attempts:
    """Attempts of one kind, and since when they fail."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since: float | None = None
        self._last = 0.0

    def failed(self) -> None:
        self._last = self._monotonic()
        if self._since is None:
            self._since = self._last

    def worked(self) -> None:
        self._since = None

    @property
    def work(self) -> bool:
        """False while they have failed for ten seconds in a row; after a pause without any, one may be tried again."""
        now = self._monotonic()
        return self._since is None or now - self._since < FAILS_FOR or now - self._last > TRY_AFTER
