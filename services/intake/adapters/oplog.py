"""How far back MongoDB's own log reaches, which holds what was written before an erasure."""

from datetime import datetime

from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from runtime.delivery.ports import Unavailable
from runtime.mongo.client import Database


class MongoOplog:
    """Of the member that answers; every member has one of its own."""

    def __init__(self, database: Database) -> None:
        self._oplog = database.client["local"].get_collection("oplog.rs", read_concern=ReadConcern("local"))

    async def oldest(self) -> datetime | None:
        """When its oldest entry was written; None where this account may not look. Raises Unavailable."""
        try:
            found = await self._oplog.find_one({}, {"ts": 1}, sort=[("$natural", 1)])
        except OperationFailure:
            return None
        except PyMongoError as why:
            raise Unavailable(f"mongodb: {type(why).__name__}") from None
        if found is None:
            return None
        written: datetime = found["ts"].as_datetime()
        return written
