"""An affair (事务): what feedback works on and is no ticket. Each kind is a class in a module of its own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Affair:
    """One affair, under its key ``kind/code`` in the log of affairs. ``division``: whose it is."""

    division: str

    @property
    def wake_at(self) -> datetime | None:
        """The next domain instant at which it wants a knock, if any."""
        return None
