"""Documents as a MongoDB would keep them: in the stores' own encoding, shown as canonical JSON with sorted names."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import bson
import orjson
from bson import json_util
from bson.codec_options import CodecOptions

from runtime.clock import Clock
from runtime.delivery.records import Parked, Record
from runtime.delivery.service import Service
from runtime.mongo.store import MongoStore

CANONICAL = json_util.JSONOptions(json_mode=json_util.JSONMode.CANONICAL, tz_aware=True)
OPTIONS: CodecOptions[Any] = CodecOptions(tz_aware=True)


def canonical(plain: Mapping[str, Any]) -> str:
    """The same text for the same document."""
    return json_util.dumps(plain, json_options=CANONICAL, sort_keys=True, ensure_ascii=False)


def plain_of(text: str) -> dict[str, Any]:
    """The document that ``canonical`` made this text from."""
    plain: dict[str, Any] = json_util.loads(text, json_options=CANONICAL)
    return plain


def without(plain: Any, names: frozenset[str]) -> Any:
    """The value without the fields of these names, at any depth and inside messages that wait to be said.

    beside/name: where the other field stands, too.
    """
    if isinstance(plain, dict) and plain.keys() == {"$binary"}:
        return {"$binary": plain["$binary"] | {"base64": _packed_without(plain["$binary"]["base64"], names)}}
    if isinstance(plain, dict):
        return {name: without(each, names) for name, each in plain.items() if not _is_one(name, plain, names)}
    return [without(each, names) for each in plain] if isinstance(plain, list) else plain


def _is_one(name: str, plain: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether it is named, by itself or with another field that stands beside it."""
    return name in names or any(f"{beside}/{name}" in names for beside in plain)


def _packed_without(packed: str, names: frozenset[str]) -> str:
    content = base64.b64decode(packed)
    if not any(f'"{name.rpartition("/")[2]}"'.encode() in content for name in names):
        return packed
    plain = orjson.loads(content)
    kept = _headers_without(plain, names) if isinstance(plain, list) else without(plain, names)
    return base64.b64encode(orjson.dumps(kept)).decode()


def _headers_without(headers: Sequence[Any], names: frozenset[str]) -> list[Any]:
    return [pair for pair in headers if pair[0] not in names]


class KeptCollection:
    """As much of a collection as a store needs that writes and reads by id."""

    def __init__(self, documents: Collection[Mapping[str, Any]] = ()) -> None:
        self.documents = {str(plain["_id"]): bson.encode(plain) for plain in documents}

    async def bulk_write(self, writes: Sequence[Any], *, ordered: bool) -> None:
        """Replacements and updates, all of documents that are not there yet."""
        for write in writes:
            plain = dict(write._doc)
            if "$set" in plain:
                plain = plain["$set"] | plain["$setOnInsert"]
            self._insert(plain if "_id" in plain else {"_id": write._filter["_id"], **plain})

    async def insert_many(self, plains: Sequence[Mapping[str, Any]], *, ordered: bool) -> None:
        for plain in plains:
            self._insert(plain)

    async def find_one(self, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """The one with this id."""
        return self.plain(wanted["_id"]) if wanted["_id"] in self.documents else None

    def _insert(self, plain: Mapping[str, Any]) -> None:
        assert str(plain["_id"]) not in self.documents, "each is written once"
        self.documents[str(plain["_id"])] = bson.encode(plain)

    def find(self, wanted: Mapping[str, Any]) -> "KeptCollection":
        """Those with one of these ids, or all."""
        ids = wanted["_id"]["$in"] if wanted else list(self.documents)
        return KeptCollection([self.plain(each) for each in ids if each in self.documents])

    def sort(self, _name: str, _direction: int) -> "KeptCollection":
        """By their ids, the only order that is asked for."""
        return KeptCollection([self.plain(each) for each in sorted(self.documents)])

    def batch_size(self, _count: int) -> "KeptCollection":
        """All come in one batch."""
        return self

    async def to_list(self, _at_most: int | None) -> list[dict[str, Any]]:
        return [self.plain(each) for each in self.documents]

    def plain(self, each: str) -> dict[str, Any]:
        """One document as the driver hands it out."""
        return bson.decode(self.documents[each], OPTIONS)

    def texts(self) -> dict[str, str]:
        """Every document in canonical form, by its id."""
        return {each: canonical(self.plain(each)) for each in sorted(self.documents)}


class KeptDatabase(dict[str, KeptCollection]):
    """The collections of one service."""

    def __missing__(self, name: str) -> KeptCollection:
        self[name] = KeptCollection()
        return self[name]

    def hold(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """These documents and no others."""
        for name in self.keys() | texts.keys():
            self[name].documents = KeptCollection([plain_of(text) for text in texts.get(name, {}).values()]).documents

    def texts(self) -> dict[str, dict[str, str]]:
        """Every document of every collection that has some."""
        return {name: texts for name, collection in sorted(self.items()) if (texts := collection.texts())}


class StoredForm:
    """A service's store over a database that keeps nothing between two questions."""

    def __init__(self, service: Service[Any], clock: Clock) -> None:
        self._service, self._database = service, KeptDatabase()
        self._store: MongoStore[Any] = MongoStore(self._database, service, clock, omit=service.omit_defaults)

    async def written(self, records: Collection[Record[Any]], letters: Collection[Parked]) -> dict[str, dict[str, str]]:
        """The documents that the store writes of these records and dead letters."""
        self._database.hold({})
        await self._store.save([replace(each, version=each.version - 1) for each in records])
        await self._store.park(list(letters))
        return self._database.texts()

    async def written_again(self, texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """The documents of a service, read by its store and written by it."""
        self._database.hold(texts)
        records = await self._store.load(list(texts.get(self._service.collection, {})))
        return await self.written(list(records.values()), await self._store.parked())
