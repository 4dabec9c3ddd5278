"""The vault: per ticket an identity key, a contact key with the sealed contact, a words key. Only intake writes it.

Readers see it through two views: ``words_keys`` and ``contact_keys``. Erasing turns a record into a tombstone, which
is never deleted, so that a replay cannot make the keys again.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from runtime.identity import seals
from runtime.identity.seals import KeyWrap, SealBroken
from runtime.mongo.client import available, find_by_id, insert_absent

log = structlog.get_logger()
CACHED_AT_MOST = 20_000  # keys
CACHED_FOR = timedelta(seconds=30)  # so long an erased key may live on in another process


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One ticket's record as it is stored; ``erased``: a tombstone."""

    ticket: str
    identity: bytes = b""
    contact_key: bytes = b""
    contact: bytes = b""
    words: bytes = b""
    erased: bool = False


class VaultStore(Protocol):
    async def insert_absent(self, records: Sequence[Wrapped]) -> set[str]:
        """Insert; the tickets that had a record already. Raises Unavailable."""

    async def read(self, tickets: Collection[str]) -> dict[str, Wrapped]:
        """The records that exist, as far as the reader may see them. Raises Unavailable."""

    async def erase(self, ticket: str) -> None:
        """Make the record a tombstone, also when there is none yet."""


class InMemoryVault:
    def __init__(self) -> None:
        self.records: dict[str, Wrapped] = {}

    async def insert_absent(self, records: Sequence[Wrapped]) -> set[str]:
        """Insert those that are new."""
        there = {record.ticket for record in records if record.ticket in self.records}
        self.records.update({record.ticket: record for record in records if record.ticket not in there})
        return there

    async def read(self, tickets: Collection[str]) -> dict[str, Wrapped]:
        return {ticket: self.records[ticket] for ticket in tickets if ticket in self.records}

    async def erase(self, ticket: str) -> None:
        self.records[ticket] = Wrapped(ticket, erased=True)


@dataclass(frozen=True, slots=True)
class TicketKeys:
    identity: bytes
    contact: bytes
    words: bytes


class Keys:
    """What intake does with the vault."""

    def __init__(self, store: VaultStore, wrap: KeyWrap) -> None:
        self._store, self._wrap = store, wrap

    async def issue(self, contacts: Mapping[str, bytes]) -> dict[str, TicketKeys | None]:
        """Keys for new tickets with their contacts; those that exist already are read back; None: erased.

        A ticket whose record cannot be opened is missing, so that it alone is set aside.
        """
        fresh = {ticket: TicketKeys(*(self._wrap.random(seals.KEY) for _ in range(3))) for ticket in contacts}
        there = await self._store.insert_absent([self._wrapped(t, fresh[t], contacts[t]) for t in contacts])
        known = await self._store.read(there) if there else {}
        issued: dict[str, TicketKeys | None] = {ticket: fresh[ticket] for ticket in contacts if ticket not in there}
        for ticket, record in known.items():
            try:
                issued[ticket] = self._opened(record)
            except SealBroken:
                log.error("vault_record_broken", ticket=ticket, field="keys")
        return issued

    async def erased(self, tickets: Collection[str]) -> set[str]:
        """Those of the tickets whose keys were destroyed. Raises Unavailable."""
        return {ticket for ticket, record in (await self._store.read(tickets)).items() if record.erased}

    async def erase(self, ticket: str) -> None:
        """Destroy a ticket's keys for ever."""
        await self._store.erase(ticket)

    def _wrapped(self, ticket: str, keys: TicketKeys, contact: bytes) -> Wrapped:
        sealed = seals.seal(keys.contact, f"{ticket}/contact", contact, self._wrap.random)
        wrap = self._wrap.wrap
        return Wrapped(
            ticket,
            identity=wrap(f"{ticket}/identity", keys.identity),
            contact_key=wrap(f"{ticket}/contact", keys.contact),
            contact=sealed,
            words=wrap(f"{ticket}/words", keys.words),
        )

    def _opened(self, record: Wrapped) -> TicketKeys | None:
        if record.erased:
            return None
        unwrap, ticket = self._wrap.unwrap, record.ticket
        return TicketKeys(
            unwrap(f"{ticket}/identity", record.identity),
            unwrap(f"{ticket}/contact", record.contact_key),
            unwrap(f"{ticket}/words", record.words),
        )


