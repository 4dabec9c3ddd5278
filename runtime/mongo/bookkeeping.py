"""The bookkeeping of one kind of document in MongoDB, without the documents."""

from collections.abc import AsyncIterator, Mapping

from runtime.delivery.records import Record, Said
from runtime.mongo.client import Database, available
from runtime.mongo.documents import unpack


class MongoBookkeeping:
    """Reads what MongoStore writes in a collection."""

    def __init__(self, database: Database, collection: str) -> None:
        self._documents = database[collection]

    async def position(self, key: str) -> Mapping[str, int]:
        async with available():
            plain = await self._documents.find_one({"_id": key}, {"pos": 1})
        found: Mapping[str, int] = (plain or {}).get("pos", {})
        return found

    async def spoken(self) -> AsyncIterator[Record[object]]:
        """In no order: one query over all."""
        async with available():
            async for plain in self._documents.find({"seq": {"$gt": 0}}, {"seq": 1, "p": 1, "out": 1}):
                out = tuple(
                    Said(seq, log, at, unpack(head), bytes(value)) for seq, log, at, head, value in plain.get("out", ())
                )
                yield Record(plain["_id"], plain["p"], seq=plain["seq"], out=out)
