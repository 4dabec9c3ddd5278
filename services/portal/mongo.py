"""The ticket documents in MongoDB: reads over the collection that the portal's loop writes."""

from datetime import datetime
from typing import Any

from runtime.documents import Codec
from runtime.mongo import Database, available
from services.portal import queries
from services.portal.domain import counters
from services.portal.domain.filters import Filters, Scope
from services.portal.domain.ticket import Ticket
from services.portal.ports import Found

READING = {"doc": 1}
COUNTED_AT_MOST = 10_000  # documents; a longer list says how many there are at least, and stays fast


class MongoTickets:
    """Reads of the portal's pages and lists."""

    def __init__(self, database: Database, collection: str = "tickets") -> None:
        self._tickets = database[collection]
        self._codec = Codec(Ticket, omit_defaults=False)

    async def create_indexes(self) -> None:
        """What lists and counters lean on. Safe to repeat."""
        async with available():
            for keys in queries.INDEXES:
                await self._tickets.create_index(keys)

    async def find(self, asked: Filters, scope: Scope, now: datetime, *, skip: int, limit: int) -> Found:
        """The matching tickets, newest change first."""
        wanted = queries.find(asked, scope, now)
        async with available():
            cursor = self._tickets.find(wanted, READING).sort(queries.NEWEST_FIRST).skip(skip).limit(limit)
            plain = await cursor.to_list(limit)
            total = await self._tickets.count_documents(wanted, limit=COUNTED_AT_MOST)
        return Found(self._tickets_of(plain), total)

    async def census(self, scope: Scope, now: datetime) -> counters.Census:
        """The census in one aggregation."""
        async with available():
            cursor = self._tickets.aggregate(queries.counting(scope, now))
            rows = await cursor.to_list(None)
        return queries.standings(rows)

    async def recent(self, limit: int) -> tuple[Ticket, ...]:
        """The newest changes."""
        async with available():
            cursor = self._tickets.find({"doc": {"$exists": True}}, READING).sort(queries.NEWEST_FIRST).limit(limit)
            return self._tickets_of(await cursor.to_list(limit))

    async def by_number(self, number: str) -> Ticket | None:
        """The one with the number."""
        async with available():
            plain = await self._tickets.find_one({f"{queries.DOCUMENT}number": number}, READING)
        return self._codec.from_plain(plain["doc"]) if plain else None

    def _tickets_of(self, found: list[Any]) -> tuple[Ticket, ...]:
        return tuple(self._codec.from_plain(each["doc"]) for each in found)
