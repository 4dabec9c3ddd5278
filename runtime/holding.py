"""When most of what comes fails, hold: a bad deploy must not drain the log into the dead letters."""

from collections import deque


class Held(Exception):
    """The service stays up and reads nothing more, until a new build or ``duban dead-letters release``."""


class Holding:
    """Watches the last messages. Source: architecture §2, point 7."""

    WINDOW = 200  # messages
    TICKETS = 20  # distinct tickets hit by a bug, at least
    SHARE = 0.5  # of the window, at least

    def __init__(self) -> None:
        self._last: deque[tuple[str, bool]] = deque(maxlen=self.WINDOW)

    def saw(self, ticket: str, *, bug: bool) -> None:
        """One message was handled, or hit a bug."""
        self._last.append((ticket, bug))

    def says_hold(self) -> bool:
        """Whether at least 20 distinct tickets and half of the last 200 messages hit a bug."""
        hit = [ticket for ticket, bug in self._last if bug]
        return len(hit) >= len(self._last) * self.SHARE and len(set(hit)) >= self.TICKETS
