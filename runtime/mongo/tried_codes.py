"""Tried codes in one collection of all services, by the clock of the database; in memory while that is away."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog

from runtime.delivery.ports import Unavailable
from runtime.identity.code_attempts import TRIES, TRIES_ANYWHERE, WITHIN, TriedCodes
from runtime.mongo.client import Database, available

log = structlog.get_logger()
DATABASE, COLLECTION = "codes", "code_attempts"
ANSWER_WITHIN = 0.5  # seconds: whoever asks does not wait twice for a database that hangs
MILLISECONDS = int(WITHIN.total_seconds() * 1000)
LATELY = {
    "$filter": {
        "input": {"$ifNull": ["$tries", []]},
        "as": "one",
        "cond": {"$gt": ["$$one.at", {"$subtract": ["$$NOW", MILLISECONDS]}]},
    }
}
KEPT_UNTIL = {"$add": ["$$NOW", MILLISECONDS]}
ResultT = TypeVar("ResultT")


def _added(name: str) -> dict[str, Any]:
    return {"$concatArrays": [LATELY, [{"at": "$$NOW", "name": name}]]}


class MongoTriedCodes:
    """``meanwhile`` counts for this process alone while the database does not answer."""

    def __init__(self, database: Database, meanwhile: TriedCodes) -> None:
        self._tries, self._meanwhile = database[COLLECTION], meanwhile

    async def create_indexes(self) -> None:
        """What is older than ten minutes is deleted by the database. Raises Unavailable. Safe to repeat."""
        async with available():
            await self._tries.create_index("until", expireAfterSeconds=0)

    async def begin(self, own: str, anywhere: str, name: str) -> bool:
        """Count it unless one has to wait."""
        try:
            return await _in_time(self._begin(own, anywhere, name))
        except Unavailable as why:
            log.warning("tried_codes_in_memory", why=str(why))
            return await self._meanwhile.begin(own, anywhere, name)

    async def forget(self, own: str, name: str) -> None:
        await self._meanwhile.forget(own, name)
        await _as_far_as_possible(self._forget(own, name))

    async def wrong(self, anywhere: str, name: str) -> None:
        await self._meanwhile.wrong(anywhere, name)
        kept = {"$slice": [_added(name), -TRIES_ANYWHERE]}
        change = [{"$set": {"tries": kept, "until": KEPT_UNTIL}}]
        await _as_far_as_possible(self._write(anywhere, change))

    async def _begin(self, own: str, anywhere: str, name: str) -> bool:
        is_free = {"$lt": [{"$size": LATELY}, TRIES]}
        change = [{"$set": {"tries": {"$cond": [is_free, _added(name), LATELY]}, "until": KEPT_UNTIL}}]
        async with available():
            after = await self._tries.find_one_and_update({"_id": own}, change, upsert=True, return_document=True)
        names = [each["name"] for each in after["tries"]]
        if name not in names or len(names) == 1:
            return name in names
        if await self._lately(anywhere) < TRIES_ANYWHERE:
            return True
        await self._forget(own, name)
        return False

    async def _lately(self, digest: str) -> int:
        async with available():
            found = await self._tries.find_one({"_id": digest}, {"lately": {"$size": LATELY}})
        return int(found["lately"]) if found else 0

    async def _forget(self, own: str, name: str) -> None:
        async with available():
            await self._tries.update_one({"_id": own}, {"$pull": {"tries": {"name": name}}})

    async def _write(self, digest: str, change: list[dict[str, Any]]) -> None:
        async with available():
            await self._tries.update_one({"_id": digest}, change, upsert=True)


async def _in_time(asked: Awaitable[ResultT]) -> ResultT:
    try:
        return await asyncio.wait_for(asked, ANSWER_WITHIN)
    except TimeoutError:
        raise Unavailable("mongodb: no answer in time") from None


async def _as_far_as_possible(asked: Awaitable[None]) -> None:
    """A try that is not noted now is forgotten after ten minutes at the latest."""
    try:
        await _in_time(asked)
    except Unavailable as why:
        log.warning("tried_codes_in_memory", why=str(why))
