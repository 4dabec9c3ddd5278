"""The vault: per owner an identity key, a contact key with the sealed contact, a words key. One service writes it.

Readers see it through two views: ``words_keys`` and ``contact_keys``. Erasing turns a record into a tombstone, which
is never deleted, so that a replay cannot make the keys again.
"""

import secrets
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog

from runtime.clock import Stopwatch
from runtime.identity import seals
from runtime.identity.seals import KeyWrap, SealBroken
from runtime.mongo.client import available, find_by_id, insert_absent

log = structlog.get_logger()
CACHED_AT_MOST = 20_000  # keys
CACHED_FOR = timedelta(seconds=30)  # so long an erased key may live on in another process


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One owner's record as it is stored; ``erased``: a tombstone."""

    owner: str
    identity: bytes = b""
    contact_key: bytes = b""
    contact: bytes = b""
    words: bytes = b""
    erased: bool = False


class VaultStore(Protocol):
    async def insert_absent(self, records: Sequence[Wrapped]) -> set[str]:
        """Insert; the owners that had a record already. Raises Unavailable."""

    async def read(self, owners: Collection[str]) -> dict[str, Wrapped]:
        """The records that exist, as far as the reader may see them. Raises Unavailable."""

    async def erase(self, owner: str) -> None:
        """Make the record a tombstone, also when there is none yet."""


class InMemoryVault:
    def __init__(self) -> None:
        self.records: dict[str, Wrapped] = {}

    async def insert_absent(self, records: Sequence[Wrapped]) -> set[str]:
        """Insert those that are new."""
        there = {record.owner for record in records if record.owner in self.records}
        self.records.update({record.owner: record for record in records if record.owner not in there})
        return there

    async def read(self, owners: Collection[str]) -> dict[str, Wrapped]:
        return {owner: self.records[owner] for owner in owners if owner in self.records}

    async def erase(self, owner: str) -> None:
        self.records[owner] = Wrapped(owner, erased=True)


@dataclass(frozen=True, slots=True)
class OwnerKeys:
    identity: bytes
    contact: bytes
    words: bytes


class Keys:
    """What the service does that writes the vault."""

    def __init__(self, store: VaultStore, wrap: KeyWrap) -> None:
        self._store, self._wrap = store, wrap

    async def issue(self, contacts: Mapping[str, bytes]) -> dict[str, OwnerKeys | None]:
        """Keys for new owners with their contacts; those that exist already are read back; None: erased.

        A owner whose record cannot be opened is missing, so that it alone is set aside.
        """
        fresh = {owner: OwnerKeys(*(self._wrap.random(seals.KEY) for _ in range(3))) for owner in contacts}
        there = await self._store.insert_absent([self._wrapped(t, fresh[t], contacts[t]) for t in contacts])
        known = await self._store.read(there) if there else {}
        issued: dict[str, OwnerKeys | None] = {owner: fresh[owner] for owner in contacts if owner not in there}
        for owner, record in known.items():
            try:
                issued[owner] = self._opened(record)
            except SealBroken:
                log.error("vault_record_broken", owner=owner, field="keys")
        return issued

    async def erased(self, owners: Collection[str]) -> set[str]:
        """Those of the owners whose keys were destroyed. Raises Unavailable."""
        return {owner for owner, record in (await self._store.read(owners)).items() if record.erased}

    async def erase(self, owner: str) -> None:
        """Destroy a owner's keys for ever."""
        await self._store.erase(owner)

    def _wrapped(self, owner: str, keys: OwnerKeys, contact: bytes) -> Wrapped:
        sealed = seals.seal(keys.contact, f"{owner}/contact", contact, self._wrap.random)
        wrap = self._wrap.wrap
        return Wrapped(
            owner,
            identity=wrap(f"{owner}/identity", keys.identity),
            contact_key=wrap(f"{owner}/contact", keys.contact),
            contact=sealed,
            words=wrap(f"{owner}/words", keys.words),
        )

    def _opened(self, record: Wrapped) -> OwnerKeys | None:
        if record.erased:
            return None
        unwrap, owner = self._wrap.unwrap, record.owner
        return OwnerKeys(
            unwrap(f"{owner}/identity", record.identity),
            unwrap(f"{owner}/contact", record.contact_key),
            unwrap(f"{owner}/words", record.words),
        )


