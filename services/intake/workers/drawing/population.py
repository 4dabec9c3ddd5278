"""Who may be drawn (E8): what was struck off in a period, by the ledger up to one head. Read twice, in bounded memory.

First which tickets (few), then what is known of these: county, major class, light at the last completion.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from contracts.draws import DrawLine
from contracts.envelope import Body, understood
from contracts.lifecycle import PROMISED
from contracts.messages.feedback import TicketCompleted, TicketStruckOff
from contracts.messages.routing import TicketAccepted
from contracts.messages.sla import DeadlineSet
from contracts.vocabulary import county_of
from services.intake.domain.ledger import record_of

MODELS: dict[str, type[Body]] = {each.__name__: each for each in (TicketAccepted, DeadlineSet, TicketCompleted)}
STRUCK_OFF = {TicketStruckOff.__name__: TicketStruckOff}
UNKNOWN_CLASS = "none"


@dataclass(slots=True)
class StruckOffIn:
    """The tickets that were struck off in a period. ``ends`` does not belong to it."""

    begins: datetime
    ends: datetime
    tickets: set[str] = field(default_factory=set)

    def take(self, record: bytes) -> None:
        """Look at one record of the ticket log."""
        key, headers, value = record_of(record)
        message = understood(key, value, headers, STRUCK_OFF)
        if message is not None and self.begins <= message.at < self.ends:
            self.tickets.add(message.key)


@dataclass(slots=True)
class MatterLabels:
    """What the strata of one matter follow from."""

    county: str = ""
    division: str = ""
    major: str = UNKNOWN_CLASS
    clock: DeadlineSet | None = None
    light: str = "green"


@dataclass(slots=True)
class Population:
    """The lines of these tickets, once the whole log was taken in the order of its partitions."""

    tickets: Collection[str]
    _labels: dict[str, MatterLabels] = field(default_factory=dict)

    def take(self, record: bytes) -> None:
        """Look at one record of the ticket log."""
        key, headers, value = record_of(record)
        message = understood(key, value, headers, MODELS) if key in self.tickets else None
        if message is None:
            return
        labels = self._labels.setdefault(message.key, MatterLabels())
        match message.body:
            case TicketAccepted() as body:
                labels.county, labels.division = county_of(body.division), body.division
                labels.major = body.category.partition(".")[0] or UNKNOWN_CLASS
            case DeadlineSet() as body if body.kind in PROMISED:
                labels.clock = body
            case TicketCompleted():
                labels.light = _light(labels.clock, message.at)

    def lines(self, division: str) -> list[DrawLine]:
        """Those that lie in the division."""
        return [
            DrawLine(ticket, f"{each.county}/{each.major}/{each.light}")
            for ticket, each in self._labels.items()
            if each.division.startswith(division)
        ]


def _light(clock: DeadlineSet | None, at: datetime) -> str:
    """The colour that had begun."""
    if clock is None:
        return "none"
    instants = (("red", clock.red), ("orange", clock.orange), ("yellow", clock.yellow))
    return next((colour for colour, begins in instants if begins is not None and begins <= at), "green")
