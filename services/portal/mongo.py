"""The ticket documents in MongoDB, which the portal's loop writes, and people's words through the vault."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from inspect import isawaitable
from typing import Any

from contracts.identifiers import prefix_of
from runtime import seals, vault
from runtime.documents import Codec
from runtime.mongo import Database, available
from runtime.ports import Unavailable
from services.portal import metrics, queries
from services.portal.domain import counters
from services.portal.domain.filters import Filters, Scope
from services.portal.domain.ticket import LONG, Ticket
from services.portal.ports import Found, Sealed

READING = {"doc": 1}
LISTING = {f"doc.{each.name}": 1 for each in fields(Ticket) if each.name not in (*LONG, "voters")} | {
    f"doc.voters.{name}": 1 for name in ("index", "digest", "part")
}
"""What ``ticket.brief`` leaves of a document: a list of long stories is read as fast as one of short ones."""
AFTER = "~"  # sorts after every character of an id
SAME_PREFIX = 8  # ids that share 60 bits: one, but for the end of the world
COUNTED_AT_MOST = 10_000  # documents; a longer list says how many there are at least, and stays fast


class VaultWords:
    """People's words through the vault's words keys."""

    def __init__(self, vault: vault.Words) -> None:
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
            for keys in queries.INDEXES:
                await self._tickets.create_index(keys)

    async def find(self, asked: Filters, scope: Scope, now: datetime, *, skip: int, limit: int) -> Found:
        """The matching tickets, newest change first."""
        wanted = queries.find(asked, scope, now)
        async with available():
            cursor = self._tickets.find(wanted, LISTING).sort(queries.NEWEST_FIRST).skip(skip).limit(limit)
            plain = await cursor.to_list(limit)
            total = await self._tickets.count_documents(wanted, limit=COUNTED_AT_MOST)
        return Found(self._tickets_of(plain), total)

    async def census(self, scope: Scope, now: datetime) -> counters.Census:
        """The census in one aggregation."""
        async with available():
            cursor = self._tickets.aggregate(queries.counting(scope, now))
            rows = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        return queries.standings(rows)

    async def recent(self, limit: int) -> tuple[Ticket, ...]:
        """The newest changes."""
        async with available():
            cursor = self._tickets.find({"doc": {"$exists": True}}, LISTING).sort(queries.NEWEST_FIRST).limit(limit)
            return self._tickets_of(await cursor.to_list(limit))

    async def by_number(self, number: str) -> Ticket | None:
        """The one with the number."""
        prefix = prefix_of(number)
        async with available():
            cursor = self._tickets.find({"_id": {"$gte": prefix, "$lt": prefix + AFTER}, "doc": {"$ne": None}}, READING)
            found = self._tickets_of(await cursor.to_list(SAME_PREFIX))
        return next((ticket for ticket in found if ticket.number == number), None)

    async def ready(self) -> bool:
        """Whether MongoDB answers."""
        try:
            async with available():
                await self._tickets.find_one({}, {"_id": 1})
        except Unavailable:
            return False
        return True

    def _tickets_of(self, found: list[Any]) -> tuple[Ticket, ...]:
        return tuple(self._codec.from_plain(each["doc"]) for each in found)
