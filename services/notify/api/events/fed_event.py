"""An event of the public feed as it is handed on: CloudEvents 1.0 in structured JSON, beside what filters look at."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from contracts.envelope import Headers, type_of
from contracts.labels import labels_in
from runtime.delivery.records import Incoming

CONTENT = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class FedEvent:
    """``partition``, ``offset``: where it stands in the feed. ``text``: the event, ready to be sent."""

    partition: int
    offset: int
    kind: str
    labels: Mapping[str, str]
    text: bytes


def fed(record: Incoming) -> FedEvent:
    """A record of the feed as an event. Its id, subject and all that was said stand as they are."""
    labels = labels_in(record.headers)
    return FedEvent(record.partition, record.offset, type_of(record.headers), labels, structured(record))


def structured(record: Incoming) -> bytes:
    """CloudEvents JSON format 1.0.2, section 3: the data goes in as the bytes that it is."""
    attributes = orjson.dumps(_attributes(record.headers))
    return attributes[:-1] + b',"data":' + (record.value or b"null") + b"}"


def _attributes(headers: Headers) -> dict[str, str]:
    said = {name.removeprefix("ce_"): value.decode("utf-8", "replace") for name, value in headers}
    said["datacontenttype"] = said.pop("content-type", "application/json")
    return said
