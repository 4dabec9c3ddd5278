"""From an approval to what is in force: a class plan that was approved is published in the configuration."""

from collections.abc import Sequence

from contracts.envelope import Kind, Message, encode_headers, encode_value, understood
from contracts.messages.class_plans import ClassPlanApproved, ClassPlanPublished
from runtime.delivery.records import Incoming, Outgoing
from runtime.ids import id_of
from runtime.process.configuration import TOPIC
from runtime.process.editions import key_of

APPROVALS = {ClassPlanApproved.__name__: ClassPlanApproved}


def published_by(record: Incoming) -> Sequence[Outgoing]:
    """The edition that an approval puts in force; nothing for any other record."""
    approved = understood(record.key, record.value, record.headers, APPROVALS)
    return [_edition(approved)] if approved else ()


def _edition(approved: Message[ClassPlanApproved]) -> Outgoing:
    """Ids and times come from the approval, so that a repetition is the same record."""
    body = approved.body
    key = key_of("class-plan", f"{body.unit}/{body.category}", body.version)
    message = Message(
        id=id_of("class-plan", approved.key, str(body.version)),
        type=ClassPlanPublished.__name__,
        kind=Kind.FACT,
        key=key,
        producer="feedback",
        at=approved.at,
        time=approved.time,
        body=ClassPlanPublished(**dict(body), valid_from=approved.at),
        cause=approved.id,
    )
    return Outgoing(TOPIC, 0, key, encode_headers(message), encode_value(message))
