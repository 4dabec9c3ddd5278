"""Notify's outbox in MongoDB: its own documents, read for the deliverer, and the journal of attempts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, UpdateOne

from runtime.documents import Codec
from runtime.mongo import available, insert_absent
from services.notify.domain import Post
from services.notify.memory import waiting_of
from services.notify.ports import Waiting


class MongoOutbox:
    """Documents by ``send_at``; attempts by reference, which expire after a month."""

    def __init__(self, database: Any) -> None:
        self._posts, self._attempts = database["deliveries"], database["attempts"]
        self._codec = Codec(Post)

    async def create_indexes(self) -> None:
        """What is due; what is unknown; attempts that are old."""
        async with available():
            await self._posts.create_index([("doc.send_at", ASCENDING)], sparse=True)
            await self._posts.create_index([("doc.items.state", ASCENDING)], sparse=True)
            await self._attempts.create_index([("at", ASCENDING)], expireAfterSeconds=31 * 24 * 3600)

    async def waiting(self, now: datetime, partitions: Collection[int], at_most: int) -> list[Waiting]:
        """One query on the index."""
        wanted = {"doc.send_at": {"$lte": now}, "p": {"$in": sorted(partitions)}}
        async with available():
            found = await self._posts.find(wanted, {"doc": 1}).sort("doc.send_at", ASCENDING).to_list(at_most)
        return [waiting_of(plain["_id"], self._codec.from_plain(plain["doc"]), now) for plain in found]

    async def attempt(self, references: Sequence[str], at: datetime) -> set[str]:
        """One unordered insert; who was there comes back."""
        there = await insert_absent(self._attempts, [{"_id": reference, "at": at} for reference in references])
        return {references[index] for index in there}

    async def outcomes(self, references: Collection[str]) -> Mapping[str, tuple[datetime, str]]:
        """The journal."""
        async with available():
            found = await self._attempts.find({"_id": {"$in": list(references)}}).to_list(None)
        return {plain["_id"]: (plain["at"], plain.get("outcome", "")) for plain in found}

    async def record(self, outcomes: Mapping[str, str]) -> None:
        """One unordered bulk write."""
        if outcomes:
            updates = [UpdateOne({"_id": each}, {"$set": {"outcome": outcome}}) for each, outcome in outcomes.items()]
            async with available():
                await self._attempts.bulk_write(updates, ordered=False)

    async def unknown(self, at_most: int) -> list[dict[str, object]]:
        """Deliveries of which nobody knows."""
        async with available():
            found = await self._posts.find({"doc.items.state": "unknown"}).to_list(at_most)
        return [
            {
                "ticket": plain["_id"],
                "number": post.number,
                "reference": item.ref,
                "kind": item.kind,
                "channel": item.channel,
            }
            for plain in found
            for post in (self._codec.from_plain(plain["doc"]),)
            for item in post.items
            if item.state == "unknown"
        ]
