"""Every message, as data: what it is, who says it, who listens. Documents, the flow diagram and tests read this table.

Each has a golden example in ``contracts/examples/messages/<Type>.json`` that decodes for ever.
"""

from dataclasses import dataclass

from contracts import envelope, facts, requests
from contracts.envelope import Body, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message type. For a request, ``producers`` are the APIs that may put it, ``consumers`` who may decide it."""

    body: type[Body]
    kind: Kind
    topic: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The message type on the wire."""
        return self.body.__name__


def _fact(body: type[Body], producers: str, consumers: str, topic: str = "tickets") -> Entry:
    return Entry(
        body=body, kind=Kind.FACT, topic=topic, producers=tuple(producers.split()), consumers=tuple(consumers.split())
    )


def _request(body: type[Body], api: str, holders: str) -> Entry:
    return Entry(
        body=body,
        kind=Kind.REQUEST,
        topic="tickets",
        producers=tuple(api.split()),
        consumers=tuple(holders.split()),
    )


ENTRIES: tuple[Entry, ...] = (
    _fact(facts.SubmissionReceived, "intake", "intake", "submissions"),
    _fact(facts.TicketRegistered, "intake", "routing notify portal"),
    _fact(facts.TicketScreenedOut, "intake", "notify portal"),
    _fact(facts.SubmissionConflicted, "intake", "portal"),
    _fact(facts.TicketSupplemented, "intake", "portal"),
    _fact(facts.TicketWithdrawn, "intake routing feedback", "intake sla notify portal"),
    _fact(facts.TicketErased, "intake", "routing feedback notify portal"),
    _fact(facts.AssignmentQueued, "routing", "sla notify portal"),
    _fact(facts.TicketAssigned, "routing", "sla notify portal"),
    _fact(facts.TicketReturned, "routing", "sla notify portal"),
    _fact(facts.TicketAccepted, "routing", "sla notify feedback portal"),
    _fact(facts.DeadlineSet, "sla", "portal"),
    _fact(facts.DeadlineMoved, "sla", "notify"),
    _fact(facts.ClockStopped, "sla", "notify portal"),
    _fact(facts.LightChanged, "sla", "notify portal"),
    _fact(facts.LightWithdrawn, "sla", "notify portal"),
    _fact(facts.SupervisionOrdered, "sla", "notify portal"),
    _fact(facts.OrderWithdrawn, "sla", "notify portal"),
    _fact(facts.PlanMade, "feedback", "portal"),
    _fact(facts.ProgressReported, "feedback", "notify portal"),
    _fact(facts.TicketCompleted, "feedback", "sla notify portal"),
    _fact(facts.EvaluationReminded, "feedback", "notify portal"),
    _fact(facts.TicketEvaluated, "feedback", "portal"),
    _fact(facts.LookBackRecorded, "feedback", "portal"),
    _fact(facts.ReworkOrdered, "feedback", "intake sla notify portal"),
    _fact(facts.TicketStruckOff, "feedback", "intake sla notify portal"),
    _fact(facts.PersonNotified, "notify", "portal"),
    _fact(facts.DeliveryUnknown, "notify", "portal"),
    _fact(envelope.RequestDecided, "intake routing sla notify feedback", "intake routing feedback"),
    Entry(
        body=envelope.WakeUp,
        kind=Kind.KNOCK,
        topic="tickets",
        producers=("sla", "feedback"),
        consumers=("sla", "feedback"),
    ),
    _request(requests.SupplementTicket, "intake", "intake"),
    _request(requests.WithdrawTicket, "intake", "intake routing feedback"),
    _request(requests.EraseIdentity, "intake", "intake"),
    _request(requests.AssignTicket, "routing", "routing"),
    _request(requests.AcceptTicket, "routing", "routing"),
    _request(requests.ReturnTicket, "routing", "routing"),
    _request(requests.PlanTicket, "feedback", "feedback"),
    _request(requests.ReportProgress, "feedback", "feedback"),
    _request(requests.CompleteTicket, "feedback", "feedback"),
    _request(requests.EvaluateTicket, "feedback", "feedback"),
    _request(requests.RecordLookBack, "feedback", "feedback"),
    _request(requests.ReopenTicket, "feedback", "feedback"),
    _request(requests.ReportDelivery, "notify", "notify"),
    _fact(facts.UnitPublished, "routing", "routing sla", "configuration"),
    _fact(facts.StandardPublished, "sla", "routing sla", "configuration"),
    _fact(facts.CalendarPublished, "sla", "sla notify", "configuration"),
    _fact(facts.DayKeyPublished, "intake", "intake", "configuration"),
)

BY_NAME = {entry.name: entry for entry in ENTRIES}


def consumed_by(service: str, topic: str = "tickets") -> frozenset[type[Body]]:
    """What a service reacts to in a topic: its wiring is held to this table by a test."""
    return frozenset(entry.body for entry in ENTRIES if service in entry.consumers and entry.topic == topic)
