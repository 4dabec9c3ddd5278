"""Credentials, sessions, attempts and keys in collections of their own, which staff's API writes: they are no messages.

Sessions and attempts expire by themselves; whether a session is alive is computed, so a late sweep does no harm.
"""

from datetime import datetime
from inspect import isawaitable
from typing import Any

from pymongo import ASCENDING

from runtime.identity.seals import KeyWrap
from runtime.mongo.client import Database, available, insert_absent
from runtime.mongo.documents import Codec
from services.staff.domain.passwords import FORGOTTEN_AFTER
from services.staff.domain.sessions import LONGEST, OF_ONE_ACCOUNT, Session
from services.staff.ports import Credential, WrongTries

SESSIONS_READ = 200  # of one account: more there are never, but for a moment


class MongoCredentials:
    """``credentials``: the account is the key."""

    def __init__(self, database: Database) -> None:
        self._credentials = database["credentials"]

    async def create_indexes(self) -> None:
        """A link finds its account. Safe to repeat."""
        async with available():
            await self._credentials.create_index([("link", ASCENDING)], sparse=True)

    async def find(self, account: str) -> Credential:
        async with available():
            plain = await self._credentials.find_one({"_id": account})
        known = plain or {}
        replacement, laid_by = known.get("replacement", 0), known.get("laid_by", 0)
        return Credential(known.get("password", ""), known.get("link", ""), known.get("until"), replacement, laid_by)

    async def lay_link(self, account: str, link: str, until: datetime, replacement: int = 0) -> bool:
        """Whether it may be laid is asked in the write itself: of two at once, none comes after the password."""
        await insert_absent(self._credentials, [{"_id": account}])
        later = [{"replacement": {"$not": {"$gte": replacement}}}] if replacement else []
        fits = {"_id": account, "$or": [{"password": {"$exists": False}}, *later]}
        change = {"$set": {"link": link, "until": until, "laid_by": replacement}}
        async with available():
            laid = await self._credentials.update_one(fits, change)
        return bool(laid.matched_count)

    async def of_link(self, link: str, now: datetime) -> str:
        async with available():
            plain = await self._credentials.find_one({"link": link, "until": {"$gt": now}}, {"_id": 1})
        return str(plain["_id"]) if link and plain else ""

    async def use_link(self, account: str, link: str, password: str) -> bool:
        set_so = {"password": {"$literal": password}, "replacement": {"$ifNull": ["$laid_by", 0]}}
        change = [{"$set": set_so}, {"$unset": ["link", "until", "laid_by"]}]
        async with available():
            changed = await self._credentials.update_one({"_id": account, "link": link}, change)
        return bool(changed.modified_count)

    async def rehash(self, account: str, old: str, new: str) -> None:
        async with available():
            await self._credentials.update_one({"_id": account, "password": old}, {"$set": {"password": new}})


class MongoAttempts:
    """``attempts``: an account and an address, forgotten an hour after the last one."""

    def __init__(self, database: Database) -> None:
        self._attempts = database["attempts"]

    async def create_indexes(self) -> None:
        """They expire, and are summed by account. Safe to repeat."""
        async with available():
            lives = int(FORGOTTEN_AFTER.total_seconds())
            await self._attempts.create_index([("last", ASCENDING)], expireAfterSeconds=lives)
            await self._attempts.create_index([("account", ASCENDING)])

    async def lately(self, account: str, address: str) -> WrongTries:
        total = {"$group": {"_id": None, "wrong": {"$sum": "$wrong"}}}
        async with available():
            here = await self._attempts.find_one({"_id": _at(account, address)})
            cursor = self._attempts.aggregate([{"$match": {"account": account}}, total])
            anywhere = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        count = anywhere[0]["wrong"] if anywhere else 0
        return WrongTries(here["wrong"], count, here["last"]) if here else WrongTries(0, count)

    async def wrong(self, account: str, address: str, now: datetime) -> None:
        change = {"$inc": {"wrong": 1}, "$set": {"last": now, "account": account}}
        async with available():
            await self._attempts.update_one({"_id": _at(account, address)}, change, upsert=True)

    async def right(self, account: str, address: str) -> None:
        async with available():
            await self._attempts.delete_one({"_id": _at(account, address)})


class MongoSessions:
    """``sessions``: the digest of the secret is the key."""

    def __init__(self, database: Database) -> None:
        self._sessions, self._codec = database["sessions"], Codec(Session, omit_defaults=False)

    async def create_indexes(self) -> None:
        """They expire, and are listed by account. Safe to repeat."""
        async with available():
            lives = int(LONGEST.total_seconds())
            await self._sessions.create_index([("opened", ASCENDING)], expireAfterSeconds=lives)
            await self._sessions.create_index([("account", ASCENDING), ("opened", ASCENDING)])

    async def open(self, session: Session) -> None:
        async with available():
            await self._sessions.insert_one(self._plain(session))
        for old in (await self.of(session.account))[:-OF_ONE_ACCOUNT]:
            await self.end(session.account, old.sid)

    async def find(self, digest: str) -> Session | None:
        async with available():
            plain = await self._sessions.find_one({"_id": digest})
        return self._session(plain) if plain else None

    async def seen(self, digest: str, at: datetime) -> None:
        async with available():
            await self._sessions.update_one({"_id": digest}, {"$max": {"seen": at}})

    async def replace(self, digest: str, session: Session) -> bool:
        """The old one goes first: of two who replace it at once, one has a session."""
        async with available():
            gone = await self._sessions.delete_one({"_id": digest})
            if gone.deleted_count:
                await self._sessions.insert_one(self._plain(session))
        return bool(gone.deleted_count)

    async def of(self, account: str) -> tuple[Session, ...]:
        async with available():
            found = self._sessions.find({"account": account}).sort([("opened", ASCENDING), ("_id", ASCENDING)])
            plain = await found.to_list(SESSIONS_READ)
        return tuple(self._session(each) for each in plain)

    async def end(self, account: str, sid: str) -> bool:
        async with available():
            gone = await self._sessions.delete_many({"account": account, "sid": sid})
        return bool(gone.deleted_count)

    async def end_all(self, account: str) -> int:
        async with available():
            gone = await self._sessions.delete_many({"account": account})
        return int(gone.deleted_count)

    def _plain(self, session: Session) -> dict[str, Any]:
        return {"_id": session.digest, "sid": session.sid, **self._codec.to_plain(session)}

    def _session(self, plain: dict[str, Any]) -> Session:
        return self._codec.from_plain(plain)


class MongoTokenKeys:
    """``token_keys``: private halves, wrapped under staff's own key."""

    def __init__(self, database: Database, wrap: KeyWrap) -> None:
        self._keys, self._wrap = database["token_keys"], wrap

    async def ensure(self, kid: str, private: str) -> str:
        """Insert if absent, then read what stands."""
        await insert_absent(self._keys, [{"_id": kid, "wrapped": self._wrap.wrap(_place(kid), private.encode())}])
        stands = await self.private(kid)
        assert stands is not None, "a key is destroyed only after its day"
        return stands

    async def private(self, kid: str) -> str | None:
        async with available():
            found = await self._keys.find_one({"_id": kid})
        return self._wrap.unwrap(_place(kid), found["wrapped"]).decode() if found else None

    async def keep_only(self, kids: tuple[str, ...]) -> None:
        async with available():
            await self._keys.delete_many({"_id": {"$nin": list(kids)}})


def _place(kid: str) -> str:
    return f"token-key/{kid}"


def _at(account: str, address: str) -> dict[str, str]:
    return {"account": account, "address": address}
