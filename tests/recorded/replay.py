"""A recorded log through the services as they are now, and where what comes of it is not what it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from runtime.delivery.records import Outgoing
from runtime.process.platform import vault_of
from tests.environment import environment
from tests.recorded.collections_of_intake import intake_collections
from tests.recorded.recording import Documents, Recording
from tests.recorded.stored_form import without
from tests.recorded.system import RecordedSystem, Unread, wiring

SHOWN_AT_MOST = 20  # differences: the first ones tell
GONE = object()


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome of a replay. ``said``: all that the loops published, in order; the rest as in a recording."""

    system: RecordedSystem
    said: Sequence[tuple[str, Outgoing]]
    digests: Sequence[Mapping[str, str]]
    snapshots: Mapping[int, Documents]
    intake_collections: Mapping[str, Mapping[str, str]]


async def replayed(recording: Recording, added: frozenset[str], unread: Unread) -> Replayed:
    """Feed the log to every loop; what they say is noted, and does not get into the log."""
    with environment(recording.inputs.settings):
        system = await _prepared(recording, added, unread)
        digests, snapshots = list[Mapping[str, str]](), dict[int, Documents]()
        for line in recording.lines:
            system.wall = line.wall
            digests.append(await system.take(line.record))
            if len(digests) in recording.snapshots:
                snapshots[len(digests)] = await system.documents()
        return Replayed(system, system.captured.said, digests, snapshots, await intake_collections(system.platform))


async def _prepared(recording: Recording, added: frozenset[str], unread: Unread) -> RecordedSystem:
    system, inputs = RecordedSystem(recording.lines[0].wall, added, unread), recording.inputs
    await system.start()
    await vault_of(system.platform, "vault").insert_absent(inputs.vault)
    for day, private in inputs.day_keys.items():
        await wiring("intake").adapters(system.platform).day_keys.ensure(day, private)
    return system


def digest_differences(recording: Recording, replay: Replayed) -> list[str]:
    """The records after which a service's document was not what it was."""
    pairs = zip(recording.lines, replay.digests, strict=False)
    different = [
        f"{nth} {_shown(line.by, line.record)}: {name}"
        for nth, (line, digests) in enumerate(pairs)
        for name in sorted(line.digests.keys() | digests.keys())
        if line.digests.get(name) != digests.get(name)
    ]
    return different[:SHOWN_AT_MOST]


def document_differences(
    was: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]], added: frozenset[str]
) -> list[str]:
    """Where the documents of a service are not, byte for byte, what they were. ``added``: fields of later builds."""
    different = [
        f"{collection}/{each}{where}"
        for collection in sorted(was.keys() | found.keys())
        for each in sorted(was.get(collection, {}).keys() | found.get(collection, {}).keys())
        for where in _places(was.get(collection, {}).get(each), found.get(collection, {}).get(each), added)
    ]
    return different[:SHOWN_AT_MOST]


def message_differences(
    was: Sequence[tuple[str, Outgoing]], found: Sequence[tuple[str, Outgoing]], added: frozenset[str]
) -> list[str]:
    """The messages that are not, byte for byte, what was said."""
    pairs = zip(was, found, strict=False)
    different = [
        f"{nth} {_shown(*old)}{where}" for nth, (old, new) in enumerate(pairs) for where in _apart(old, new, added)
    ]
    if len(was) != len(found):
        different.append(f"{len(found)} messages in place of {len(was)}")
    return different[:SHOWN_AT_MOST]


def _apart(was: tuple[str, Outgoing], found: tuple[str, Outgoing], added: frozenset[str]) -> Iterator[str]:
    old, new = was[1], found[1]
    if (was[0], old.topic, old.partition, old.key) != (found[0], new.topic, new.partition, new.key):
        yield f" is now {_shown(*found)}"
    elif list(old.headers) != [pair for pair in new.headers if pair[0] not in added]:
        yield f" headers {dict(new.headers)}"
    else:
        yield from _places(old.value.decode(), new.value.decode(), added)


def _shown(by: str, record: Outgoing) -> str:
    return f"{by}: {record.topic} {record.key[:6]} {dict(record.headers)['ce_type'].decode()}"


def _places(was: str | None, found: str | None, added: frozenset[str]) -> Iterator[str]:
    """Where two texts of JSON differ; "" when one is not there at all."""
    if was is None or found is None:
        yield " is new" if was is None else " is gone"
    elif was != found:
        yield from _inside(orjson.loads(was), without(orjson.loads(found), added), "")


def _inside(was: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(found, dict):
        for name in sorted(was.keys() | found.keys()):
            yield from _inside(was.get(name, GONE), found.get(name, GONE), f"{path}/{name}")
    elif isinstance(was, list) and isinstance(found, list) and len(was) == len(found):
        for nth, (old, new) in enumerate(zip(was, found, strict=True)):
            yield from _inside(old, new, f"{path}/{nth}")
    elif was is GONE or found is GONE:
        yield f"{path} {'is new' if was is GONE else 'is gone'}"
    elif was != found or type(was) is not type(found):
        yield f"{path} was {was!r:.60}, is {found!r:.60}"
