"""The list of the audit: in memory, and in the collection ``audit``, which lets go what the log lets go."""

from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING

from runtime.identity.tokens import Scope
from runtime.mongo.client import Database, available, insert_absent
from runtime.mongo.documents import Codec
from services.staff.domain.audit import KEPT_DAYS, AuditEntry, AuditQuestion

IN_MEMORY_AT_MOST = 10_000
DAY = 24 * 3600  # seconds


class InMemoryAuditEntries:
    def __init__(self) -> None:
        self._entries: dict[str, AuditEntry] = {}

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        for entry in entries:
            self._entries.setdefault(entry.place, entry)
        while len(self._entries) > IN_MEMORY_AT_MOST:
            del self._entries[next(iter(self._entries))]

    async def find(self, asked: AuditQuestion, at_most: int) -> tuple[AuditEntry, ...]:
        found = [entry for entry in self._entries.values() if asked.covers(entry)]
        return tuple(sorted(found, key=lambda entry: (entry.time, entry.place), reverse=True)[:at_most])


class MongoAuditEntries:
    def __init__(self, database: Database) -> None:
        self._entries, self._codec = database["audit"], Codec(AuditEntry)

    async def create_indexes(self) -> None:
        """By division, account, who did it and number, the newest first; old ones expire. Safe to repeat."""
        async with available():
            await self._entries.create_index([("time", ASCENDING)], expireAfterSeconds=KEPT_DAYS * DAY)
            for field in ("divisions", "account", "by", "number"):
                await self._entries.create_index([(field, ASCENDING), ("time", DESCENDING)])

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        if entries:
            await insert_absent(self._entries, [{"_id": each.place, **self._codec.to_plain(each)} for each in entries])

    async def find(self, asked: AuditQuestion, at_most: int) -> tuple[AuditEntry, ...]:
        async with available():
            order = [("time", DESCENDING), ("_id", DESCENDING)]
            found = await self._entries.find(_query(asked)).sort(order).limit(at_most).to_list(at_most)
        return tuple(self._codec.from_plain(plain) for plain in found)


def _query(asked: AuditQuestion) -> dict[str, Any]:
    within = Scope(asked.division).filter("division", "unit")["division"]
    named = {"number": asked.number, "what": asked.what}
    who = {"$or": [{"account": asked.account}, {"by": asked.account}]} if asked.account else {}
    times = {"$gte": asked.since, "$lt": asked.until}
    bounds = {sign: instant for sign, instant in times.items() if instant}
    return {
        "divisions": {"$elemMatch": within},
        **who,
        **{name: value for name, value in named.items() if value},
        **({"time": bounds} if bounds else {}),
    }
