"""``make examples``: the golden example of a message, or of a public event, that has none yet, from its made-up one.

It is written once and never edited: what stands there decodes for ever. So is the schema of a public event, which is
released with it.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any, get_type_hints

import orjson

from contracts import catalogue, feed
from contracts.entries import CatalogueRow
from contracts.envelope import Actor, Body, Kind, Message, encode_headers, encode_value
from contracts.released_schemas import RELEASED, schema_of
from runtime.delivery.records import Incoming
from services.notify.workers.feed import event_of
from services.notify.workers.reconciliation import event_of as reconciled_event
from tests.facts import (
    accountability,
    audit,
    checks,
    class_plans,
    conferences,
    coverage,
    draws,
    envelope,
    feedback,
    intake,
    ladders,
    limits,
    notify,
    reviews,
    routing,
    schemes,
    sla,
    staff,
    standards,
    verification,
)
from tests.facts import feed as feed_facts
from tests.harness import MONDAY, TICKET

EXAMPLES = Path(__file__).parents[2] / "contracts/examples"
SCHEMAS = "https://duban.example/schemas/feed/"  # as the examples have it
SUMS = "SHA256SUMS"
MODULES = (
    intake,
    routing,
    sla,
    conferences,
    coverage,
    ladders,
    limits,
    checks,
    schemes,
    standards,
    feedback,
    reviews,
    verification,
    accountability,
    notify,
    staff,
    draws,
    class_plans,
    audit,
    envelope,
)
PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def made_up() -> Mapping[type[Body], Body]:
    """One body of every type that has a maker."""
    makers = (
        maker
        for module in MODULES
        for _, maker in getmembers(module, isfunction)
        if maker.__module__ == module.__name__
    )
    return {get_type_hints(maker)["return"]: maker() for maker in makers}


def message_of(row: CatalogueRow, body: Body) -> Message[Any]:
    """A message as its first producer says it."""
    asked: dict[str, Any] = {"actor": Actor(role="unit", principal="staff:example"), "to": row.consumers}
    told: dict[str, Any] = {"seq": 1, "cause": "0" * 32}
    more = asked if row.kind is Kind.REQUEST else told
    return Message(
        id="1" * 32, type=row.name, kind=row.kind, key=TICKET, producer=row.producers[0], time=MONDAY, at=MONDAY,
        body=body, **more,
    )  # fmt: skip


def _shown(headers: Any, value: bytes, key: str = TICKET) -> bytes:
    plain = {"key": key, "headers": {name: text.decode() for name, text in headers}, "value": orjson.loads(value)}
    return orjson.dumps(plain, option=PRETTY)


def messages() -> Iterator[tuple[str, bytes]]:
    """File → what it holds, for every message."""
    bodies = made_up()
    for row in catalogue.ENTRIES:
        message = message_of(row, bodies[row.body])
        yield f"messages/{row.name}.json", _shown(encode_headers(message), encode_value(message))


def events() -> Iterator[tuple[str, bytes]]:
    """File → what it holds, for every public event."""
    bodies = made_up()
    for kind, fact in feed.MADE_OF.items():
        message = message_of(catalogue.BY_NAME[fact.__name__], bodies[fact])
        record = Incoming("tickets/1", 0, 0, TICKET, encode_headers(message), encode_value(message))
        if event := event_of(record, SCHEMAS):
            yield f"feed/{kind}.json", _shown(event.headers, event.value)
    event = reconciled_event(feed_facts.reconciled(), SCHEMAS)
    yield f"feed/{feed.RECONCILED}.json", _shown(event.headers, event.value, event.key)


def schemas() -> Iterator[tuple[str, bytes]]:
    """File → the schema of a public event as it is released."""
    for kind in feed.EVENTS:
        yield f"{kind}.json", orjson.dumps(schema_of(kind), option=PRETTY)


def write_missing(folder: Path = EXAMPLES, released: Path = RELEASED) -> list[str]:
    """Write the examples and released schemas that are not there; their names."""
    files = [(folder / name, text) for name, text in (*messages(), *events())]
    files += [(released / name, text) for name, text in schemas()]
    missing = [(path, text) for path, text in files if not path.exists()]
    for path, text in missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    _freeze(released, folder)
    return [str(path.relative_to(folder.parent)) for path, _ in missing]


def frozen(released: Path, folder: Path) -> dict[str, str]:
    """Released schema or golden sample of the feed → its digest now."""
    files = [*released.glob("*.json"), *(folder / "feed").glob("*.json")]
    return {f"{path.parent.name}/{path.name}": sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def digests(released: Path) -> dict[str, str]:
    """The same, as they were when they were released."""
    sums = released / SUMS
    lines = sums.read_text().splitlines() if sums.exists() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _freeze(released: Path, folder: Path) -> None:
    """What has a digest keeps it: an edit stays an edit."""
    kept = frozen(released, folder) | digests(released)
    (released / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(kept.items())))


if __name__ == "__main__":
    print("\n".join(write_missing()) or "every message and every public event has its example")
