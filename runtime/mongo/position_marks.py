"""How far a group's documents have come in its log, beside them: a backup of the database holds its own marks."""

from collections.abc import Mapping
from typing import Any

from contracts.topics import PARTS
from runtime.delivery.ports import LogPartition
from runtime.mongo.client import Database, available

PREFIX = "marks/"


async def furthest(control: Any) -> Mapping[LogPartition, int]:
    """How far any group of a service has come, by its ``control``. Raises Unavailable."""
    async with available():
        kept = await control.find({"_id": {"$gte": PREFIX, "$lt": "marks0"}}).to_list(len(PARTS) + 1)
    reached: dict[LogPartition, int] = {}
    for place, mark in (each for plain in kept for each in _marks(plain).items()):
        reached[place] = max(mark, reached.get(place, 0))
    return reached


def _marks(plain: Mapping[str, Any]) -> dict[LogPartition, int]:
    kept = plain.get("marks", {})
    return {(log, int(part)): offset for log, parts in kept.items() for part, offset in parts.items()}


class MongoPositionMarks:
    """In ``control`` of the service's own database; written a few seconds after the fact, never ahead of it."""

    def __init__(self, database: Database, group: str) -> None:
        self._control, self._id = database["control"], f"{PREFIX}{group}"

    async def known(self) -> Mapping[LogPartition, int]:
        """The offset that follows what is certainly done. Raises Unavailable."""
        async with available():
            plain = await self._control.find_one({"_id": self._id}) or {}
        return _marks(plain)

    async def keep(self, marks: Mapping[LogPartition, int]) -> None:
        fields = {f"marks.{log}.{partition}": offset for (log, partition), offset in marks.items()}
        async with available():
            await self._control.update_one({"_id": self._id}, {"$set": fields}, upsert=True)
