"""The relay of the public feed: a pure function of the log, so nothing is stored and a copy has the same id.

An event's subject is the ticket id. Its number is there where the fact carries it: a relay looks nothing up.
"""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts import feed
from contracts.envelope import Body, MalformedMessage, decode_body, type_of
from contracts.labels import LABELS
from contracts.messages import feedback, intake, routing
from contracts.public import Public
from contracts.vocabulary import county_of
from runtime.delivery.ports import Reader, Writer
from runtime.delivery.records import Incoming, Outgoing
from runtime.relay import Relay
from runtime.telemetry.metrics import beat_of
from services.notify import metrics

GROUP = "notify.feed"  # and the label of its heart
TOPIC = "ticket-feed"

Publisher = Callable[[Any], dict[str, Any] | None]


def _plain(event: type[Public]) -> Publisher:
    """The fields that the event declares, as they stand in the fact: nothing else, ever."""
    fields = tuple(name for name in event.model_fields if name not in Public.model_fields)
    return lambda body: _of(body, *fields)


def _of(body: Body, *fields: str) -> dict[str, Any]:
    return {field: getattr(body, field) for field in fields}


def _registered(body: intake.TicketRegistered) -> dict[str, Any]:
    return {
        "channel": body.channel,
        "urgent": body.urgent,
        "collective": sum(each.confirmed for each in body.voters) > 1,
        "division": body.door,
    }


def _accepted(body: routing.TicketAccepted) -> dict[str, Any]:
    standard = f"{body.standard.code}@{body.standard.version}"
    return {
        "unit": body.unit,
        "category": body.category,
        "standard": standard,
        "division": county_of(body.division),
    }


def _assigned(body: routing.TicketAssigned) -> dict[str, Any]:
    data = _of(body, "unit", "level", "category", "taxonomy_version", "hop")
    return data | {"division": county_of(body.division)}


def _screened_out(body: intake.TicketScreenedOut) -> dict[str, Any]:
    return {"rule": body.rule, "division": body.door}


def _queued(body: routing.AssignmentQueued) -> dict[str, Any]:
    return _of(body, "reason", "category", "lead_unit") | {"division": county_of(body.division)}


def _plan_made(body: feedback.PlanMade) -> dict[str, Any]:
    return _of(body, "mode", "version") | {"measures": len(body.measures)}


def _progress(body: feedback.ProgressReported) -> dict[str, Any] | None:
    return {"index": body.index} if body.public else None


def _struck_off(body: feedback.TicketStruckOff) -> dict[str, Any]:
    return {"unit": body.unit, "rounds": body.round, "votes": body.votes, "satisfied": body.satisfied}


MADE: Mapping[type[Body], Publisher] = {
    intake.TicketRegistered: _registered,
    intake.TicketScreenedOut: _screened_out,
    routing.AssignmentQueued: _queued,
    routing.TicketAssigned: _assigned,
    routing.TicketAccepted: _accepted,
    feedback.PlanMade: _plan_made,
    feedback.ProgressReported: _progress,
    feedback.TicketStruckOff: _struck_off,
}
"""Facts whose event has a value that does not stand in the fact as it is; all others are plain."""
BY_TYPE = {
    body.__name__: (body, kind, MADE.get(body) or _plain(feed.TICKET_EVENTS[kind]))
    for kind, body in feed.MADE_OF.items()
}


def event_of(record: Incoming, schemas: str) -> Outgoing | None:
    """The public event of a record; None for what is not public or not readable. ``schemas``: where they are served."""
    if (known := BY_TYPE.get(type_of(record.headers))) is None:
        return None
    try:
        fact, kind, publish = known
        body = decode_body(record.value, fact)
        if (public := publish(body)) is None:
            return None
        headers = _headers(kind, record, schemas)
    except (MalformedMessage, KeyError):
        return None  # the services park it; the feed only says what they could read
    event = feed.TICKET_EVENTS[kind](number=getattr(body, "number", ""), **public)
    value = event.__pydantic_serializer__.to_json(event)
    return Outgoing(TOPIC, record.partition, record.key, headers, value)


@functools.cache
def constant_headers(kind: str, schemas: str) -> tuple[tuple[str, bytes], ...]:
    """What every event of a type says beside its id, time and subject. ``schemas``: where they are served."""
    return (
        ("ce_type", kind.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_source", b"/duban"),
        ("ce_dataschema", f"{schemas}{kind}.json".encode()),
        ("content-type", b"application/json"),
    )


def _headers(kind: str, record: Incoming, schemas: str) -> list[tuple[str, bytes]]:
    """Id, time and labels are the fact's own, unchanged. Raises KeyError where it has no id or time."""
    said = dict(record.headers)
    own = [("ce_id", said["ce_id"]), ("ce_time", said["ce_time"]), ("ce_subject", record.key.encode())]
    return [*constant_headers(kind, schemas), *own, *((name, said[name]) for name in LABELLED if name in said)]


LABELLED = tuple(f"ce_{name}" for name in LABELS)


def relay_of(reader: Reader, writer: Writer, schemas: str) -> Relay:
    """The relay from the ticket log to the feed."""

    def relayed(record: Incoming) -> Sequence[Outgoing]:
        event = event_of(record, schemas)
        return () if event is None else (event,)

    return Relay("feed", reader, writer, relayed, beat_of(GROUP), _count)


def _count(events: Sequence[Outgoing]) -> None:
    for kind, count in Counter(event.headers[0][1] for event in events).items():
        metrics.FEED.labels(kind.decode()).inc(count)
