"""Domain time of a crew goes on at another instant, as it does over a night."""

from collections.abc import Collection
from datetime import datetime

from runtime.clock import DomainTime, Segment, WallTime, system_wall
from tests.faults.crew import Crew


def goes_on_at(team: Crew, instant: datetime, rate: float, but: Collection[str] = ()) -> Segment:
    """All loops and APIs, but some, are killed and start again at that instant."""
    begins = Segment(WallTime(system_wall()), DomainTime(instant), rate)
    team.environment["DUBAN_CLOCK"] = str(begins)
    for name in (each for each in team.children if each not in {"gateway", *but}):
        team.kill(name)
        team.start_again(name)
    return begins
