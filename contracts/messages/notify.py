"""What notify says and what is asked of it: who was told, and how deliveries ended.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Audience, DeliveryOutcome


class PersonNotified(Body):
    """A person was told. ``person`` is a voter's or staff slot's index, never a person."""

    audience: Audience
    person: int
    kind: str
    round: int
    channel: str
    outcome: DeliveryOutcome
    reference: str


class DeliveryUnknown(Body):
    """Nobody knows whether the message arrived: a person looks; it is never sent again blindly."""

    audience: Audience
    person: int
    kind: str
    round: int
    channel: str
    reference: str


class DeliveryReport(Body):
    """What became of one delivery. ``unknown``: nobody can say; ``undeliverable``: no address to send to.

    ``resend``: it was not taken, for sure or as a person found out, and goes again under the same reference.
    ``attempt``: how often it had been decided to send it again.
    """

    reference: str
    channel: str
    outcome: DeliveryOutcome
    attempt: int = 0


class ReportDelivery(Body):
    """Providers' receipts, as a message: all that came for a ticket in one go."""

    reports: tuple[DeliveryReport, ...] = Field(min_length=1, max_length=200)


ENTRIES = (
    fact(PersonNotified, "notify", "portal"),
    fact(DeliveryUnknown, "notify", "portal"),
    request(ReportDelivery, "notify", "notify"),
)
"""Who says each message and who reads it."""
