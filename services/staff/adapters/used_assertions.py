"""Assertions that were taken: in memory, and in the collection ``assertions``, which forgets them by itself."""

from datetime import datetime

from pymongo import ASCENDING

from runtime.mongo.client import Database, available, insert_absent


class InMemoryUsedAssertions:
    def __init__(self) -> None:
        self._used: dict[tuple[str, str], datetime] = {}

    async def of(self, account: str, now: datetime) -> int:
        self._used = {key: until for key, until in self._used.items() if now < until}
        return sum(name == account for name, _ in self._used)

    async def use(self, account: str, assertion: str, until: datetime) -> bool:
        if (account, assertion) in self._used:
            return False
        self._used[account, assertion] = until
        return True


class MongoUsedAssertions:
    """``assertions``: the account and the id of what it signed are the key."""

    def __init__(self, database: Database) -> None:
        self._used = database["assertions"]

    async def create_indexes(self) -> None:
        """They expire, and are counted by account. Safe to repeat."""
        async with available():
            await self._used.create_index([("until", ASCENDING)], expireAfterSeconds=0)
            await self._used.create_index([("account", ASCENDING), ("until", ASCENDING)])

    async def of(self, account: str, now: datetime) -> int:
        async with available():
            return int(await self._used.count_documents({"account": account, "until": {"$gt": now}}))

    async def use(self, account: str, assertion: str, until: datetime) -> bool:
        key = {"account": account, "id": assertion}
        return not await insert_absent(self._used, [{"_id": key, "account": account, "until": until}])