class WordKeys:
    """Seals and opens people's words with the words keys; a short bounded cache spares the vault."""

    def __init__(self, store: VaultStore, wrap: KeyWrap, stopwatch: Stopwatch) -> None:
        self._store, self._wrap, self._stopwatch = store, wrap, stopwatch
        self._cache: OrderedDict[str, tuple[timedelta, bytes]] = OrderedDict()

    async def keys(self, owners: Collection[str]) -> dict[str, bytes]:
        """The words keys of these owners; erased and unknown ones are missing. Raises Unavailable."""
        now = self._stopwatch()
        known = {owner: key for owner in owners if (key := self._cached(owner, now)) is not None}
        missing = set(owners) - known.keys()
        if missing:
            known |= self._learn(await self._store.read(missing), now)
        return known

    async def seal(self, owner: str, field: str, text: str) -> str | None:
        """Text sealed for a field; None when the owner's key is gone. Raises Unavailable."""
        key = (await self.keys([owner])).get(owner)
        return None if key is None else seal_words(key, owner, field, text, self._wrap.random)

    def forget(self, owner: str) -> None:
        """An erased key leaves the cache at once."""
        self._cache.pop(owner, None)

    def _cached(self, owner: str, now: timedelta) -> bytes | None:
        learnt = self._cache.get(owner)
        return learnt[1] if learnt is not None and now - learnt[0] < CACHED_FOR else None

    def _learn(self, records: Mapping[str, Wrapped], now: timedelta) -> dict[str, bytes]:
        live = [record for record in records.values() if not record.erased and record.words]
        learnt = {record.owner: key for record in live if (key := self._unwrapped(record)) is not None}
        for owner, key in learnt.items():
            self._cache[owner] = (now, key)
            self._cache.move_to_end(owner)
        while len(self._cache) > CACHED_AT_MOST:
            self._cache.popitem(last=False)
        return learnt

    def _unwrapped(self, record: Wrapped) -> bytes | None:
        """One owner's broken record must not stop the others."""
        try:
            return self._wrap.unwrap(f"{record.owner}/words", record.words)
        except SealBroken:
            log.error("vault_record_broken", owner=record.owner, field="words")
            return None


OTHER_CONTACT = "contact/other"  # what a contact that is not kept in the vault itself is sealed for


class Contacts:
    """Opens contacts, for whoever has to reach people."""

    def __init__(self, store: VaultStore, wrap: KeyWrap) -> None:
        self._store, self._wrap = store, wrap

    async def of(self, owners: Collection[str]) -> dict[str, bytes]:
        """The contact of each owner, as it was sealed; erased and broken ones are missing. Raises Unavailable."""
        records = await self._store.read(owners)
        opened = {owner: self._open(record) for owner, record in records.items() if not record.erased}
        return {owner: contact for owner, contact in opened.items() if contact is not None}

    async def others(self, sealed: Mapping[str, Sequence[str]]) -> dict[str, list[bytes | None]]:
        """Contacts that came later, sealed under the contact keys of their owners, opened in their order. Raises
        Unavailable."""
        records = await self._store.read(sealed)
        return {t: [self._open_other(records[t], each) for each in sealed[t]] for t in sealed if t in records}

    def _open_other(self, record: Wrapped, sealed: str) -> bytes | None:
        if record.erased:
            return None
        try:
            key = self._wrap.unwrap(f"{record.owner}/contact", record.contact_key)
            return seals.unseal(key, f"{record.owner}/{OTHER_CONTACT}", seals.from_text(sealed))
        except SealBroken:
            log.error("vault_record_broken", owner=record.owner, field="other_contact")
            return None

    def _open(self, record: Wrapped) -> bytes | None:
        place = f"{record.owner}/contact"
        try:
            return seals.unseal(self._wrap.unwrap(place, record.contact_key), place, record.contact)
        except SealBroken:
            log.error("vault_record_broken", owner=record.owner, field="contact")
            return None


def seal_words(key: bytes, owner: str, field: str, text: str, random: seals.Random = secrets.token_bytes) -> str:
    """Text sealed under a owner's words key, for one field."""
    return seals.to_text(seals.seal(key, f"{owner}/{field}", text.encode(), random))


def open_words(key: bytes, owner: str, field: str, sealed: str) -> str:
    return seals.unseal(key, f"{owner}/{field}", seals.from_text(sealed)).decode()


class MongoVault:
    """The vault in MongoDB. ``view``: "vault" for whoever writes it, "words_keys" or "contact_keys" for readers."""

    def __init__(self, database: Any, view: str = "vault") -> None:
        self._database, self._view = database, view

    async def create_views(self) -> None:
        """The two views of readers. Safe to repeat. Raises Unavailable."""
        async with available():
            there = await self._database.list_collection_names()
            for view in VIEWS.keys() - set(there):
                project = {"$project": dict.fromkeys(VIEWS[view], 1)}
                await self._database.create_collection(view, viewOn="vault", pipeline=[project])

    async def insert_absent(self, records: Sequence[Wrapped]) -> set[str]:
        """One unordered insert; who was there comes back as 11000."""
        lost = await insert_absent(self._database["vault"], [_plain(record) for record in records])
        return {records[at].owner for at in lost}

    async def read(self, owners: Collection[str]) -> dict[str, Wrapped]:
        """One query on the view."""
        found = await find_by_id(self._database[self._view], owners)
        return {plain["_id"]: Wrapped(plain.pop("_id"), **plain) for plain in found}

    async def erase(self, owner: str) -> None:
        async with available():
            await self._database["vault"].replace_one({"_id": owner}, {"erased": True}, upsert=True)


VIEWS = {"words_keys": ("words", "erased"), "contact_keys": ("contact_key", "contact", "erased")}


def _plain(record: Wrapped) -> dict[str, Any]:
    return {
        "_id": record.owner,
        "identity": record.identity,
        "contact_key": record.contact_key,
        "contact": record.contact,
        "words": record.words,
        "erased": record.erased,
    }
