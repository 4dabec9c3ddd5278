"""Every message, as data: what it is, who says it, who listens. Documents, the flow diagram and tests read this table.

Each has a golden example in ``contracts/examples/messages/<Type>.json`` that decodes for ever.
"""

from contracts import envelope
from contracts.entries import CatalogueRow, fact
from contracts.envelope import Body, Kind
from contracts.messages import (
    accountability,
    audit,
    checks,
    class_plans,
    conferences,
    coverage,
    draws,
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

ENTRIES: tuple[CatalogueRow, ...] = (
    *intake.ENTRIES,
    *routing.ENTRIES,
    *sla.ENTRIES,
    *conferences.ENTRIES,
    *ladders.ENTRIES,
    *coverage.ENTRIES,
    *limits.ENTRIES,
    *checks.ENTRIES,
    *schemes.ENTRIES,
    *standards.ENTRIES,
    *feedback.ENTRIES,
    *reviews.ENTRIES,
    *verification.ENTRIES,
    *accountability.ENTRIES,
    *notify.ENTRIES,
    *staff.ENTRIES,
    *draws.ENTRIES,
    *class_plans.ENTRIES,
    *audit.ENTRIES,
    fact(envelope.RequestDecided, "intake routing sla notify feedback", "intake routing feedback"),
    CatalogueRow(
        body=envelope.WakeUp,
        kind=Kind.KNOCK,
        topic="tickets",
        producers=("routing", "sla", "feedback"),
        consumers=("routing", "sla", "feedback"),
    ),
)

BY_NAME = {entry.name: entry for entry in ENTRIES}


def consumed_by(service: str, topic: str = "tickets") -> frozenset[type[Body]]:
    """What a service reacts to in a topic: its wiring is held to this table by a test."""
    return frozenset(entry.body for entry in ENTRIES if service in entry.consumers and entry.topic == topic)
