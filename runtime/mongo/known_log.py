"""Which log the documents of a service know: beside them, in ``control`` of its own database."""

from collections.abc import Mapping
from typing import Any

from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.ports import LogPartition
from runtime.mongo.client import Database, available, insert_absent
from runtime.mongo.position_marks import furthest

ID = "log"


class MongoKnownLog:
    """``adopts`` is False for an account that may only read: it waits until another process has remembered it."""

    def __init__(self, database: Database, *, adopts: bool = True) -> None:
        self._control, self._adopts = database["control"], adopts

    async def known(self) -> LogIdentity | None:
        """What is remembered. Raises Unavailable."""
        async with available():
            plain = await self._control.find_one({"_id": ID})
        return _identity(plain) if plain else None

    async def reached(self) -> Mapping[LogPartition, int]:
        """How far any group of this service has read. Raises Unavailable."""
        return await furthest(self._control)

    async def remember(self, found: LogIdentity) -> LogIdentity | None:
        """Remember if nothing is, or add topics that are new; what stands then. Raises Unavailable."""
        if not self._adopts:
            return await self.known()
        await insert_absent(self._control, [_plain(found)])
        fresh = {f"topics.{name}": each for name, each in found.topics.items()}
        for field, each in fresh.items():
            async with available():
                wanted = {"_id": ID, "epoch": found.epoch, field: {"$exists": False}}
                await self._control.update_one(wanted, {"$set": {field: each}})
        return await self.known()

    async def begin(self, found: LogIdentity) -> None:
        """From now on this is the log: a new epoch has begun. Raises Unavailable."""
        async with available():
            await self._control.replace_one({"_id": ID}, _plain(found), upsert=True)


def _plain(identity: LogIdentity) -> dict[str, Any]:
    return {"_id": ID, "epoch": identity.epoch, "cluster": identity.cluster, "topics": dict(identity.topics)}


def _identity(plain: Mapping[str, Any]) -> LogIdentity:
    return LogIdentity(plain["epoch"], plain["cluster"], plain["topics"])
