"""At which hour of a Chinese day a benchmark runs: at night a unit's messages wait, so a ticket is cheaper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from runtime.clock import DomainTime, Segment, WallTime, system_wall

CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Hour:
    """Domain time at the start of a turn, on an ordinary Tuesday; it runs as fast as wall time."""

    name: str
    begins: datetime

    def clock(self) -> str:
        """DUBAN_CLOCK for processes that start now."""
        return str(Segment(WallTime(system_wall()), DomainTime(self.begins.astimezone(UTC))))

    def __str__(self) -> str:
        return f"{self.name} ({self.begins:%A %H:%M} in China)"


OFFICE = Hour("office", datetime(2026, 3, 3, 10, 0, tzinfo=CHINA))
NIGHT = Hour("night", datetime(2026, 3, 3, 22, 0, tzinfo=CHINA))
HOURS: Mapping[str, Hour] = {each.name: each for each in (OFFICE, NIGHT)}
