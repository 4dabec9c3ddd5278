"""What the stores hold, beside what the logs say and what was acknowledged."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from cli.kinds import DocumentKind, kind_of, kinds, speaking
from contracts.envelope import Kind
from contracts.identifiers import prefix_of
from contracts.topics import SERVICES
from runtime.delivery.records import Incoming
from runtime.mongo.documents import unpack
from runtime.mongo.store import name_of
from runtime.process.platform import RealPlatform
from services.intake.adapters.mongo import MongoLedger
from services.intake.adapters.signing import Signer, export_lines, verified
from services.intake.domain.export import Verifier
from services.intake.settings import IntakeSettings
from simulation.village import read

LOOKS = 30  # at the ledger, a second apart: on an installation at rest it is no further behind
SHOWN = 5  # culprits named
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


@dataclass(frozen=True, slots=True)
class InvariantFinding:
    """One invariant, and what is wrong with it ("" : it holds)."""

    invariant: str
    wrong: str = ""


async def records(platform: RealPlatform, topic: str) -> list[Incoming]:
    """A whole topic, by partition."""
    follower, found = platform.follower(topic), list[Incoming]()
    found += await follower.fetch()
    while await follower.is_behind():
        found += await follower.fetch()
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def acknowledged(platform: RealPlatform, numbers: Sequence[str]) -> InvariantFinding:
    """Each acknowledged number has exactly one document."""
    stored: list[dict[str, Any]] = await _documents(platform, kind_of("intake")).find({}, {"_id": 1}).to_list(None)
    by_prefix = Counter(plain["_id"][:12] for plain in stored)
    wrong = [number for number in numbers if by_prefix[prefix_of(number)] != 1]
    name = f"V1, V2: {len(set(numbers))} acknowledged, {len(stored)} stored, each once."
    return InvariantFinding(name, _culprits("lost or double", wrong))


async def not_behind(platform: RealPlatform, log: Iterable[Incoming]) -> InvariantFinding:
    """No document has been put back to an older version of itself: it knows all that was said in its name."""
    said: Counter[tuple[str, str]] = Counter()
    for message in map(read, log):
        if message.kind is Kind.FACT:
            said[message.producer, message.key] = max(said[message.producer, message.key], message.seq)
    known: Counter[tuple[str, str]] = Counter()
    for kind in speaking():
        async for plain in _documents(platform, kind).find({}, {"seq": 1}):
            known[kind.service, plain["_id"]] = plain["seq"]
    wrong = [f"{service} {key}" for (service, key), seq in said.items() if seq > known[service, key]]
    return InvariantFinding("V3: every document knows all that was said in its name.", _culprits("behind", wrong))


async def kept(platform: RealPlatform) -> set[str]:
    """Ids of the requests that wait for a baton."""
    found: set[str] = set()
    for kind in speaking():
        async for plain in _documents(platform, kind).find({"kept": {"$exists": True}}, {"kept": 1}):
            found |= {dict(unpack(each[2]))["ce_id"].decode() for each in plain["kept"]}
    return found


async def ledger(platform: RealPlatform, written: int) -> InvariantFinding:
    """V6: an export that is made now verifies and has one entry per message; the ledger may need a moment."""
    assert isinstance(platform.settings, IntakeSettings), "the ledger is signed with intake's key"
    mirror = MongoLedger(platform.database("intake"))
    of_this_epoch = {"$regex": f"/{platform.settings.log_epoch}$"}
    written += await platform.database("intake")["ledger"].count_documents({"l": {"$not": of_this_epoch}})
    verifier = Verifier(verified)
    for _ in range(LOOKS):
        verifier = Verifier(verified)
        await _check(verifier, export_lines(mirror, Signer(mirror, platform.settings.ledger_key)))
        if verifier.entries >= written:
            break
        await asyncio.sleep(1.0)
    name = f"V6: the ledger verifies and has one entry per message ({written})."
    if verifier.entries != written:
        return InvariantFinding(name, f"{verifier.entries} entries")
    return InvariantFinding(name, _culprits("changed", [f"{fault.where}: {fault.what}" for fault in verifier.faults]))


async def _check(verifier: Verifier, lines: AsyncIterator[bytes]) -> None:
    """Through a file: an export does not fit into memory."""
    with tempfile.TemporaryFile() as export:
        async for line in lines:
            export.write(line)
        export.seek(0)
        verifier.check(export)


async def parked(platform: RealPlatform) -> InvariantFinding:
    """V7: nothing is parked unless somebody poisoned the log."""
    counts = {each.label: await _letters(platform, each).count_documents({"root": True}) for each in kinds()}
    wrong = [f"{label}: {count}" for label, count in counts.items() if count]
    return InvariantFinding("V7: nothing is parked.", _culprits("parked", wrong))


async def canaries(platform: RealPlatform, logs: Iterable[Incoming], texts: Sequence[str]) -> InvariantFinding:
    """V8: none of the texts stands in a topic or in a database, in plain."""
    name, wanted = f"V8: {len(texts)} canaries are nowhere.", [text.encode() for text in texts]
    if not wanted:
        return InvariantFinding("V8: no canary was named (--canary).")
    places = [
        f"{record.log}/{record.partition}/{record.offset}"
        for record in logs
        if any(text in record.value or any(text in value for _, value in record.headers) for text in wanted)
    ]
    for database in (*SERVICES, "vault", "codes"):
        places += [each async for each in _holding(platform.database(database), wanted)]
    return InvariantFinding(name, _culprits("found in", places))


async def _holding(database: Any, wanted: Sequence[bytes]) -> AsyncIterator[str]:
    """Collections of which some raw document holds one of the texts."""
    names = await database.list_collection_names(filter={"type": "collection"})
    for collection in (name for name in names if not name.startswith("system.")):
        raw = database[collection].with_options(codec_options=RAW)
        async for document in raw.find():
            if any(text in document.raw for text in wanted):
                yield f"{database.name}.{collection}"
                break


def _documents(platform: RealPlatform, kind: DocumentKind) -> Any:
    return platform.database(kind.service)[kind.build().collection]


def _letters(platform: RealPlatform, kind: DocumentKind) -> Any:
    return platform.database(kind.service)[name_of("parked", kind.part)]


def _culprits(what: str, which: Sequence[str]) -> str:
    if not which:
        return ""
    more = f" and {len(which) - SHOWN} more" if len(which) > SHOWN else ""
    return f"{what}: {', '.join(which[:SHOWN])}{more}"
