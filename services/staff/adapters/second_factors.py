"""Secrets of one-time codes in the collection ``second_factors``, sealed under staff's own key."""

from runtime.identity.seals import KeyWrap
from runtime.mongo.client import Database, available, insert_absent
from services.staff.domain.one_time_codes import WAITS, SecondFactor


class MongoSecondFactors:
    """The account is the key. What may be laid or used is asked in the write itself."""

    def __init__(self, database: Database, wrap: KeyWrap) -> None:
        self._factors, self._wrap = database["second_factors"], wrap

    async def find(self, account: str) -> SecondFactor | None:
        async with available():
            found = await self._factors.find_one({"_id": account, "sealed": {"$exists": True}})
        if found is None:
            return None
        secret = self._wrap.unwrap(_place(account), found["sealed"]).decode()
        return SecondFactor(secret=secret, sid=found["sid"], replacement=found["replacement"], step=found["step"])

    async def lay(self, account: str, factor: SecondFactor) -> bool:
        await insert_absent(self._factors, [{"_id": account, "step": WAITS, "replacement": 0}])
        fits = {"_id": account, "$or": [{"step": WAITS}, {"replacement": {"$lt": factor.replacement}}]}
        sealed = self._wrap.wrap(_place(account), factor.secret.encode())
        laid = {"sealed": sealed, "sid": factor.sid, "replacement": factor.replacement, "step": WAITS}
        async with available():
            done = await self._factors.update_one(fits, {"$set": laid})
        return bool(done.matched_count)

    async def use(self, account: str, factor: SecondFactor, step: int) -> bool:
        same = {"_id": account, "sid": factor.sid, "replacement": factor.replacement, "step": {"$lt": step}}
        async with available():
            done = await self._factors.update_one(same, {"$set": {"step": step}})
        return bool(done.modified_count)


def _place(account: str) -> str:
    return f"second-factor/{account}"
