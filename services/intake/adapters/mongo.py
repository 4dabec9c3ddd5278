"""Intake's own collections in MongoDB: day keys and the ledger."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import BulkWriteError

from runtime.delivery.ports import Unavailable
from runtime.identity.seals import KeyWrap
from runtime.mongo.client import DUPLICATE_KEY, available, insert_absent
from services.intake.domain.ledger import End, Head, LedgerEntry, Signed, Span

OPEN_AT_MOST = 4  # day keys open in a process: today's, its neighbours, and one of a replay
HEADS_AT_ONCE = 200


class MongoDayKeys:
    """Private halves, wrapped, in ``day_keys``; the last opened ones are kept in this process for a while."""

    def __init__(self, database: Any, wrap: KeyWrap) -> None:
        self._keys, self._wrap = database["day_keys"], wrap
        self._open: dict[str, bytes] = {}

    async def private(self, key: str) -> bytes | None:
        if key not in self._open:
            async with available():
                found = await self._keys.find_one({"_id": key})
            if found is None or "wrapped" not in found:
                return None
            self._open = dict(list(self._open.items())[1 - OPEN_AT_MOST :])
            self._open[key] = self._wrap.unwrap(f"day/{key}", found["wrapped"])
        return self._open[key]

    async def ensure(self, key: str, private: bytes) -> bytes:
        """Insert if absent, then read what stands."""
        await insert_absent(self._keys, [{"_id": key, "wrapped": self._wrap.wrap(f"day/{key}", private)}])
        stands = await self.private(key)
        assert stands is not None, "a day key is destroyed only after its day"
        return stands

    async def kept(self) -> list[str]:
        """Those with a private half, which is all but tombstones."""
        async with available():
            found = (
                await self._keys.find({"wrapped": {"$exists": True}}, {"_id": 1}).sort("_id", ASCENDING).to_list(None)
            )
        return [plain["_id"] for plain in found]

    async def destroy(self, key: str) -> None:
        """Nothing is left but the name: a key of that day is never made again."""
        async with available():
            await self._keys.replace_one({"_id": key}, {"_id": key, "destroyed": True}, upsert=True)
        self._open.pop(key, None)


class MongoLedger:
    """Append-only: intake's database user may insert and find here, not update or delete."""

    def __init__(self, database: Any) -> None:
        self._entries, self._heads = database["ledger"], database["ledger_heads"]

    async def append(self, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
        """Ordered inserts; what another writer was first with is compared, and the rest goes on."""
        left = list(entries)
        while left:
            stopped = await self._insert(left)
            if stopped is None:
                return []
            left = left[stopped:]
            stored = {_id(entry): entry for entry in await self.at([_place_of(entry) for entry in left])}
            if different := [entry for entry in left if stored.get(_id(entry), entry) != entry]:
                return different
            left = [entry for entry in left if _id(entry) not in stored]
        return []

    async def _insert(self, entries: Sequence[LedgerEntry]) -> int | None:
        """The index of the first one that was there already; nothing after it is inserted."""
        try:
            async with available():
                await self._entries.insert_many([_plain(entry) for entry in entries], ordered=True)
        except BulkWriteError as partly:
            errors = (partly.details or {}).get("writeErrors", [])
            if [error["code"] for error in errors] != [DUPLICATE_KEY]:
                raise Unavailable("mongodb: part of a batch failed") from None
            return int(errors[0]["index"])
        return None

    async def at(self, places: Sequence[tuple[str, int, int]]) -> list[LedgerEntry]:
        """The entries at these places, in one query."""
        ids = [_place(*place) for place in places]
        async with available():
            found = await self._entries.find({"_id": {"$in": ids}}).to_list(None)
        return [_entry(plain) for plain in found]

    async def end(self, log: str, partition: int) -> End:
        """Where a chain stands: the record stays where it is."""
        wanted, shown = _range(log, partition), {"o": 1, "c": 1}
        async with available():
            found = await self._entries.find(wanted, shown).sort("_id", DESCENDING).to_list(1)
        return End(found[0]["o"], bytes(found[0]["c"]).hex()) if found else End()

    async def entries(self, spans: Sequence[Span]) -> AsyncIterator[LedgerEntry]:
        """In one query, a batch of the cursor at a time."""
        wanted = [
            {"_id": {"$gte": _place(log, partition, first), "$lte": _place(log, partition, last)}}
            for log, partition, first, last in spans
        ]
        if not wanted:
            return
        async with available():
            async for plain in self._entries.find({"$or": wanted}).sort("_id", ASCENDING):
                yield _entry(plain)

    async def places(self) -> list[tuple[str, int]]:
        """The first entries name the chains."""
        async with available():
            found = await self._entries.find({"o": 0}, {"l": 1, "p": 1}).to_list(None)
        return sorted((plain["l"], plain["p"]) for plain in found)

    async def create_indexes(self) -> None:
        """First entries, to list the chains."""
        async with available():
            await self._entries.create_index([("o", ASCENDING)], partialFilterExpression={"o": 0})

    async def sign(self, signed: Signed) -> bool:
        """Numbers are taken once: two signers cannot equivocate."""
        plain = {
            "_id": signed.head.number,
            "chains": [list(chain) for chain in signed.head.chains],
            "previous": signed.head.previous,
            "signature": signed.signature,
            "key": signed.key,
        }
        return not await insert_absent(self._heads, [plain])

    async def last_heads(self, at_most: int) -> list[Signed]:
        async with available():
            found = await self._heads.find().sort("_id", DESCENDING).to_list(at_most)
        return [_head(plain) for plain in reversed(found)]

    async def head(self, number: int) -> Signed | None:
        async with available():
            plain = await self._heads.find_one({"_id": number})
        return _head(plain) if plain else None

    async def heads(self) -> AsyncIterator[Signed]:
        """All heads, page by page: between two of them an export reads for longer than a cursor lives."""
        last = -1
        while page := await self._heads_after(last):
            for plain in page:
                yield _head(plain)
            last = page[-1]["_id"]

    async def _heads_after(self, number: int) -> list[dict[str, Any]]:
        async with available():
            found = self._heads.find({"_id": {"$gt": number}}).sort("_id", ASCENDING)
            page: list[dict[str, Any]] = await found.to_list(HEADS_AT_ONCE)
        return page


def _head(plain: dict[str, Any]) -> Signed:
    chains = tuple((log, partition, offset, chain) for log, partition, offset, chain in plain["chains"])
    return Signed(Head(plain["_id"], chains, plain["previous"]), plain["signature"], plain["key"])


def _place_of(entry: LedgerEntry) -> tuple[str, int, int]:
    return entry.log, entry.partition, entry.offset


def _id(entry: LedgerEntry) -> str:
    return _place(*_place_of(entry))


def _place(log: str, partition: int, offset: int) -> str:
    return f"{log}/{partition:05d}/{offset:019d}"


def _range(log: str, partition: int) -> dict[str, Any]:
    return {"_id": {"$gte": f"{log}/{partition:05d}/", "$lt": f"{log}/{partition:05d}~"}}


def _plain(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "_id": _id(entry),
        "l": entry.log,
        "p": entry.partition,
        "o": entry.offset,
        "r": entry.record,
        "c": bytes.fromhex(entry.chain),
    }


def _entry(plain: dict[str, Any]) -> LedgerEntry:
    return LedgerEntry(plain["l"], plain["p"], plain["o"], bytes(plain["r"]), bytes(plain["c"]).hex())
