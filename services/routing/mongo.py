"""Routing's work list in MongoDB: its own documents, read for people."""

from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING

from runtime.mongo import available
from runtime.tokens import Scope


class MongoWorkList:
    """Assignments by state, within a scope that is part of the query."""

    def __init__(self, database: Any) -> None:
        self._assignments = database["assignments"]

    async def create_indexes(self) -> None:
        """State, then age."""
        async with available():
            await self._assignments.create_index([("doc.state", ASCENDING), ("doc.registered_at", ASCENDING)])

    async def waiting(self, scope: Scope, states: Sequence[str], at_most: int) -> list[dict[str, Any]]:
        """Oldest first."""
        wanted = {"doc.state": {"$in": list(states)}} | scope.filter("doc.division", "doc.unit")
        async with available():
            found = await self._assignments.find(wanted).sort("doc.registered_at", ASCENDING).to_list(at_most)
        return [shown(plain["_id"], plain["doc"]) for plain in found]


def shown(ticket: str, document: dict[str, Any]) -> dict[str, Any]:
    """What the work list shows of an assignment: nothing of the reporter."""
    fields = ("number", "state", "division", "category", "unit", "lead_unit", "reason", "candidates", "registered_at")
    return {"ticket": ticket} | {name: document.get(name) for name in fields}
