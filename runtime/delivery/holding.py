"""When most of what comes fails, hold: a bad deploy must not drain the log into the dead letters."""

from collections import Counter, deque


class Held(Exception):
    """The service stays up and reads nothing more, until a new build or ``duban dead-letters release``.

    Its text is the most common reason code.
    """


class FailureWatch:
    """Watches the last messages. Source: architecture §2, point 7."""

    WINDOW = 200  # messages
    KEYS = 20  # distinct keys hit by a bug, at least
    SHARE = 0.5  # of the window, at least

    def __init__(self) -> None:
        self._last: deque[tuple[str, str]] = deque(maxlen=self.WINDOW)

    def saw(self, key: str, failed: str) -> None:
        """One message was dealt with; ``failed``: the reason why one of its key had to be parked, or ""."""
        self._last.append((key, failed))

    def says_hold(self) -> bool:
        """Whether at least 20 distinct keys and half of the last 200 messages failed."""
        hit = [key for key, failed in self._last if failed]
        return len(hit) >= len(self._last) * self.SHARE and len(set(hit)) >= self.KEYS

    def reason(self) -> str:
        """The most common reason code."""
        counts = Counter(failed for _, failed in self._last if failed)
        return counts.most_common(1)[0][0] if counts else ""
