"""A recording on disk: the log, what a replay needs besides, the documents, the examples. One folder per build."""

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from contracts import catalogue, feed
from contracts.envelope import Body, decode, encode_headers, encode_value, stamp
from runtime.delivery.records import Outgoing
from runtime.identity.vault import Wrapped

FOLDER = Path(__file__).parent
EXAMPLES = FOLDER.parents[1] / "contracts/examples"
SEALED = ("identity", "contact_key", "contact", "words")

Documents = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Service → collection → id → document in canonical form."""


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A record of the log. ``by``: whose loop said it, "" from outside; ``wall``: when it was read.

    ``digests``: service → digest of the document that the service had then, of those that wrote one.
    """

    by: str
    wall: datetime
    record: Outgoing
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplayInputs:
    """All that a replay needs besides the log. ``vault``: keys as they were made; ``day_keys``: private."""

    settings: Mapping[str, str]
    vault: Sequence[Wrapped]
    day_keys: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything. ``snapshots``: all documents as they were after so many records of the log.

    ``intake_collections``: vault, day keys and ledger at the end. ``examples``: the golden examples, written again.
    """

    lines: Sequence[RecordedLine]
    inputs: ReplayInputs
    snapshots: Mapping[int, Documents]
    intake_collections: Mapping[str, Mapping[str, str]]
    examples: Mapping[str, Any]

    def keep(self, build: str) -> int:
        """Write it; how many bytes it has."""
        parts = {
            "log": [_of_line(line) for line in self.lines],
            "inputs": _of_inputs(self.inputs),
            "documents": {str(after): documents for after, documents in self.snapshots.items()},
            "intake": self.intake_collections,
            "examples": self.examples,
        }
        folder = FOLDER / build
        folder.mkdir(exist_ok=True)
        for name, plain in parts.items():
            packed = gzip.compress(orjson.dumps(plain, option=orjson.OPT_INDENT_2), 9, mtime=0)
            (folder / f"{name}.json.gz").write_bytes(packed)
        return sum(path.stat().st_size for path in folder.iterdir())


def recorded(build: str) -> Recording:
    """The recording that a build made."""
    return Recording(
        lines=[_line(plain) for plain in _read(build, "log")],
        inputs=_inputs(_read(build, "inputs")),
        snapshots={int(after): documents for after, documents in _read(build, "documents").items()},
        intake_collections=_read(build, "intake"),
        examples=_read(build, "examples"),
    )


def examples() -> dict[str, Any]:
    """The golden examples, of messages and of the public feed, each decoded and written again."""
    messages = {name: _again(name, entry.body) for name, entry in sorted(catalogue.BY_NAME.items())}
    return messages | {path.stem: _event(path) for path in sorted((EXAMPLES / "feed").glob("*.json"))}


def _again(name: str, model: type[Body]) -> dict[str, Any]:
    shown = orjson.loads((EXAMPLES / f"messages/{name}.json").read_bytes())
    headers = [(header, value.encode()) for header, value in shown["headers"].items()]
    message = decode(shown["key"], orjson.dumps(shown["value"]), headers, model)
    return {"headers": _texts(encode_headers(message)), "value": encode_value(message).decode()}


def _event(path: Path) -> dict[str, Any]:
    shown = orjson.loads(path.read_bytes())
    event = feed.EVENTS[shown["headers"]["ce_type"]].model_validate(shown["value"])
    return {"headers": list(map(list, shown["headers"].items())), "value": event.model_dump_json()}


def _read(build: str, name: str) -> Any:
    return orjson.loads(gzip.decompress((FOLDER / build / f"{name}.json.gz").read_bytes()))


def _texts(headers: Any) -> list[list[str]]:
    return [[name, value.decode()] for name, value in headers]


def _of_line(line: RecordedLine) -> dict[str, Any]:
    record = line.record
    return {
        "by": line.by,
        "wall": stamp(line.wall),
        "topic": record.topic,
        "partition": record.partition,
        "key": record.key,
        "headers": _texts(record.headers),
        "value": record.value.decode(),
        "digests": line.digests,
    }


def _line(plain: Mapping[str, Any]) -> RecordedLine:
    headers = [(name, value.encode()) for name, value in plain["headers"]]
    record = Outgoing(plain["topic"], plain["partition"], plain["key"], headers, plain["value"].encode())
    return RecordedLine(plain["by"], datetime.fromisoformat(plain["wall"]), record, plain["digests"])


def _of_inputs(inputs: ReplayInputs) -> dict[str, Any]:
    return {
        "settings": inputs.settings,
        "vault": {
            each.owner: {name: _text(getattr(each, name)) for name in SEALED} | {"erased": each.erased}
            for each in inputs.vault
        },
        "day_keys": {day: _text(private) for day, private in inputs.day_keys.items()},
    }


def _inputs(plain: Mapping[str, Any]) -> ReplayInputs:
    vault = [
        Wrapped(ticket, **{name: base64.b64decode(each[name]) for name in SEALED}, erased=each["erased"])
        for ticket, each in plain["vault"].items()
    ]
    return ReplayInputs(
        plain["settings"], vault, {day: base64.b64decode(key) for day, key in plain["day_keys"].items()}
    )


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()
