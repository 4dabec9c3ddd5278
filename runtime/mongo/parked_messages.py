"""Dead letters as MongoDB keeps them: their place in the log is their key, and sorts them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from runtime.delivery.records import Incoming, Parked
from runtime.mongo.documents import pack, unpack

KEY = "ticket"  # the field that has held a message's key since the first build


def id_of(letter: Parked) -> str:
    """Sorts as the places do."""
    log, partition, offset, nth = letter.place
    return f"{log}/{partition:05d}/{offset:019d}/{nth:03d}"


def update_of(letter: Parked) -> dict[str, Any]:
    """What is parked again has been parked since the first time."""
    message = letter.message
    said = {
        "log": message.log,
        "p": message.partition,
        "offset": message.offset,
        KEY: message.key,
        "headers": pack(message.headers),
        "value": message.value,
        "reason": letter.reason,
        "root": letter.root,
        "nth": letter.nth,
    }
    return {"$set": said, "$setOnInsert": {"at": letter.at}}


def letter_of(plain: Mapping[str, Any]) -> Parked:
    """The letter that is kept so."""
    message = Incoming(plain["log"], plain["p"], plain["offset"], plain[KEY], unpack(plain["headers"]), plain["value"])
    at: datetime = plain["at"]
    return Parked(message, plain["reason"], plain["root"], at, plain["nth"])
