"""The published language: CloudEvents with public facts only. Fields are added, never renamed or removed.

Never here: names, numbers of people, phones, addresses, free text, exact places, staff. Enumerations are open.
"""

from collections.abc import Mapping
from datetime import date, datetime

from contracts.envelope import Body
from contracts.messages import feedback, intake, reviews, routing, schemes, sla
from contracts.public import Public, PublicData


class Registered(Public):
    """A matter was registered and has its number."""

    channel: str
    urgent: bool
    collective: bool


class ScreenedOut(Public):
    """A submission was found invalid or out of scope by a written rule."""

    rule: str


class Assigned(Public):
    """A matter is with a unit."""

    unit: str
    level: str
    category: str
    taxonomy_version: str
    hop: int


class Returned(Public):
    """A unit gave it back."""

    unit: str
    ground: str
    count: int
    disputed: bool


class Accepted(Public):
    """A unit took it under a standard."""

    unit: str
    category: str
    standard: str


class DeadlineSet(Public):
    """A clock was started for a unit or a desk."""

    clock: str
    kind: str
    unit: str
    due: datetime
    provisional: bool


class LightChanged(Public):
    """A clock turned a colour."""

    clock: str
    unit: str
    old: str
    new: str


class LightWithdrawn(Public):
    """A light that had been announced was false and is taken back."""

    clock: str
    unit: str
    old: str
    new: str


class SupervisionOrdered(Public):
    """The supervision office ordered the unit."""

    order: str
    unit: str
    level: int


class OrderWithdrawn(Public):
    """The order rested on a false light."""

    order: str
    unit: str


class CompletionSubmitted(Public):
    """The unit says it is done, and levels of review look at it before its reporters are asked."""

    unit: str
    round: int


class ReviewPassed(Public):
    """A level of the review passed it; ``next``: the one whose turn it is, 0: none."""

    round: int
    level: int
    next: int


class ReviewRejected(Public):
    """A level of the review sent it back to where the work came from. ``count``: how often this happened to it."""

    round: int
    level: int
    count: int


class Completed(Public):
    """The unit says it is done."""

    unit: str
    round: int


class Evaluated(Public):
    """A reporter gave a grade and said whether it is solved."""

    round: int
    grade: int
    solved: bool


class ReworkOrdered(Public):
    """The reporters are not satisfied, or a check failed: the work is done again."""

    unit: str
    round: int
    count: int


class StruckOff(Public):
    """The people are satisfied: it is struck off."""

    unit: str
    rounds: int
    votes: int
    satisfied: int


class Withdrawn(Public):
    """The reporter took it back."""


class Queued(Public):
    """No unambiguous unit: a lead unit decides, or where there is none the supervision office."""

    reason: str
    category: str
    lead_unit: str


class ClockStopped(Public):
    """A clock stopped. ``held``: seconds for which it ran."""

    clock: str
    unit: str
    met: bool
    held: int
    reason: str


class PlanMade(Public):
    """A plan was made: which of the modes, and how many measures it has."""

    mode: str
    version: int
    measures: int


class MeasureLightChanged(Public):
    """Measures of a plan that are not done reached a colour, each by its own date."""

    plan: int
    unit: str
    indices: tuple[int, ...]
    new: str


class ProgressReported(Public):
    """The unit reported progress to the public: that it did, not what it said."""

    index: int


class LookBackRecorded(Public):
    """Staff asked a silent reporter; the answer stands in for an evaluation."""

    round: int
    method: str
    grade: int
    solved: bool


class Erased(Public):
    """The reporter's identity was destroyed: copies of what the matter said are to go too."""


class Reconciled(PublicData):
    """What the feed said of one county's matters on one day: compare it with what you have (对账).

    ``day``: of China, by ``ce_time``; the subject is the county. ``counts``: by type, each id once. ``first``,
    ``last``: ids, by time and then id. Of several for a day the last one holds: an event that came late adds to it.
    """

    day: date
    division: str
    counts: Mapping[str, int]
    first: str
    last: str


