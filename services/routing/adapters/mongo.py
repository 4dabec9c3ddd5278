"""The assignments in MongoDB, which routing's loop writes: reads with the scope inside the query."""

from collections.abc import Sequence
from inspect import isawaitable
from typing import Any

from contracts.identifiers import prefix_of
from runtime.identity.tokens import Scope
from runtime.mongo.client import Database, available
from runtime.mongo.documents import Codec
from services.routing.domain.assignment.assignment import WAITING, Assignment, AssignmentState
from services.routing.ports import AssignmentScope, Census, FiledAssignment

READING = {"doc": 1}
AFTER = "~"  # sorts after every character of an id
URGENT_THEN_OLDEST = [("doc.urgent", -1), ("doc.registered_at", 1), ("_id", 1)]


class MongoAssignments:
    def __init__(self, database: Database, collection: str = "assignments") -> None:
        self._assignments = database[collection]
        self._codec = Codec(Assignment)

    async def create_indexes(self) -> None:
        """What the work list leans on; only what waits is in it. Safe to repeat."""
        only = {"doc.state": {"$in": [state.value for state in WAITING]}}
        keys = [("doc.division", 1), ("doc.state", 1), ("doc.registered_at", 1)]
        async with available():
            await self._assignments.create_index(keys, name="waiting", partialFilterExpression=only)

    async def find(self, numbers: Sequence[str], reach: AssignmentScope) -> tuple[FiledAssignment, ...]:
        """Ranges of the primary key, the numbers and the scope."""
        ranges = [{"_id": {"$gte": prefix_of(each), "$lt": prefix_of(each) + AFTER}} for each in numbers]
        wanted = {"$or": ranges, "doc.number": {"$in": list(numbers)}} | _within(reach)
        async with available():
            found = await self._assignments.find(wanted, READING).to_list(None) if ranges else []
        return tuple(self._filed(plain) for plain in found)

    async def waiting(
        self, reach: AssignmentScope, states: Sequence[AssignmentState], at_most: int
    ) -> tuple[FiledAssignment, ...]:
        wanted = {"doc.state": {"$in": [state.value for state in states]}} | _within(reach)
        async with available():
            found = await self._assignments.find(wanted, READING).sort(URGENT_THEN_OLDEST).to_list(at_most)
        return tuple(self._filed(plain) for plain in found)

    async def census(self) -> Census:
        """Counted by the database, over what waits."""
        returned = {"$sum": {"$cond": [{"$gt": [{"$ifNull": ["$doc.returns", 0]}, 0]}, 1, 0]}}
        steps = [
            {"$match": {"doc.state": {"$in": [state.value for state in WAITING]}}},
            {"$group": {"_id": "$doc.state", "n": {"$sum": 1}, "returned": returned}},
        ]
        async with available():
            cursor = self._assignments.aggregate(steps)
            rows = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        by_state = {AssignmentState(row["_id"]): int(row["n"]) for row in rows}
        return Census({state: by_state.get(state, 0) for state in WAITING}, sum(int(row["returned"]) for row in rows))

    def _filed(self, plain: Any) -> FiledAssignment:
        return FiledAssignment(plain["_id"], self._codec.from_plain(plain["doc"]))


def _within(reach: AssignmentScope) -> dict[str, Any]:
    return Scope(reach.division, reach.unit).filter("doc.division", "doc.unit")
