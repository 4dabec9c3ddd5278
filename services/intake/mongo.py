"""Intake's own collections in MongoDB: day keys and the ledger."""

from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING

from runtime.mongo import available, insert_absent
from runtime.seals import KeyWrap
from services.intake.domain.ledger import Entry, Head


class MongoDayKeys:
    """Private halves, wrapped, in ``day_keys``; opened ones are kept in this process (at most 60)."""

    def __init__(self, database: Any, wrap: KeyWrap) -> None:
        self._keys, self._wrap = database["day_keys"], wrap
        self._open: dict[str, bytes] = {}

    async def private(self, key: str) -> bytes | None:
        """The private half."""
        if key not in self._open:
            async with available():
                found = await self._keys.find_one({"_id": key})
            if found is None or "wrapped" not in found:
                return None
            self._open = dict(list(self._open.items())[-59:])
            self._open[key] = self._wrap.unwrap(f"day/{key}", found["wrapped"])
        return self._open[key]

    async def ensure(self, key: str, private: bytes) -> bytes:
        """Insert if absent, then read what stands."""
        await insert_absent(self._keys, [{"_id": key, "wrapped": self._wrap.wrap(f"day/{key}", private)}])
        stands = await self.private(key)
        assert stands is not None, "a day key is destroyed only after its day"
        return stands


class MongoLedger:
    """Append-only: intake's database user may insert and find here, not update or delete."""

    def __init__(self, database: Any) -> None:
        self._entries, self._heads = database["ledger"], database["ledger_heads"]

    async def append(self, entries: Sequence[Entry]) -> list[Entry]:
        """One insert; those that were there are compared."""
        there = [entries[at] for at in await insert_absent(self._entries, [_plain(entry) for entry in entries])]
        if not there:
            return []
        async with available():
            found = await self._entries.find({"_id": {"$in": [_id(entry) for entry in there]}}).to_list(None)
        stored = {plain["_id"]: _entry(plain) for plain in found}
        return [entry for entry in there if stored.get(_id(entry)) != entry]

    async def at(self, places: Sequence[tuple[str, int, int]]) -> list[Entry]:
        """The entries at these places, in one query."""
        ids = [_place(*place) for place in places]
        async with available():
            found = await self._entries.find({"_id": {"$in": ids}}).to_list(None)
        return [_entry(plain) for plain in found]

    async def last(self, log: str, partition: int) -> Entry | None:
        """The end of a chain."""
        async with available():
            found = await self._entries.find(_range(log, partition)).sort("_id", DESCENDING).to_list(1)
        return _entry(found[0]) if found else None

    async def chain(self, log: str, partition: int) -> list[Entry]:
        """A whole chain."""
        async with available():
            found = await self._entries.find(_range(log, partition)).sort("_id", ASCENDING).to_list(None)
        return [_entry(plain) for plain in found]

    async def places(self) -> list[tuple[str, int]]:
        """The first entries name the chains."""
        async with available():
            found = await self._entries.find({"o": 0}).to_list(None)
        return sorted((plain["l"], plain["p"]) for plain in found)

    async def create_indexes(self) -> None:
        """First entries, to list the chains."""
        async with available():
            await self._entries.create_index([("o", ASCENDING)], partialFilterExpression={"o": 0})

    async def sign(self, head: Head, signature: str) -> bool:
        """Numbers are taken once: two signers cannot equivocate."""
        plain = {
            "_id": head.number,
            "chains": [list(chain) for chain in head.chains],
            "previous": head.previous,
            "signature": signature,
        }
        return not await insert_absent(self._heads, [plain])

    async def heads(self, at_most: int) -> list[tuple[Head, str]]:
        """The last heads."""
        async with available():
            found = await self._heads.find().sort("_id", DESCENDING).to_list(at_most)
        return [
            (Head(plain["_id"], tuple((*chain,) for chain in plain["chains"]), plain["previous"]), plain["signature"])
            for plain in reversed(found)
        ]


def _id(entry: Entry) -> str:
    return _place(entry.log, entry.partition, entry.offset)


def _place(log: str, partition: int, offset: int) -> str:
    return f"{log}/{partition:05d}/{offset:019d}"


def _range(log: str, partition: int) -> dict[str, Any]:
    return {"_id": {"$gte": f"{log}/{partition:05d}/", "$lt": f"{log}/{partition:05d}~"}}


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "_id": _id(entry),
        "l": entry.log,
        "p": entry.partition,
        "o": entry.offset,
        "d": bytes.fromhex(entry.digest),
        "c": bytes.fromhex(entry.chain),
    }


def _entry(plain: dict[str, Any]) -> Entry:
    return Entry(plain["l"], plain["p"], plain["o"], bytes(plain["d"]).hex(), bytes(plain["c"]).hex())
