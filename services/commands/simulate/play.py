"""One history from a seed, checked; what was met on the way."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.commands.simulate.checks import History, check
from services.commands.simulate.village import BEGIN, Village, read


@dataclass(frozen=True, slots=True)
class Played:
    """What a history met."""

    moves: Counter[tuple[str, str]]
    faults: Counter[str]
    said: Counter[str]


def play(
    seed: int, tickets: int, days: int, *, faulty: bool = True, tell: Any = None, begin: datetime = BEGIN
) -> Played:
    """Live one history and check it. ``tell`` gets a line per message, in the order of the log. Raises Violated."""
    village = Village(seed, faulty=faulty, begin=begin)
    village.live(tickets, days)
    if tell:
        _tell(village, tell)
    moves = check(village)
    first = {
        message.id: message for each in History(village.log.of_topic("tickets")).messages.values() for message in each
    }
    return Played(moves, village.faults.happened, Counter(message.type for message in first.values()))


def _tell(village: Village, tell: Callable[[str], None]) -> None:
    for record in village.log.of_topic("tickets"):
        message = read(record)
        where = f"{record.partition:02d}/{record.offset:04d}"
        tell(
            f"{message.at:%m-%d %H:%M} {where} {message.ticket[:6]} {message.producer:<8} {message.type} {message.body}"
        )
