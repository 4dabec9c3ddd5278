"""Routing's work list in memory."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from runtime.memory import InMemoryStore
from runtime.tokens import Scope
from services.routing.domain.routes import Assignment
from services.routing.mongo import shown


class InMemoryWorkList:
    """Reads the store's records."""

    def __init__(self, store: InMemoryStore[Assignment]) -> None:
        self._store = store

    async def waiting(self, scope: Scope, states: Sequence[str], at_most: int) -> list[dict[str, Any]]:
        """Oldest first."""
        records = [(ticket, record.document) for ticket, record in self._store.records.items()]
        mine = [
            (ticket, document)
            for ticket, document in records
            if document and document.state in states and scope.allows(document.division, document.unit)
        ]
        mine.sort(key=lambda item: item[1].registered_at)
        return [shown(ticket, asdict(document)) for ticket, document in mine[:at_most]]