class WordKeys:
    """Seals and opens people's words with the words keys; a short bounded cache spares the vault."""

    def __init__(self, store: VaultStore, wrap: KeyWrap, wall: Callable[[], datetime]) -> None:
        self._store, self._wrap, self._wall = store, wrap, wall
        self._cache: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()

    async def keys(self, tickets: Collection[str]) -> dict[str, bytes]:
        """The words keys of these tickets; erased and unknown ones are missing. Raises Unavailable."""
        now = self._wall()
        known = {ticket: key for ticket in tickets if (key := self._cached(ticket, now)) is not None}
        missing = set(tickets) - known.keys()
        if missing:
            known |= self._learn(await self._store.read(missing), now)
        return known

    async def seal(self, ticket: str, field: str, text: str) -> str | None:
        """Text sealed for a field; None when the ticket's key is gone. Raises Unavailable."""
        key = (await self.keys([ticket])).get(ticket)
        return None if key is None else seal_words(key, ticket, field, text, self._wrap.random)

    def forget(self, ticket: str) -> None:
        """An erased key leaves the cache at once."""
        self._cache.pop(ticket, None)

    def _cached(self, ticket: str, now: datetime) -> bytes | None:
        learnt = self._cache.get(ticket)
        return learnt[1] if learnt is not None and now - learnt[0] < CACHED_FOR else None

    def _learn(self, records: Mapping[str, Wrapped], now: datetime) -> dict[str, bytes]:
        live = [record for record in records.values() if not record.erased and record.words]
        learnt = {record.ticket: key for record in live if (key := self._unwrapped(record)) is not None}
        for ticket, key in learnt.items():
            self._cache[ticket] = (now, key)
            self._cache.move_to_end(ticket)
        while len(self._cache) > CACHED_AT_MOST:
            self._cache.popitem(last=False)
        return learnt

    def _unwrapped(self, record: Wrapped) -> bytes | None:
        """One ticket's broken record must not stop the others."""
        try:
            return self._wrap.unwrap(f"{record.ticket}/words", record.words)
        except SealBroken:
            log.error("vault_record_broken", ticket=record.ticket, field="words")
            return None


class Contacts:
    """Opens contacts, for whoever has to reach the reporters."""

    def __init__(self, store: VaultStore, wrap: KeyWrap) -> None:
        self._store, self._wrap = store, wrap

    async def of(self, tickets: Collection[str]) -> dict[str, bytes]:
        """The contact of each ticket, as intake sealed it; erased and broken ones are missing. Raises Unavailable."""
        records = await self._store.read(tickets)
        opened = {ticket: self._open(record) for ticket, record in records.items() if not record.erased}
        return {ticket: contact for ticket, contact in opened.items() if contact is not None}

    def _open(self, record: Wrapped) -> bytes | None:
        place = f"{record.ticket}/contact"
        try:
            return seals.unseal(self._wrap.unwrap(place, record.contact_key), place, record.contact)
        except SealBroken:
            log.error("vault_record_broken", ticket=record.ticket, field="contact")
            return None


def seal_words(key: bytes, ticket: str, field: str, text: str, random: seals.Random = secrets.token_bytes) -> str:
    """Text sealed under a ticket's words key, for one field."""
    return seals.to_text(seals.seal(key, f"{ticket}/{field}", text.encode(), random))


def open_words(key: bytes, ticket: str, field: str, sealed: str) -> str:
    return seals.unseal(key, f"{ticket}/{field}", seals.from_text(sealed)).decode()


class MongoVault:
    """The vault in MongoDB. ``view``: "vault" for intake, "words_keys" or "contact_keys" for readers."""

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
        return {records[at].ticket for at in lost}

    async def read(self, tickets: Collection[str]) -> dict[str, Wrapped]:
        """One query on the view."""
        found = await find_by_id(self._database[self._view], tickets)
        return {plain["_id"]: Wrapped(plain.pop("_id"), **plain) for plain in found}

    async def erase(self, ticket: str) -> None:
        async with available():
            await self._database["vault"].replace_one({"_id": ticket}, {"erased": True}, upsert=True)


VIEWS = {"words_keys": ("words", "erased"), "contact_keys": ("contact_key", "contact", "erased")}


def _plain(record: Wrapped) -> dict[str, Any]:
    return {
        "_id": record.ticket,
        "identity": record.identity,
        "contact_key": record.contact_key,
        "contact": record.contact,
        "words": record.words,
        "erased": record.erased,
    }
