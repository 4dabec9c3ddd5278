"""The connection to MongoDB and what every collection needs. The only importer of motor."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient, InsertOne
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from runtime.delivery.ports import Disk, Unavailable

DUPLICATE_KEY = 11000


Database = Any  # motor's and pymongo's asynchronous databases are alike and share no class


OPTIONS: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "readConcernLevel": "majority",
    "timeoutMS": 8000,
    "serverSelectionTimeoutMS": 3000,
    "maxPoolSize": 50,
    "compressors": "zstd",
    "tz_aware": True,
    "appname": "duban",
}


class UnsafeDatabase(Exception):
    """The database would lose acknowledged writes; the text says which setting to change."""


class Mongo:
    """One client for one event loop."""

    def __init__(self, uri: str, namespace: str = "duban", driver: str = "motor") -> None:
        self.client: Any = (AsyncMongoClient if driver == "pymongo" else AsyncIOMotorClient)(uri, **OPTIONS)
        self._namespace, self._driver = namespace, driver

    def database(self, service: str) -> Database:
        """The database of a service: ``<namespace>_<service>``."""
        return self.client[f"{self._namespace}_{service}"]

    async def refuse_unsafe(self) -> None:
        """Raises UnsafeDatabase on a standalone or a default write concern of w:1; Unavailable when it is away."""
        async with available():
            hello = await self.client.admin.command("hello")
            concern = await self.client.admin.command("getDefaultRWConcern")
        if "setName" not in hello:
            raise UnsafeDatabase("MongoDB runs standalone: start it with --replSet and initiate the set, even for one")
        default = concern.get("defaultWriteConcern", {}).get("w", "majority")
        if default != "majority":
            raise UnsafeDatabase(f"the default write concern is {default}: setDefaultRWConcern to w: majority")

    async def time(self) -> datetime:
        """What the database's clock says, in wall time. Raises Unavailable."""
        async with available():
            hello = await self.client.admin.command("hello")
        told: datetime = hello["localTime"]
        return told.astimezone(UTC)

    async def disk(self, service: str) -> Disk | None:
        """The disk of the data; None where the database does not say, or not to us. Raises Unavailable."""
        try:
            told = await self.database(service).command("dbStats")
        except OperationFailure:
            return None
        except PyMongoError as why:
            raise Unavailable(f"mongodb: {type(why).__name__}") from None
        if not told.get("fsTotalSize"):  # a database that is not made yet
            return None
        return Disk(int(told["fsTotalSize"] - told["fsUsedSize"]), int(told["fsTotalSize"]))

    async def close(self) -> None:
        closed = self.client.close()
        if closed is not None:
            await closed


@asynccontextmanager
async def available() -> AsyncIterator[None]:
    """Whatever the driver raises inside becomes Unavailable: every write here is guarded, so all may be repeated."""
    try:
        yield
    except BulkWriteError:
        raise
    except PyMongoError as why:
        raise Unavailable(f"mongodb: {type(why).__name__}") from None


def _duplicates(partly: BulkWriteError) -> list[int]:
    """The indexes that lost to another writer. Any other error of the batch makes it unavailable as a whole."""
    errors = partly.details.get("writeErrors", []) if partly.details else []
    if any(error["code"] != DUPLICATE_KEY for error in errors) or partly.details.get("writeConcernErrors"):
        raise Unavailable("mongodb: part of a batch failed") from None
    return [error["index"] for error in errors]


async def find_by_id(collection: Any, ids: Collection[str]) -> list[dict[str, Any]]:
    """Documents by their ids in one round trip: unasked, MongoDB sends a hundred and waits. Raises Unavailable."""
    if not ids:
        return []
    async with available():
        found: list[dict[str, Any]] = (
            await collection.find({"_id": {"$in": list(ids)}}).batch_size(len(ids) + 1).to_list(None)
        )
    return found


async def insert_absent(collection: Any, plains: Sequence[Mapping[str, Any]]) -> list[int]:
    """One unordered insert; the indexes of those that were there already. Raises Unavailable."""
    if not plains:
        return []
    try:
        async with available():
            await collection.bulk_write([InsertOne(plain) for plain in plains], ordered=False)
    except BulkWriteError as partly:
        return _duplicates(partly)
    return []
