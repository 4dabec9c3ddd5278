"""The ticket documents in MongoDB, which the portal's loop writes, and people's words through the vault."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from inspect import isawaitable
from typing import Any

from contracts.identifiers import prefix_of
from runtime.delivery.ports import Unavailable
from runtime.identity import seals, vault
from runtime.mongo.client import Database, available
from runtime.mongo.documents import Codec
from services.portal import metrics
from services.portal.reading.adapters.mongo_day import OfOneDay
from services.portal.reading.board.board import Today
from services.portal.reading.board.day import DaySelection, DaySpan
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.ports import Found
from services.portal.reading.search import queries
from services.portal.reading.search.cursors import Cursor
from services.portal.reading.search.filters import Filters, TicketScope
from services.portal.reading.search.terms import DOCUMENT, Query
from services.portal.reading.ticket.document import LONG, Ticket
from services.portal.reading.ticket.fold.sealed import Sealed

READING = {"doc": 1}
LISTING = {f"doc.{each.name}": 1 for each in fields(Ticket) if each.name not in (*LONG, "voters")} | {
    f"doc.voters.{name}": 1 for name in ("index", "digest", "part")
}
"""What ``ticket.brief`` leaves of a document: a list of long stories is read as fast as one of short ones."""
PUBLIC = {f"doc.{each.name}": 1 for each in fields(Ticket) if each.default is MISSING} | {
    f"doc.{name}": 1 for name in ("category", "unit", "clocks", "round", "hops", "returns", "reworks", "erased")
}
"""What a snapshot is made of, and what no document is without."""
AFTER = "~"  # sorts after every character of an id
SAME_PREFIX = 8  # ids that share 60 bits: one, but for the end of the world
COUNTED_AT_MOST = 10_000  # documents; a longer list says how many there are at least, and stays fast


class VaultWords:
    """People's words through the vault's words keys."""

    def __init__(self, vault: vault.WordKeys) -> None:
        self._vault = vault

    async def open_many(self, sealed: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Sequence[str]]:
        """Clear words; "" where the key is destroyed or the seal broken, which one metric counts."""
        keys = await self._vault.keys(sealed)
        return {ticket: [_opened(keys.get(ticket), ticket, each) for each in words] for ticket, words in sealed.items()}


def _opened(key: bytes | None, ticket: str, words: Sealed) -> str:
    if key is None:
        return ""
    try:
        return vault.open_words(key, ticket, words.field, words.text)
    except seals.SealBroken:
        metrics.SEALS_BROKEN.inc()
        return ""


class MongoTickets:
    """Reads of the portal's pages and lists."""

    def __init__(self, database: Database, collection: str = "tickets") -> None:
        self._tickets = database[collection]
        self._codec = Codec(Ticket, omit_defaults=False)

    async def create_indexes(self) -> None:
        """What lists and counters lean on. Safe to repeat."""
        async with available():
            for keys, only in queries.INDEXES:
                await self._tickets.create_index(keys, **{"partialFilterExpression": only} if only else {})

    async def find(
        self,
        asked: Filters,
        scope: TicketScope,
        now: datetime,
        *,
        limit: int,
        skip: int = 0,
        after: Cursor | None = None,
        before: Cursor | None = None,
    ) -> Found:
        """The matching tickets, newest change first."""
        wanted = queries.find(asked, scope, now)
        order = queries.NEWEST_FIRST if before is None else queries.OLDEST_FIRST
        async with available():
            cursor = self._tickets.find(queries.beyond(wanted, after, before), LISTING)
            plain = await cursor.sort(order).skip(skip).limit(limit + 1).to_list(limit + 1)
            total = await self._tickets.count_documents(wanted, limit=COUNTED_AT_MOST + 1)
        page = plain[:limit] if before is None else plain[:limit][::-1]
        counted = {"total": min(total, COUNTED_AT_MOST), "at_least": total > COUNTED_AT_MOST}
        return Found(self._tickets_of(page), **counted, more=len(plain) > limit)

    async def look(self, scope: TicketScope, now: datetime) -> BoardSelection:
        """One snapshot, one query after the other: a ticket that moves meanwhile is counted once."""
        async with available(), await self._snapshot() as session:
            rows = await self._rows(queries.counting(scope, now), session)
            rows += await self._rows(queries.ended(scope, now), session)
            today = Today(
                registered=await self._count(queries.registered_since(scope, now), session),
                struck_off=await self._count(queries.struck_off_since(scope, now), session),
            )
            plain: dict[str, Any] = {}
            for first in queries.worth_a_look(scope, now):
                cursor = self._tickets.find(first.query, LISTING, session=session).sort(first.order).limit(first.limit)
                plain |= {each["_id"]: each for each in await cursor.to_list(first.limit)}
        return BoardSelection(census=queries.standings(rows), today=today, tickets=self._tickets_of(plain.values()))

    async def day(self, scope: TicketScope, span: DaySpan, *, digits: int) -> DaySelection:
        """One snapshot for all that is read and counted: a ticket that moves meanwhile is counted once."""
        async with available(), await self._snapshot() as session:
            return await OfOneDay(self._tickets, session, self._tickets_of).look(scope, span, digits)

    async def _snapshot(self) -> Any:
        started = self._tickets.database.client.start_session(snapshot=True)
        return await started if isawaitable(started) else started

    async def _rows(self, pipeline: list[Query], session: Any) -> list[Any]:
        cursor = self._tickets.aggregate(pipeline, session=session)
        rows: list[Any] = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        return rows

    async def _count(self, wanted: Query, session: Any) -> int:
        return int(await self._tickets.count_documents(wanted, session=session))

    async def inbox(self, office: str, scope: TicketScope, *, unit: str, limit: int, skip: int = 0) -> Found:
        """From the index of the office."""
        async with available():
            cursor = self._tickets.find(queries.inbox(office, scope, unit), LISTING).sort(queries.in_turn(office))
            plain = await cursor.skip(skip).limit(limit + 1).to_list(limit + 1)
        return Found(self._tickets_of(plain[:limit]), skip + len(plain), more=len(plain) > limit)

    async def name_of(self, division: str) -> str:
        """From the index on the division."""
        named = {f"{DOCUMENT}division": division, f"{DOCUMENT}division_zh": {"$gt": ""}}
        async with available():
            found = await self._tickets.find_one(named, {"doc.division_zh": 1})
        return str(found["doc"]["division_zh"]) if found else ""

    async def by_number(self, number: str) -> Ticket | None:
        """The one with the number."""
        prefix = prefix_of(number)
        async with available():
            cursor = self._tickets.find({"_id": {"$gte": prefix, "$lt": prefix + AFTER}, "doc": {"$ne": None}}, READING)
            found = self._tickets_of(await cursor.to_list(SAME_PREFIX))
        return next((ticket for ticket in found if ticket.number == number), None)

    async def of_partition(self, partition: int, after: str, limit: int) -> Sequence[Ticket]:
        """From an index of its own."""
        wanted = {"p": partition, "_id": {"$gt": after}, "doc": {"$exists": True}}
        async with available():
            found = await self._tickets.find(wanted, PUBLIC).sort(queries.OF_A_PARTITION).limit(limit).to_list(limit)
        return self._tickets_of(found)

    async def ready(self) -> bool:
        try:
            async with available():
                await self._tickets.find_one({}, {"_id": 1})
        except Unavailable:
            return False
        return True

    def _tickets_of(self, found: Iterable[Any]) -> tuple[Ticket, ...]:
        return tuple(self._codec.from_plain(each["doc"]) for each in found)
