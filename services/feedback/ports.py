"""What feedback needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from runtime.memory.store import InMemoryStore
from services.feedback.domain.case import Case


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases may be seen: a division prefix, and for a unit only its own."""

    division: str = ""
    unit: str = ""

    def allows(self, case: Case) -> bool:
        """Whether the case is inside."""
        return case.division.startswith(self.division) and (not self.unit or case.unit == self.unit)


EVERYWHERE = Reach()
"""For a reporter, whose code is the key."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A case and the id of its ticket."""

    ticket: str
    case: Case


class Cases(Protocol):
    """The cases, for reading. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, number: str, reach: Reach) -> Filed | None:
        """The case with this number (spelt as ``parse_number`` does), if it is within reach."""

    async def to_call(self, reach: Reach, at_most: int) -> tuple[Filed, ...]:
        """Cases whose filer stayed silent after the reminder: staff must ask. In the order of their ids."""


class Words(Protocol):
    """Seals what staff and reporters write."""

    async def seal(self, ticket: str, field: str, text: str) -> str | None:
        """Text under the ticket's words key; None when the key is destroyed. Raises Unavailable."""


class InMemoryCases:
    """The cases of an in-memory store."""

    def __init__(self, store: InMemoryStore[Case]) -> None:
        self._store = store

    async def find(self, number: str, reach: Reach) -> Filed | None:
        """The one with the number."""
        return next((filed for filed in self._within(reach) if filed.case.number == number), None)

    async def to_call(self, reach: Reach, at_most: int) -> tuple[Filed, ...]:
        """Those that wait for a call."""
        silent = [filed for filed in self._within(reach) if filed.case.waits_for_call]
        return tuple(silent[:at_most])

    def _within(self, reach: Reach) -> list[Filed]:
        records = sorted(self._store.records.items())
        cases = [(ticket, record.document) for ticket, record in records]
        return [Filed(ticket, case) for ticket, case in cases if case is not None and reach.allows(case)]
