"""What somebody wants, imperative. Free text is ``Sealed`` by the API that puts the request into the log."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from contracts.envelope import Body
from contracts.facts import Evidence, Measure, Sealed


class AssignTicket(Body):
    """A lead unit hands the matter to a unit; while disputed, the supervision office decides with it, bindingly.

    ``gives_reason``: once keys are destroyed no words are kept.
    """

    unit: str
    category: str = ""
    reason: Sealed = ""
    gives_reason: bool = False


class AcceptTicket(Body):
    """The responsible unit takes the matter under a standard of the catalogue."""

    standard: str


class ReturnTicket(Body):
    """The responsible unit gives it back with a ground from the list."""

    ground: str
    explanation: Sealed


class PlanTicket(Body):
    """The unit says how it will handle the matter. ``quotes_rule``: once keys are destroyed no words are kept."""

    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: tuple[Measure, ...]
    rule_quoted: Sealed = ""
    quotes_rule: bool = False
    review_on: datetime | None = None


class ReportProgress(Body):
    """The unit says how far it is."""

    text: Sealed
    public: bool = True


class CompleteTicket(Body):
    """The unit says it is done and shows it."""

    explanation: Sealed
    evidence: tuple[Evidence, ...]


class EvaluateTicket(Body):
    """A voter evaluates; the API has proved the query code. Grades 1 (very dissatisfied) to 5 (very satisfied)."""

    voter: int
    grade: int
    solved: bool
    words: Sealed = ""


class RecordLookBack(Body):
    """Staff record what the filer answered when asked."""

    method: str
    grade: int
    solved: bool
    note: Sealed = ""


class ReopenTicket(Body):
    """The supervision office reopens a struck-off matter after a failed check."""

    reason: str


class SupplementTicket(Body):
    """A reporter adds facts; ``sealed``: the text, sealed to the public half of ``day_key`` like a submission."""

    voter: int
    day_key: str
    sealed: Sealed


class WithdrawTicket(Body):
    """The filer takes the matter back; whoever holds the baton decides."""

    voter: int


class EraseIdentity(Body):
    """The filer wants the identity destroyed."""

    voter: int


class DeliveryReport(Body):
    """What became of one delivery. ``unknown``: nobody can say; ``undeliverable``: no address to send to.

    ``resend``: it was not taken, for sure or as a person found out, and goes again under the same reference.
    ``attempt``: how often it had been decided to send it again.
    """

    reference: str
    channel: str
    outcome: Literal["sent", "failed", "unknown", "undeliverable", "resend"]
    attempt: int = 0


class ReportDelivery(Body):
    """Providers' receipts, as a message: all that came for a ticket in one go."""

    reports: tuple[DeliveryReport, ...] = Field(min_length=1, max_length=200)