TICKET_EVENTS: dict[str, type[Public]] = {
    "duban.ticket.registered.v1": Registered,
    "duban.ticket.screened-out.v1": ScreenedOut,
    "duban.ticket.assigned.v1": Assigned,
    "duban.ticket.returned.v1": Returned,
    "duban.ticket.accepted.v1": Accepted,
    "duban.ticket.deadline-set.v1": DeadlineSet,
    "duban.ticket.light-changed.v1": LightChanged,
    "duban.ticket.light-withdrawn.v1": LightWithdrawn,
    "duban.ticket.supervision-ordered.v1": SupervisionOrdered,
    "duban.ticket.order-withdrawn.v1": OrderWithdrawn,
    "duban.ticket.completion-submitted.v1": CompletionSubmitted,
    "duban.ticket.review-passed.v1": ReviewPassed,
    "duban.ticket.review-rejected.v1": ReviewRejected,
    "duban.ticket.completed.v1": Completed,
    "duban.ticket.evaluated.v1": Evaluated,
    "duban.ticket.rework-ordered.v1": ReworkOrdered,
    "duban.ticket.struck-off.v1": StruckOff,
    "duban.ticket.withdrawn.v1": Withdrawn,
    "duban.ticket.queued.v1": Queued,
    "duban.ticket.clock-stopped.v1": ClockStopped,
    "duban.ticket.plan-made.v1": PlanMade,
    "duban.ticket.measure-light-changed.v1": MeasureLightChanged,
    "duban.ticket.progress-reported.v1": ProgressReported,
    "duban.ticket.look-back-recorded.v1": LookBackRecorded,
    "duban.ticket.erased.v1": Erased,
}

RECONCILED = "duban.county.reconciled.v1"
EVENTS: dict[str, type[PublicData]] = {**TICKET_EVENTS, RECONCILED: Reconciled}
"""Type → the data of every event that stands on the feed."""

MADE_OF: dict[str, type[Body]] = {
    "duban.ticket.registered.v1": intake.TicketRegistered,
    "duban.ticket.screened-out.v1": intake.TicketScreenedOut,
    "duban.ticket.queued.v1": routing.AssignmentQueued,
    "duban.ticket.assigned.v1": routing.TicketAssigned,
    "duban.ticket.returned.v1": routing.TicketReturned,
    "duban.ticket.accepted.v1": routing.TicketAccepted,
    "duban.ticket.deadline-set.v1": sla.DeadlineSet,
    "duban.ticket.clock-stopped.v1": sla.ClockStopped,
    "duban.ticket.light-changed.v1": sla.LightChanged,
    "duban.ticket.light-withdrawn.v1": sla.LightWithdrawn,
    "duban.ticket.supervision-ordered.v1": sla.SupervisionOrdered,
    "duban.ticket.order-withdrawn.v1": sla.OrderWithdrawn,
    "duban.ticket.plan-made.v1": feedback.PlanMade,
    "duban.ticket.measure-light-changed.v1": schemes.MeasureLightChanged,
    "duban.ticket.progress-reported.v1": feedback.ProgressReported,
    "duban.ticket.completion-submitted.v1": reviews.CompletionSubmitted,
    "duban.ticket.review-passed.v1": reviews.ReviewPassed,
    "duban.ticket.review-rejected.v1": reviews.ReviewRejected,
    "duban.ticket.completed.v1": feedback.TicketCompleted,
    "duban.ticket.evaluated.v1": feedback.TicketEvaluated,
    "duban.ticket.look-back-recorded.v1": feedback.LookBackRecorded,
    "duban.ticket.rework-ordered.v1": feedback.ReworkOrdered,
    "duban.ticket.struck-off.v1": feedback.TicketStruckOff,
    "duban.ticket.withdrawn.v1": intake.TicketWithdrawn,
    "duban.ticket.erased.v1": intake.TicketErased,
}
"""Event → the fact it is made of. An event's fields are the allow-list: what it does not declare is never public."""
