"""A service's records in MongoDB: guarded writes, timers, parked messages."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, TypeVar

import bson
from pymongo import ASCENDING, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from contracts.topics import BY_NAME
from runtime.clock import EPOCH, Clock, Segment
from runtime.delivery.ports import Due, Unstorable
from runtime.delivery.records import Decided, Incoming, Parked, Record, Said
from runtime.delivery.service import Service
from runtime.mongo import parked_messages
from runtime.mongo.client import Database, _duplicates, available, find_by_id
from runtime.mongo.documents import Codec, pack, unpack

DocumentT = TypeVar("DocumentT")
DOCUMENT_BYTES = 16 * 1024 * 1024 - 16 * 1024  # MongoDB's limit, with room for the envelope of a write


class MongoStore(Generic[DocumentT]):
    """One kind of document of a service in one collection, its dead letters in ``parked``, its hold in ``control``.

    A second kind has them in ``parked_<part>`` and under a name of its own.
    """

    def __init__(self, database: Database, service: Service[DocumentT], clock: Clock, *, omit: bool = True) -> None:
        self._documents, self._parked = database[service.collection], database[name_of("parked", service.part)]
        self._control, self._service, self._hold = database["control"], service, name_of("hold", service.part)
        self._codec = Codec(service.document, omit_defaults=omit, kinds=service.kinds)
        self._clock = clock

    async def create_indexes(self) -> None:
        """What the sweep and the dead letters need. Safe to repeat."""
        async with available():
            await self._documents.create_index([("wake", ASCENDING)], sparse=True)
            await self._parked.create_index([(parked_messages.KEY, ASCENDING), ("_id", ASCENDING)])

    async def load(self, keys: Collection[str]) -> dict[str, Record[DocumentT]]:
        """The records that exist, in one query."""
        return {plain["_id"]: self._record(plain) for plain in await find_by_id(self._documents, keys)}

    async def find(self, prefix: str) -> Record[DocumentT] | None:
        """A range of the primary key: no index of its own."""
        if not prefix:
            return None
        async with available():
            plain = await self._documents.find_one({"_id": {"$gte": prefix, "$lt": prefix + "~"}})
        return self._record(plain) if plain else None

    async def save(self, records: Sequence[Record[DocumentT]]) -> set[str]:
        """One unordered bulk write, each guarded by the version; a loser comes back as 11000 with its index."""
        if not records:
            return set()
        try:
            return await self._save(records)
        except Exception:  # it may be a document that cannot be written: the others of its batch must not wait for it
            if culprits := {each.key for each in records if not self._is_storable(each)}:
                raise Unstorable(culprits) from None
            raise

    async def _save(self, records: Sequence[Record[DocumentT]]) -> set[str]:
        writes = [
            ReplaceOne({"_id": record.key, "v": record.version}, self._plain(record), upsert=True) for record in records
        ]
        try:
            async with available():
                await self._documents.bulk_write(writes, ordered=False)
        except BulkWriteError as partly:
            return {records[at].key for at in _duplicates(partly)}
        return set()

    def _is_storable(self, record: Record[DocumentT]) -> bool:
        try:
            return len(bson.encode(self._plain(record))) <= DOCUMENT_BYTES
        except Exception:  # whatever the document, its codec or its wake instant breaks on
            return False

    async def park(self, parked: Sequence[Parked]) -> None:
        """Put letters at their place in the log; the same one twice is one, as it was said last."""
        if parked:
            writes = [
                UpdateOne({"_id": parked_messages.id_of(each)}, parked_messages.update_of(each), upsert=True)
                for each in parked
            ]
            try:
                async with available():
                    await self._parked.bulk_write(writes, ordered=False)
            except BulkWriteError as partly:
                _duplicates(partly)  # another process parks the same one just now

    async def parked(self, key: str = "", at_most: int = 1000) -> list[Parked]:
        """Letters in the order of the log."""
        wanted = {parked_messages.KEY: key} if key else {}
        async with available():
            found = await self._parked.find(wanted).sort("_id", ASCENDING).to_list(at_most)
        return [parked_messages.letter_of(plain) for plain in found]

    async def count_parked(self) -> int:
        """How many letters there are, from the collection's own statistics."""
        async with available():
            count: int = await self._parked.estimated_document_count()
        return count

    async def unpark(self, letters: Sequence[Parked]) -> None:
        if not letters:
            return
        async with available():
            await self._parked.delete_many({"_id": {"$in": [parked_messages.id_of(letter) for letter in letters]}})

    async def due(self, partitions: Collection[int], at_most: int) -> list[Due]:
        """Documents whose wake instant has come by the database's own clock; uses the index on ``wake``."""
        now = now_expression(self._clock.segment)
        wanted: dict[str, Any] = {"wake": {"$gt": EPOCH}, "$expr": {"$lte": ["$wake", now]}}
        if len(partitions) < BY_NAME[self._service.says].partitions:
            wanted["p"] = {"$in": sorted(partitions)}
        async with available():
            asked = self._documents.find(wanted, {"p": 1, "wake": 1, "now": now})
            found = await asked.sort("wake", ASCENDING).to_list(at_most)
        return [Due(plain["_id"], plain["p"], plain["wake"], plain["now"]) for plain in found]

    async def held(self) -> str:
        """The build that holds the service, or ""."""
        async with available():
            found = await self._control.find_one({"_id": self._hold})
        return str(found["build"]) if found else ""

    async def hold(self, build: str) -> None:
        async with available():
            await self._control.replace_one({"_id": self._hold}, {"_id": self._hold, "build": build}, upsert=True)

    def _plain(self, record: Record[DocumentT]) -> dict[str, Any]:
        plain = {
            "_id": record.key,
            "v": record.version + 1,
            "p": record.partition,
            "pos": record.position,
            "seen": record.seen,
            "seq": record.seq,
            "decided": [[d.request, d.accepted, d.code, dict(d.detail)] for d in record.outcomes],
            "out": [[said.seq, said.log, said.offset, pack(said.headers), said.value] for said in record.out],
            "kept": [[kept.log, kept.offset, pack(kept.headers), kept.value] for kept in record.kept],
            "parked": record.parked,
        }
        kept = {name: value for name, value in plain.items() if value or name in {"v", "p", "seq"}}
        return kept if record.document is None else kept | self._document(record.document, parked=record.parked)

    def _document(self, document: DocumentT, *, parked: bool) -> dict[str, Any]:
        """The document, and when it wants to be knocked for: not while its key is parked."""
        wake = None if parked else self._service.wake_at(document)
        return {"doc": self._codec.to_plain(document)} | ({"wake": wake} if wake else {})

    def _record(self, plain: Mapping[str, Any]) -> Record[DocumentT]:
        key, partition = plain["_id"], plain["p"]
        return Record(
            key=key,
            partition=partition,
            document=self._codec.from_plain(plain["doc"]) if "doc" in plain else None,
            version=plain["v"],
            position=plain.get("pos", {}),
            seen=plain.get("seen", {}),
            outcomes=tuple(Decided(*decided) for decided in plain.get("decided", ())),
            seq=plain["seq"],
            out=tuple(Said(seq, log, at, unpack(head), value) for seq, log, at, head, value in plain.get("out", ())),
            kept=tuple(
                Incoming(log, partition, at, key, unpack(head), value) for log, at, head, value in plain.get("kept", ())
            ),
            parked=plain.get("parked", False),
        )


def name_of(name: str, part: str) -> str:
    """What this kind of document calls its ``parked`` or its ``hold``."""
    return f"{name}_{part}" if part else name


def now_expression(segment: Segment) -> Any:
    """The database's clock, mapped to domain time, for a pipeline or a projection."""
    if segment.is_identity:
        return "$$NOW"
    elapsed = {"$multiply": [{"$subtract": ["$$NOW", segment.wall]}, segment.rate]}
    return {"$add": [segment.domain, {"$toLong": elapsed}]}
