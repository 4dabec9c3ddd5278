"""What waits to be sent to subscribers, in MongoDB. One row an event and subscription; an event twice is one row."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne

from runtime.mongo.client import available, insert_absent
from services.notify.domain.hooks import DELIVERED, GIVEN_UP, KEPT, WAITS, HookDelivery, HookRow, Sums

HELD_AT_MOST = 1_000  # tickets of one subscription that wait for a later try


class MongoHookQueue:
    """``w`` stands on rows that wait, and on no others: the indexes over them stay small."""

    def __init__(self, database: Any) -> None:
        self._rows = database["hook_queue"]

    async def create_indexes(self) -> None:
        """What waits, in the order of the feed and by when; what is over, which expires. Safe to repeat."""
        waits = {"partialFilterExpression": {"w": True}}
        async with available():
            await self._rows.create_index([("s", ASCENDING), ("p", ASCENDING), ("o", ASCENDING)], **waits)
            await self._rows.create_index([("s", ASCENDING), ("at", ASCENDING)], name="held", **waits)
            await self._rows.create_index([("s", ASCENDING), ("t", ASCENDING)], name="tickets", **waits)
            await self._rows.create_index([("s", ASCENDING), ("told", DESCENDING)], name="recent")
            await self._rows.create_index([("over", ASCENDING)], expireAfterSeconds=int(KEPT.total_seconds()))

    async def put(self, rows: Sequence[HookRow]) -> int:
        """Queue what is not there yet; how many were not. Raises Unavailable."""
        if not rows:
            return 0
        return len(rows) - len(await insert_absent(self._rows, [_plain(each) for each in rows]))

    async def again(self, rows: Sequence[HookRow]) -> None:
        """Queue these, also those that were delivered or given up. Raises Unavailable."""
        if not rows:
            return
        writes = [
            UpdateOne({"_id": row.id}, {"$set": _plain(row), "$unset": {"over": ""}}, upsert=True) for row in rows
        ]
        async with available():
            await self._rows.bulk_write(writes, ordered=False)

    async def due(
        self, subscription: str, partitions: Collection[int], now: datetime, at_most: int, kinds: Sequence[str] = ()
    ) -> list[HookRow]:
        """What may be sent now, in the order of the feed; nothing of a ticket of which something waits for later."""
        mine = {"s": subscription, "w": True, "p": {"$in": sorted(partitions)}} | (
            {"k": {"$in": kinds}} if kinds else {}
        )
        async with available():
            held = await self._rows.find({"s": subscription, "w": True, "at": {"$gt": now}}, {"t": 1}).to_list(
                HELD_AT_MOST
            )
            asked = mine | {"at": {"$lte": now}, "t": {"$nin": sorted({each["t"] for each in held})}}
            found = await self._rows.find(asked).sort([("p", ASCENDING), ("o", ASCENDING)]).to_list(at_most)
        return [_row(each) for each in found]

    async def oldest(self, subscription: str, partitions: Collection[int]) -> HookRow | None:
        """The first that waits, whenever it may be tried. Raises Unavailable."""
        mine = {"s": subscription, "w": True, "p": {"$in": sorted(partitions)}}
        async with available():
            found = await self._rows.find(mine).sort([("p", ASCENDING), ("o", ASCENDING)]).to_list(1)
        return _row(found[0]) if found else None

    async def delivered(self, row: HookRow, status: int, at: datetime) -> None:
        await self._end(row, DELIVERED, status, "", at)

    async def given_up(self, row: HookRow, status: int, why: str, at: datetime) -> None:
        """It is not tried again by itself; its ticket goes on."""
        await self._end(row, GIVEN_UP, status, why, at)

    async def failed(self, row: HookRow, status: int, why: str, now: datetime, again: datetime) -> None:
        """It and all that waits of its ticket is tried at ``again``, not before."""
        told = {"$set": {"at": again, "st": status, "why": why, "told": now}, "$inc": {"n": 1}}
        ticket = {"s": row.subscription, "t": row.ticket, "w": True}
        async with available():
            await self._rows.update_many(ticket, {"$set": {"at": again}})
            await self._rows.update_one({"_id": row.id}, told)

    async def waiting(self, subscription: str) -> int:
        """How many wait. Raises Unavailable."""
        async with available():
            count: int = await self._rows.count_documents({"s": subscription, "w": True})
        return count

    async def forget(self, subscription: str) -> None:
        """Drop what waits; what is over stays to be looked at. Raises Unavailable."""
        async with available():
            await self._rows.delete_many({"s": subscription, "w": True})

    async def recent(self, subscription: str, at_most: int) -> list[HookDelivery]:
        """What was tried last, newest first. Raises Unavailable."""
        asked = {"s": subscription, "told": {"$exists": True}}
        async with available():
            found = await self._rows.find(asked).sort("told", DESCENDING).to_list(at_most)
        return [_delivery(each) for each in found]

    async def sums(self, subscription: str, since: datetime, until: datetime) -> Sums:
        """What became of the events of a span, by type and state. Raises Unavailable."""
        mine = {"s": subscription, "of": {"$gte": since, "$lt": until}}
        by = {"_id": {"k": "$k", "state": "$state"}, "n": {"$sum": 1}}
        async with available():
            found = await self._rows.aggregate([{"$match": mine}, {"$group": by}]).to_list(None)
        return {(each["_id"]["k"], each["_id"]["state"]): each["n"] for each in found}

    async def find(self, subscription: str, event: str) -> tuple[int, int] | None:
        """Partition and offset of an event of the last days; None when it is not known any more."""
        async with available():
            found = await self._rows.find_one({"s": subscription, "e": event}, {"p": 1, "o": 1})
        return (found["p"], found["o"]) if found else None

    async def _end(self, row: HookRow, state: str, status: int, why: str, at: datetime) -> None:
        over = {"st": status, "why": why, "told": at, "over": at, "state": state, "n": row.tries + 1}
        async with available():
            await self._rows.update_one({"_id": row.id}, {"$set": over, "$unset": {"w": "", "body": ""}})


def _plain(row: HookRow) -> dict[str, Any]:
    return {
        "_id": row.id,
        "s": row.subscription,
        "t": row.ticket,
        "p": row.partition,
        "o": row.offset,
        "e": row.event,
        "k": row.kind,
        "body": row.text,
        "of": row.told,
        "q": row.queued,
        "at": row.at,
        "n": row.tries,
        "w": True,
        "state": WAITS,
    }


def _row(plain: dict[str, Any]) -> HookRow:
    ids = plain["s"], plain["t"], plain["p"], plain["o"], plain["e"], plain["k"]
    told = plain.get("of", plain["q"])  # an earlier build wrote none; its rows are in no sums
    return HookRow(*ids, bytes(plain["body"]), told, plain["q"], plain["at"], plain["n"])


def _delivery(plain: dict[str, Any]) -> HookDelivery:
    ends = plain["n"], plain.get("st", 0), plain.get("why", ""), plain["told"]
    return HookDelivery(plain["e"], plain["k"], plain["t"], plain["state"], *ends)
