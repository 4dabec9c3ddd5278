"""The AsyncAPI 3.0 document of what others read: the feed, the snapshots, webhooks. docs/asyncapi.yaml is this, too."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts import feed, topics
from contracts.snapshots import TicketSnapshot

DESCRIPTION = """\
Every public fact of a ticket, as CloudEvents 1.0: in Kafka's binary mode, or as webhooks in structured JSON. No
personal data, no free text, no staff. At least once: an event that comes again has the same id and the same bytes; drop
it by ce_id. All events of a ticket (ce_subject) are in one partition, in the order in which they happened. Fields and
types are added, never renamed or removed; enumerations are open: treat an unknown value as "other". Replay from any
time within the retention; begin with the snapshots for what is older.
"""
EXTRA = {
    "specversion": "always 1.0",
    "id": "the fact's id: the same whenever the event comes again",
    "source": "the installation",
    "subject": "the ticket, or the county of which it is said; also the record's key",
    "time": "when it was said (wall clock), RFC 3339",
    "dataschema": "where the schema of the data is served",
    "division": "the county's code, six digits, or the shorter code that is known; absent in events of earlier builds",
    "category": "of the taxonomy; absent until the matter was assigned",
    "unit": "who is responsible; absent while nobody is",
}
SIGNED = {
    "webhook-id": "the event's id: the same whenever it comes again",
    "webhook-timestamp": "seconds since 1970 at which this call was signed",
    "webhook-signature": "v1,… of each live secret, as Standard Webhooks has it",
}
BINDING = "0.5.0"
SNAPSHOT = "TicketSnapshot"
WEBHOOK = "Webhook"
PING = "duban.subscription.ping.v1"
Shown = dict[str, Any]


def document() -> Shown:
    """The whole document, as plain values."""
    models: Iterable[type[BaseModel]] = (*feed.EVENTS.values(), TicketSnapshot)
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    messages = {**dict(map(_event, feed.EVENTS)), SNAPSHOT: _snapshot(), WEBHOOK: _webhook()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "duban ticket feed", "version": "1.1.0", "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {"ticketFeed": _feed(), "ticketSnapshots": _snapshots(), "subscription": _subscription()},
        "operations": {
            "receiveTicketEvents": _received("ticketFeed"),
            "receiveTicketSnapshots": _received("ticketSnapshots"),
            "receiveWebhooks": _received("subscription") | {"bindings": {"http": {"method": "POST"}}},
        },
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def _received(channel: str) -> Shown:
    return {"action": "receive", "channel": {"$ref": f"#/channels/{channel}"}}


def _topic(topic: topics.Topic, description: str, messages: Iterable[str]) -> Shown:
    return {
        "address": f"{{namespace}}.{topic.name}",
        "description": description,
        "parameters": {"namespace": {"default": "duban", "description": "The installation's namespace."}},
        "messages": _referred(messages),
        "bindings": {"kafka": {"partitions": topic.partitions, "bindingVersion": BINDING}},
    }


def _referred(messages: Iterable[str]) -> Shown:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in messages}


def _feed() -> Shown:
    topic = topics.TICKET_FEED
    kept = f"Kept for {topic.retention_days} days, in {topic.partitions} partitions."
    return _topic(topic, kept, map(_key, feed.EVENTS))


def _snapshots() -> Shown:
    topic = topics.TICKET_SNAPSHOTS
    said = (
        f"Compacted, in {topic.partitions} partitions: the last record of a ticket holds. Said once nothing has "
        "changed for ten seconds. A record without a value: the ticket was erased: destroy what you kept of it."
    )
    return _topic(topic, said, [SNAPSHOT])


def _subscription() -> Shown:
    said = "The address of a subscription (POST /v1/subscriptions of notify): one call is one event. Answer 2xx in 5 s."
    return {"address": None, "description": said, "messages": _referred([WEBHOOK])}


def _key(event: str) -> str:
    """The event's model names its message: schema and message carry one name."""
    return feed.EVENTS[event].__name__


def _event(event: str) -> tuple[str, Shown]:
    model = feed.EVENTS[event]
    headers = {f"ce_{name}": {"type": "string", "description": means} for name, means in EXTRA.items()}
    return _key(event), {
        "name": event,
        "summary": " ".join((model.__doc__ or "").split()),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["ce_type", "ce_id", "ce_subject"],
            "properties": {"ce_type": {"type": "string", "const": event}, **headers},
        },
        "payload": _schema(model),
        "bindings": _keyed("the subject"),
    }


def _snapshot() -> Shown:
    return {
        "name": "ticket-snapshot",
        "summary": " ".join((TicketSnapshot.__doc__ or "").split()),
        "contentType": "application/json",
        "payload": _schema(TicketSnapshot),
        "bindings": _keyed("the ticket"),
    }


def _webhook() -> Shown:
    """Every event that the subscription wants, and its pings."""
    signed = {name: {"type": "string", "description": means} for name, means in SIGNED.items()}
    attributes = {name: {"type": "string", "description": means} for name, means in EXTRA.items()}
    kinds = {"type": "string", "description": f"one of the feed's types, or {PING}, which asks for an answer"}
    data = {"description": "the data of the type, as the message of this name has it", "type": "object"}
    return {
        "name": "webhook",
        "summary": "An event as structured CloudEvents JSON, signed as Standard Webhooks has it.",
        "contentType": "application/cloudevents+json",
        "headers": {"type": "object", "required": list(SIGNED), "properties": signed},
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "data"],
            "properties": {**attributes, "type": kinds, "data": data},
        },
    }


def _schema(model: type[BaseModel]) -> Shown:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _keyed(means: str) -> Shown:
    return {"kafka": {"key": {"type": "string", "description": means}, "bindingVersion": BINDING}}
