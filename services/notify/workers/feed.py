"""The relay of the public feed: a pure function of the log, so nothing is stored and a copy has the same id.

An event's subject is the ticket id. Its number is there where the fact carries it: a relay looks nothing up.
"""

import asyncio
import functools
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from contracts import feed
from contracts.envelope import Body, MalformedMessage, decode_body, type_of
from contracts.messages import feedback, intake, routing, sla
from contracts.vocabulary import county_of
from runtime.delivery.ports import Reader, Writer
from runtime.delivery.records import Incoming, Outgoing
from runtime.telemetry.metrics import beat_of
from runtime.workers import repeated
from services.notify import metrics

GROUP = "notify.feed"  # and the label of its heart
TOPIC = "ticket-feed"
BATCH = 2000  # records
SCHEMAS = "https://duban.example/schemas/feed/"

Publisher = Callable[[Any], tuple[str, dict[str, Any]] | None]


def _public(event: str, *fields: str) -> Publisher:
    """An allow-list: exactly these fields of the fact, nothing else, ever."""
    return lambda body: (event, _of(body, *fields))


def _of(body: Body, *fields: str) -> dict[str, Any]:
    return {field: getattr(body, field) for field in fields}


def _registered(body: intake.TicketRegistered) -> tuple[str, dict[str, Any]]:
    data = {"channel": body.channel, "urgent": body.urgent, "collective": len(body.voters) > 1, "division": body.door}
    return "registered", data


def _accepted(body: routing.TicketAccepted) -> tuple[str, dict[str, Any]]:
    standard = f"{body.standard.code}@{body.standard.version}"
    return "accepted", {
        "unit": body.unit,
        "category": body.category,
        "standard": standard,
        "division": county_of(body.division),
    }


def _assigned(body: routing.TicketAssigned) -> tuple[str, dict[str, Any]]:
    data = _of(body, "unit", "level", "category", "taxonomy_version", "hop")
    return "assigned", data | {"division": county_of(body.division)}


def _screened_out(body: intake.TicketScreenedOut) -> tuple[str, dict[str, Any]]:
    return "screened-out", {"rule": body.rule, "division": body.door}


def _queued(body: routing.AssignmentQueued) -> tuple[str, dict[str, Any]]:
    return "queued", _of(body, "reason", "category", "lead_unit") | {"division": county_of(body.division)}


def _plan_made(body: feedback.PlanMade) -> tuple[str, dict[str, Any]]:
    return "plan-made", _of(body, "mode", "version") | {"measures": len(body.measures)}


def _progress(body: feedback.ProgressReported) -> tuple[str, dict[str, Any]] | None:
    return ("progress-reported", {"index": body.index}) if body.public else None


def _struck_off(body: feedback.TicketStruckOff) -> tuple[str, dict[str, Any]]:
    data = {"unit": body.unit, "rounds": body.round, "votes": body.votes, "satisfied": body.satisfied}
    return "struck-off", data


PUBLIC: Mapping[type[Body], Publisher] = {
    intake.TicketRegistered: _registered,
    intake.TicketScreenedOut: _screened_out,
    routing.AssignmentQueued: _queued,
    routing.TicketAssigned: _assigned,
    routing.TicketReturned: _public("returned", "unit", "ground", "count", "disputed"),
    routing.TicketAccepted: _accepted,
    sla.DeadlineSet: _public("deadline-set", "clock", "kind", "unit", "due", "provisional"),
    sla.ClockStopped: _public("clock-stopped", "clock", "unit", "met", "held", "reason"),
    sla.LightChanged: _public("light-changed", "clock", "unit", "old", "new"),
    sla.LightWithdrawn: _public("light-withdrawn", "clock", "unit", "old", "new"),
    sla.SupervisionOrdered: _public("supervision-ordered", "order", "unit", "level"),
    sla.OrderWithdrawn: _public("order-withdrawn", "order", "unit"),
    feedback.PlanMade: _plan_made,
    feedback.ProgressReported: _progress,
    feedback.TicketCompleted: _public("completed", "unit", "round"),
    feedback.TicketEvaluated: _public("evaluated", "round", "grade", "solved"),
    feedback.LookBackRecorded: _public("look-back-recorded", "round", "method", "grade", "solved"),
    feedback.ReworkOrdered: _public("rework-ordered", "unit", "round", "count"),
    feedback.TicketStruckOff: _struck_off,
    intake.TicketWithdrawn: _public("withdrawn"),
    intake.TicketErased: _public("erased"),
}
BY_TYPE = {body.__name__: (body, publish) for body, publish in PUBLIC.items()}


def event_of(record: Incoming) -> Outgoing | None:
    """The public event of a record; None for what is not public or not readable."""
    if (known := BY_TYPE.get(type_of(record.headers))) is None:
        return None
    try:
        body = decode_body(record.value, known[0])
        if (public := known[1](body)) is None:
            return None
        kind = f"duban.ticket.{public[0]}.v1"
        headers = _headers(kind, record)
    except (MalformedMessage, KeyError):
        return None  # the services park it; the feed only says what they could read
    event = feed.EVENTS[kind](number=getattr(body, "number", ""), **public[1])
    value = event.__pydantic_serializer__.to_json(event)
    return Outgoing(TOPIC, record.partition, record.key, headers, value)


@functools.cache
def _constant(kind: str) -> tuple[tuple[str, bytes], ...]:
    return (
        ("ce_type", kind.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_source", b"/duban"),
        ("ce_dataschema", f"{SCHEMAS}{kind}.json".encode()),
        ("content-type", b"application/json"),
    )


def _headers(kind: str, record: Incoming) -> list[tuple[str, bytes]]:
    """Id and time are the fact's own, unchanged. Raises KeyError where the fact has none."""
    said = dict(record.headers)
    own = [("ce_id", said["ce_id"]), ("ce_time", said["ce_time"]), ("ce_subject", record.key.encode())]
    return [*_constant(kind), *own]


class Feed:
    """Relays the ticket log. The order of a ticket is kept."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reader, self._writer = reader, writer

    async def step(self) -> int:
        """Relay one batch. Raises Unavailable."""
        records = await self._reader.fetch(BATCH)
        events = [event for record in records if (event := event_of(record)) is not None]
        await self._writer.publish(events)
        for kind, count in Counter(event.headers[0][1] for event in events).items():
            metrics.FEED.labels(kind.decode()).inc(count)
        if records:
            await self._reader.commit({(each.log, each.partition): each.offset + 1 for each in records})
        return len(records)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("feed", self.step, every=0, beat=beat_of(GROUP))(stop)
