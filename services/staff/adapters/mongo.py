"""The accounts in MongoDB, which staff's loop writes."""

from typing import Any

from runtime.identity.tokens import Scope
from runtime.mongo.client import Database, available
from runtime.mongo.documents import Codec
from services.staff.domain.account import Account, key_of, name_of
from services.staff.ports import NamedAccount

READING = {"doc": 1}


class MongoAccounts:
    def __init__(self, database: Database, collection: str = "accounts") -> None:
        self._accounts = database[collection]
        self._codec = Codec(Account)

    async def create_indexes(self) -> None:
        """What the list of a division leans on. Safe to repeat."""
        async with available():
            await self._accounts.create_index([("doc.appointments.division", 1), ("_id", 1)])

    async def find(self, name: str) -> Account | None:
        async with available():
            plain = await self._accounts.find_one({"_id": key_of(name)}, READING)
        return self._codec.from_plain(plain["doc"]) if plain and plain.get("doc") else None

    async def within(self, division: str, at_most: int, after: str = "") -> tuple[NamedAccount, ...]:
        """By the range of codes that begin so."""
        wanted: dict[str, Any] = {"doc.appointments": {"$elemMatch": Scope(division).filter("division", "unit")}}
        wanted |= {"_id": {"$gt": key_of(after)}}
        async with available():
            found = await self._accounts.find(wanted, READING).sort("_id", 1).to_list(at_most)
        return tuple(NamedAccount(name_of(plain["_id"]), self._codec.from_plain(plain["doc"])) for plain in found)
