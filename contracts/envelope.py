"""The envelope of every message: CloudEvents 1.0, binary mode; a reader skips what it does not react to unparsed.

The first header is always ``ce_type`` and the second ``ce_to``; readers rely on it. Source: CloudEvents Kafka
protocol binding 1.0.2, section 3.2; ``to``, ``kind``, ``sequence``, ``at``, ``cause``, ``actor`` and the labels are
extensions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

Headers = Sequence[tuple[str, bytes]]


class Kind(StrEnum):
    """What a message is: somebody's wish, a timer's knock, or something that has happened."""

    REQUEST = "request"
    KNOCK = "knock"
    FACT = "fact"


class Body(BaseModel):
    """The value of a message. Unknown fields are ignored, so that older readers live with newer writers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Body):
    """Who acts. A fact carries role and unit only; a request also the principal and the division it may act in.

    ``principal`` is a staff account or a keyed digest of a reporter, never a name, phone or address.
    """

    role: str
    unit: str = ""
    division: str = ""
    principal: str = ""

    def as_said(self) -> "Actor":
        """What a fact carries of whoever caused it: role and unit."""
        return Actor(role=self.role, unit=self.unit)


class RequestDecided(Body):
    """A request has its one outcome. Producer: whoever decided; it clears the request wherever it was kept."""

    request: str
    request_type: str
    accepted: bool
    code: str
    detail: dict[str, str] = {}


class WakeUp(Body):
    """A timer knocks: ``service`` wanted to look at this document from the domain instant ``due`` on."""

    service: str
    due: datetime


BodyT = TypeVar("BodyT", bound=Body)
BodyT_co = TypeVar("BodyT_co", bound=Body, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Generic[BodyT_co]):
    """One message about one document, which ``key`` names: the record's key in the log.

    ``at`` is domain time (what rules look at), ``time`` wall time (what operators look at). ``to`` names the services a
    request, a knock or a decision is for; empty: whoever reacts. ``seq`` counts the facts of one producer about one
    key from 1; 0 for requests and knocks. ``given`` is what the reading service's ``prepare`` fetched; never sent.
    ``labels``: ``contracts.labels``; they are written and not read back, for no handler decides by them.
    """

    id: str
    type: str
    kind: Kind
    key: str
    producer: str
    at: datetime
    time: datetime
    body: BodyT_co
    to: tuple[str, ...] = ()
    seq: int = 0
    cause: str = ""
    actor: Actor | None = None
    given: Any = field(default=None, compare=False)
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)


class MalformedMessage(ValueError):
    """The bytes are no message of this system: park them; ``code`` says what is wrong, ``path`` where."""

    def __init__(self, code: str, path: str = "") -> None:
        super().__init__(f"{code} at {path or 'the envelope'}")
        self.code, self.path = code, path


def type_of(headers: Headers) -> str:
    """The message type, or "" when the record is not one of ours. The hot path of every loop: no parsing."""
    return headers[0][1].decode("utf-8", "replace") if headers and headers[0][0] == "ce_type" else ""


def addressed_to(headers: Headers, service: str) -> bool:
    """Whether ``service`` has to look at the record: it is for everybody or names the service."""
    to = headers[1][1] if len(headers) > 1 and headers[1][0] == "ce_to" else b""
    return not to or service in to.decode("utf-8", "replace").split(",")


def stamp(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, the precision that every store here keeps."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode_headers(message: Message[Body]) -> list[tuple[str, bytes]]:
    """The headers of ``message``, ``ce_type`` and ``ce_to`` first, the labels that are not empty last."""
    actor = message.actor.model_dump_json(exclude_defaults=True) if message.actor else ""
    pairs = (
        ("ce_type", message.type),
        ("ce_to", ",".join(message.to)),
        ("ce_specversion", "1.0"),
        ("ce_id", message.id),
        ("ce_source", f"/duban/{message.producer}"),
        ("ce_time", stamp(message.time)),
        ("ce_kind", message.kind.value),
        ("ce_sequence", str(message.seq)),
        ("ce_at", stamp(message.at)),
        ("ce_cause", message.cause),
        ("ce_actor", actor),
        ("content-type", "application/json"),
        *((f"ce_{name}", value) for name, value in message.labels.items() if value),
    )
    return [(name, value.encode()) for name, value in pairs]


def encode_value(message: Message[Body]) -> bytes:
    """The JSON value of ``message``."""
    return message.body.__pydantic_serializer__.to_json(message.body)


def decode(key: str, value: bytes | None, headers: Headers, model: type[BodyT]) -> Message[BodyT]:
    """The message in a record whose type is ``model``'s. Raises MalformedMessage with a code and a field path."""
    named = dict(headers)
    body = decode_body(value, model)
    try:
        actor = named.get("ce_actor", b"")
        return Message(
            id=named["ce_id"].decode(),
            type=named["ce_type"].decode(),
            kind=_kind(named["ce_kind"]),
            key=key,
            producer=named["ce_source"].decode().removeprefix("/duban/"),
            at=_instant(named["ce_at"]),
            time=_instant(named["ce_time"]),
            to=tuple(filter(None, named["ce_to"].decode().split(","))),
            seq=_sequence(named["ce_sequence"]),
            cause=named["ce_cause"].decode(),
            actor=Actor.model_validate(orjson.loads(actor)) if actor else None,
            body=body,
        )
    except MalformedMessage:
        raise
    except KeyError as missing:
        raise MalformedMessage("header_missing", str(missing.args[0])) from None
    except (ValueError, AttributeError, TypeError):  # a header without a value: Kafka allows it
        raise MalformedMessage("header_malformed") from None


def understood(
    key: str, value: bytes | None, headers: Headers, models: Mapping[str, type[BodyT]]
) -> Message[BodyT] | None:
    """The message in a record of one of these types; None for every other, and for what no service could read."""
    model = models.get(type_of(headers))
    try:
        return decode(key, value, headers, model) if model else None
    except MalformedMessage:
        return None


SEQUENCE_AT_MOST = 2**53  # what every store and every reader of JSON holds exactly
FIRST_YEAR, LAST_YEAR = 1970, 9000  # such that no time zone leads out of what a datetime can hold
KINDS = {kind.value.encode(): kind for kind in Kind}


def _kind(value: bytes) -> Kind:
    """By a table: ``Kind(…)`` was a tenth of a loop's time."""
    if (kind := KINDS.get(value)) is None:
        raise MalformedMessage("header_malformed", "ce_kind")
    return kind


def _sequence(value: bytes) -> int:
    sequence = int(value)
    if not 0 <= sequence <= SEQUENCE_AT_MOST:
        raise MalformedMessage("header_malformed", "ce_sequence")
    return sequence


def _instant(value: bytes) -> datetime:
    instant = datetime.fromisoformat(value.decode())
    if instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise MalformedMessage("header_malformed", "naive or impossible time")
    return instant


def decode_body(value: bytes | None, model: type[BodyT]) -> BodyT:
    """The body in a record's value. Raises MalformedMessage with a code and a field path."""
    try:
        return model.model_validate_json(value or b"")
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False, include_context=False)[0]
        raise MalformedMessage(f"body_{first['type']}", "/" + "/".join(map(str, first["loc"]))) from None
