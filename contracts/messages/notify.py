"""What notify says and what is asked of it: who was told, and how deliveries ended.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from datetime import datetime

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Audience, DeliveryOutcome


class PersonNotified(Body):
    """A person was told: as builds said it that knew no letters. ``person``: a voter's or staff slot's index."""

    audience: Audience
    person: int
    kind: str
    round: int
    channel: str
    outcome: DeliveryOutcome
    reference: str


class PersonTold(Body):
    """What became of one delivery to a reporter, as ``PeopleNotified`` says it.

    ``letter``: the one that it went in, "" where the fact names it for all.
    """

    audience: Audience
    person: int
    kind: str
    round: int
    channel: str
    outcome: DeliveryOutcome
    reference: str
    letter: str = ""


class PeopleNotified(Body):
    """What became of a ticket's deliveries to reporters, by one report. ``letter``: "" where they went in several.

    Of deliveries to staff the document and the decision of the report know.
    """

    told: tuple[PersonTold, ...] = Field(min_length=1, max_length=200)
    letter: str = ""


class DeliveryUnknown(Body):
    """Nobody knows whether the message arrived: a person looks; it is never sent again blindly.

    ``letter``: the one that it went in; "" as builds said it that knew no letters.
    """

    audience: Audience
    person: int
    kind: str
    round: int
    channel: str
    reference: str
    letter: str = ""


class DeliveryReport(Body):
    """What became of one delivery. ``delivered``: as its provider says later.

    ``unknown``: nobody can say; ``undeliverable``: no address to send to.

    ``resend``: it was not taken, for sure or as a person found out, and goes again under the same reference.
    ``attempt``: how often it had been decided to send it again. ``letter``: the one that it went in, alone or with
    others; "" only in reports of a build that knew no letters.
    """

    reference: str
    channel: str
    outcome: DeliveryOutcome
    attempt: int = 0
    letter: str = ""


class ReportDelivery(Body):
    """Providers' receipts, as a message: all that came for a ticket in one go."""

    reports: tuple[DeliveryReport, ...] = Field(min_length=1, max_length=200)


class SubscriptionPublished(Body):
    """推送订阅: where a system wants which events, as its owner says; ``SubscriptionStatePublished``: how sending goes.

    ``owner``: the account of the system; ``secrets``: wrapped, the one in use first. Empty lists mean any.
    ``channel``: its entry of the register.
    """

    id: str
    version: int
    owner: str
    url: str
    division: str
    units: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    created: datetime
    expires: datetime | None = None
    channel: str = ""


class SubscriptionStatePublished(Body):
    """What sending to a subscription found: active, resting, disabled, gone. ``since``: from when on."""

    id: str
    version: int
    state: str
    since: datetime
    why: str = ""
    cut: datetime | None = None


class ChannelRegistered(Body):
    """渠道登记: a door, group, app, account, key or subscriber of the platform, who answers for it and until when (D7).

    ``term``: temporary or standing; ``expires``: None until a second person confirmed it; ``wish`` waits for one:
    registration, renewal or end, ``wished_by`` whom, as if it were valid until ``wished_until``.
    """

    id: str
    kind: str
    name: str
    owner: str
    purpose: str
    term: str
    division: str
    registered: datetime
    expires: datetime | None = None
    ended: datetime | None = None
    wish: str = ""
    wished_by: str = ""
    wished_until: datetime | None = None


class SetPreferences(Body):
    """How a reporter wants to hear, whole: it replaces what was asked for before.

    ``voter``: an index, never an address. ``channel``: "" as the contact says, "page" by no message. ``muted``: kinds
    that are not told.
    """

    voter: int
    channel: str = ""
    muted: tuple[str, ...] = ()


class ExplainReply(Body):
    """A reply by SMS was not understood, or answers one of several: its writer hears, once a round, how one evaluates.

    ``voter``: an index, never a phone; ``round``: the one that was asked about.
    """

    voter: int
    round: int


ENTRIES = (
    fact(PersonNotified, "notify", "portal"),
    fact(PeopleNotified, "notify", "portal"),
    fact(DeliveryUnknown, "notify", "portal"),
    request(ReportDelivery, "notify", "notify"),
    fact(SubscriptionPublished, "notify", "notify", "configuration"),
    fact(ChannelRegistered, "notify", "notify", "configuration"),
    fact(SubscriptionStatePublished, "notify", "notify", "configuration"),
    request(SetPreferences, "notify", "notify"),
    request(ExplainReply, "notify", "notify"),
)
"""Who says each message and who reads it."""
