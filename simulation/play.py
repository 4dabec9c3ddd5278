"""One history from a seed, checked; what was met on the way."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from simulation.checks import check
from simulation.history import History
from simulation.steps import ToldVillage
from simulation.village import BEGIN, Village


@dataclass(frozen=True, slots=True)
class Played:
    moves: Counter[tuple[str, str]]
    faults: Counter[str]
    said: Counter[str]


def play(
    seed: int,
    tickets: int,
    days: int,
    *,
    faulty: bool = True,
    tell: Callable[[str], None] | None = None,
    begin: datetime = BEGIN,
) -> Played:
    """Live one history and check it. ``tell`` gets a line per message and fault, as they happen. Raises Violated."""
    told = tell and ToldVillage(seed, tell, faulty=faulty, begin=begin)
    village = told or Village(seed, faulty=faulty, begin=begin)
    with closing(village.events):
        village.live(tickets, days)
    moves = check(village)
    first = {
        message.id: message for each in History(village.log.of_topic("tickets")).messages.values() for message in each
    }
    return Played(moves, village.faults.happened, Counter(message.type for message in first.values()))
