"""What intake says and what is asked of it: submissions, registration, supplements, withdrawal, erasure.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Sealed, Voter


class SubmissionReceived(Body):
    """A submission came through a door. The only message of ``submissions``; sealed to the day key.

    ``body_form``: version of the canonical form of which ``body_digest`` is; ``former_digest`` is of the one before.
    """

    number: str
    channel: str
    door: str
    principal: str
    body_digest: str
    body_form: int
    day_key: str
    sealed: str
    on_behalf: bool = False
    former_digest: str = ""


class TicketRegistered(Body):
    """登记: screening passed; routing holds the baton now. ``words`` = sealed JSON {title, content, category, …}.

    ``urgent``: clocks run in minutes. ``urgency``: the class of what is urgent (fire, gas, missing …).
    ``urgency_level``: "now", or "perhaps" (a person's word is awaited); "" of older messages, as "now".
    ``urgency_words``: what it rests on, words of the tables and never one that is only the reporter's. ``supplements``:
    what was added before the matter was valid, oldest first. ``hide`` = sealed JSON list of what the reporters gave of
    themselves: whoever shows the words to staff opens it to hide that in them, and for nothing else.
    """

    number: str
    channel: str
    door: str
    division_given: str = ""
    on_behalf: bool = False
    words: Sealed
    voters: tuple[Voter, ...]
    urgent: bool = False
    urgency: str = ""
    traceable: bool = True
    scope_version: str = ""
    supplements: tuple[Sealed, ...] = ()
    hide: Sealed = ""
    urgency_level: str = ""
    urgency_words: tuple[str, ...] = ()


class TicketScreenedOut(Body):
    """甄别: screened out by a written rule; the reporter can add to it. ``round``: of how many rules so far.

    ``hide``: as in ``TicketRegistered``.
    """

    number: str
    channel: str
    door: str
    rule: str
    reason_zh: str
    reason_en: str
    redirected_to: str = ""
    words: Sealed
    voters: tuple[Voter, ...]
    traceable: bool = True
    round: int = 1
    hide: Sealed = ""


class SubmissionConflicted(Body):
    """The same key came with another body: kept word for word as a supplement, and a work item.

    ``contact``: how to reach whoever sent it, sealed under the ticket's contact key; ``hide``: what they gave of
    themselves, as in ``TicketRegistered``.
    """

    first_digest: str
    second_digest: str
    words: Sealed
    voter: Voter
    contact: Sealed = ""
    hide: Sealed = ""


class TicketSupplemented(Body):
    """补充: a reporter added words to the matter.

    ``hide``: what those who reported it gave of themselves, as in ``TicketRegistered``, with a list for each body that
    came until then. Messages of earlier builds have none: what they add is not searched.
    """

    voter: int
    index: int
    words: Sealed
    hide: tuple[Sealed, ...] = ()


class DangerAdded(Body):
    """What a reporter added to a registered matter is urgent; ``index``: of the supplement."""

    index: int
    urgency: str
    urgency_level: str
    urgency_words: tuple[str, ...] = ()


class TicketWithdrawn(Body):
    """撤回: the reporter took the matter back; decided by whoever held the baton."""

    voter: int
    state: str


class SeatConfirmed(Body):
    """确认席位: whoever was named as a co-reporter says so, too; from now on the seat counts and is told."""

    voter: int


class TicketErased(Body):
    """The keys are destroyed: every projection scrubs its clear copies and indexes."""


class DayKeyPublished(Body):
    """The public half of a day key (X25519, base64); doors seal submissions to it."""

    key: str
    day: str
    public: str


class SupplementTicket(Body):
    """A reporter adds facts; ``sealed``: the text, sealed to the public half of ``day_key`` like a submission."""

    voter: int
    day_key: str
    sealed: Sealed


class WithdrawTicket(Body):
    """The filer takes the matter back; whoever holds the baton decides."""

    voter: int


class ConfirmSeat(Body):
    """A co-reporter confirms the seat; the API has proved the query code. Whoever holds the baton decides."""

    voter: int


class EraseIdentity(Body):
    """The filer wants the identity destroyed."""

    voter: int


ENTRIES = (
    fact(SubmissionReceived, "intake", "intake", "submissions"),
    fact(TicketRegistered, "intake", "routing notify portal"),
    fact(TicketScreenedOut, "intake", "notify portal"),
    fact(SubmissionConflicted, "intake", "notify portal"),
    fact(TicketSupplemented, "intake", "sla feedback portal"),
    fact(DangerAdded, "intake", "routing"),
    fact(TicketWithdrawn, "intake routing feedback", "intake sla notify portal"),
    fact(SeatConfirmed, "intake routing feedback", "sla notify portal"),
    fact(TicketErased, "intake", "routing feedback notify portal"),
    request(SupplementTicket, "intake", "intake"),
    request(WithdrawTicket, "intake", "intake routing feedback"),
    request(ConfirmSeat, "intake", "intake routing feedback"),
    request(EraseIdentity, "intake", "intake"),
    fact(DayKeyPublished, "intake", "intake", "configuration"),
)
"""Who says each message and who reads it."""
