"""How far a group's documents have come in its log, beside them: a backup of the database holds its own marks."""

from collections.abc import Mapping

from runtime.delivery.ports import LogPartition
from runtime.mongo.client import Database, available


class MongoPositionMarks:
    """In ``control`` of the service's own database; written a few seconds after the fact, never ahead of it."""

    def __init__(self, database: Database, group: str) -> None:
        self._control, self._id = database["control"], f"marks/{group}"

    async def known(self) -> Mapping[LogPartition, int]:
        """The offset that follows what is certainly done. Raises Unavailable."""
        async with available():
            plain = await self._control.find_one({"_id": self._id}) or {}
        kept = plain.get("marks", {})
        return {(log, int(part)): offset for log, parts in kept.items() for part, offset in parts.items()}

    async def keep(self, marks: Mapping[LogPartition, int]) -> None:
        fields = {f"marks.{log}.{partition}": offset for (log, partition), offset in marks.items()}
        async with available():
            await self._control.update_one({"_id": self._id}, {"$set": fields}, upsert=True)
