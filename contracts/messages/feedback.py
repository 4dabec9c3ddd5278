"""What feedback says and what is asked of it: plan, progress, completion, evaluation, rework, striking off.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from datetime import datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import ContactMethod, Evidence, HandlingStandard, Measure, PlanMode, Sealed


class PlanMade(Body):
    """办理方案: one of four modes, with measures and dates. ``quotes_rule`` also where erasure left no words of it.

    ``reviewer``: the unit that reviews it, within ``review_limit`` working days; "": it is in force at once.
    ``class_plan``: the class plan that the matter inherits, approved as that was; "": its unit made it.
    """

    mode: PlanMode
    measures: tuple[Measure, ...]
    rule_quoted: Sealed = ""
    quotes_rule: bool = False
    review_on: datetime | None = None
    version: int = 1
    reviewer: str = Field(default="", exclude_if=not_)
    review_limit: int = Field(default=0, exclude_if=not_)
    class_plan: str = Field(default="", exclude_if=not_)


class PlanReviewed(Body):
    """方案审核: a version of a plan was approved, or is to be drafted anew on grounds of the list.

    ``mode``: of vocabulary.MODES_IN_FORCE. ``by_conference``: a joint conference decided it, without a review; then
    version 0 says that there was no plan. ``until``: what it holds back is taken up again then.
    """

    version: int
    approved: bool
    redrafts: int
    mode: PlanMode = ""
    grounds: tuple[str, ...] = ()
    words: Sealed = ""
    by_conference: bool = Field(default=False, exclude_if=not_)
    until: datetime | None = Field(default=None, exclude_if=not_)


class MeasureReported(Body):
    """措施办理情况: of the ``index``-th measure of a plan's version, from 1."""

    plan: int
    index: int
    done: bool
    words: Sealed = ""
    evidence: tuple[Evidence, ...] = ()


class PlanLapsed(Body):
    """恢复办理: what policy or a joint conference held back is taken up again, and the promise runs on."""

    standard: HandlingStandard


class ReporterContacted(Body):
    """联系反映人: the unit spoke to who reported the matter, or could not reach them."""

    method: ContactMethod
    reached: bool


class ReporterAsked(Body):
    """请补充情况: a question that reporters answer with a supplement, until an instant."""

    until: datetime
    words: Sealed = ""


class ProgressAsked(Body):
    """催办: a lead unit or the supervision office wants to know how far the unit is."""

    words: Sealed = ""


class TicketStuck(Body):
    """久无进展: nothing has moved since then."""

    since: datetime


class ProgressReported(Body):
    """办理进展: what a unit says of its work; reporters read it when it is public."""

    index: int
    text: Sealed
    public: bool = True


class TicketCompleted(Body):
    """办结: the unit says it is done, with evidence; the reporters evaluate now. ``talked_to``: who was told why."""

    round: int
    unit: str
    explanation: Sealed
    evidence: tuple[Evidence, ...]
    voters: int
    talked_to: Sealed = Field(default="", exclude_if=not_)


class EvaluationReminded(Body):
    """A voter was silent: one reminder a round, then a look-back call."""

    round: int
    outstanding: tuple[int, ...]
    look_back: bool = False


class TicketEvaluated(Body):
    """评价: the vote of one voter in one round; ``changed``: it takes the place of the one that was cast before."""

    round: int
    voter: int
    grade: int
    solved: bool
    words: Sealed = ""
    changed: bool = Field(default=False, exclude_if=not_)


class LookBackAttempted(Body):
    """回访未接通: nobody answered on so many days; ``unreached``: nobody calls again, the matter stays open."""

    round: int
    method: ContactMethod
    attempts: int
    unreached: bool


class LookBackRecorded(Body):
    """回访: staff asked the reporter; stands in for the filer's own vote."""

    round: int
    method: str
    grade: int
    solved: bool
    note: Sealed = ""


class ReworkOrdered(Body):
    """重办: the gate stayed shut, or a check failed; a fresh round with its own clock."""

    round: int
    unit: str
    votes: int
    dissatisfied: int
    reason: str
    count: int
    reviewer: str
    standard: HandlingStandard


class TicketStruckOff(Body):
    """销号: the gate opened with the votes of this round."""

    number: str
    round: int
    votes: int
    satisfied: int
    unit: str


class PlanTicket(Body):
    """The unit says how it will handle the matter. ``quotes_rule``: once keys are destroyed no words are kept."""

    mode: PlanMode
    measures: tuple[Measure, ...]
    rule_quoted: Sealed = ""
    quotes_rule: bool = False
    review_on: datetime | None = None


class ReviewPlan(Body):
    """Whoever reviews a version of a plan approves it, or says on which grounds it must be drafted anew."""

    version: int
    approved: bool
    grounds: tuple[str, ...] = ()
    words: Sealed = ""


class ReportMeasure(Body):
    """The unit says how far a measure of its plan is; ``index`` counts from 1."""

    index: int
    done: bool
    words: Sealed = ""
    evidence: tuple[Evidence, ...] = ()


class RecordContact(Body):
    """The unit spoke to the reporter, or could not reach them."""

    method: ContactMethod
    reached: bool


class AskReporter(Body):
    """The unit needs to know more of the reporters, until an instant."""

    words: Sealed
    until: datetime


class ReportProgress(Body):
    """The unit says how far it is."""

    text: Sealed
    public: bool = True


class AskProgress(Body):
    """A lead unit or the supervision office wants to know how far the unit is."""

    words: Sealed


class CompleteTicket(Body):
    """The unit says it is done and shows it. ``says_talked_to``: once keys are destroyed no words of whom are kept."""

    explanation: Sealed
    evidence: tuple[Evidence, ...]
    talked_to: Sealed = Field(default="", exclude_if=not_)
    says_talked_to: bool = Field(default=False, exclude_if=not_)


class EvaluateTicket(Body):
    """A voter evaluates; the API has proved the query code, or whose phone it is. Grades 1 (very dissatisfied) to 5."""

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


class RecordAttempt(Body):
    """Staff asked the filer, and nobody answered."""

    method: ContactMethod


class ReopenTicket(Body):
    """The supervision office reopens a struck-off matter after a failed check."""

    reason: str


ENTRIES = (
    fact(PlanMade, "feedback", "sla notify portal"),
    fact(PlanReviewed, "feedback", "sla notify portal"),
    fact(MeasureReported, "feedback", "sla portal"),
    fact(PlanLapsed, "feedback", "sla notify portal"),
    fact(ReporterContacted, "feedback", "sla portal"),
    fact(ReporterAsked, "feedback", "sla notify portal"),
    fact(ProgressAsked, "feedback", "notify portal"),
    fact(TicketStuck, "feedback", "sla notify portal"),
    fact(ProgressReported, "feedback", "notify portal"),
    fact(TicketCompleted, "feedback", "sla notify portal"),
    fact(EvaluationReminded, "feedback", "notify portal"),
    fact(TicketEvaluated, "feedback", "portal"),
    fact(LookBackAttempted, "feedback", "portal"),
    fact(LookBackRecorded, "feedback", "portal"),
    fact(ReworkOrdered, "feedback", "intake sla notify portal"),
    fact(TicketStruckOff, "feedback", "intake sla notify portal"),
    request(PlanTicket, "feedback", "feedback"),
    request(ReviewPlan, "feedback", "feedback"),
    request(ReportMeasure, "feedback", "feedback"),
    request(RecordContact, "feedback", "feedback"),
    request(AskReporter, "feedback", "feedback"),
    request(ReportProgress, "feedback", "feedback"),
    request(AskProgress, "feedback", "feedback"),
    request(CompleteTicket, "feedback", "feedback"),
    request(EvaluateTicket, "feedback notify", "feedback"),
    request(RecordLookBack, "feedback", "feedback"),
    request(RecordAttempt, "feedback", "feedback"),
    request(ReopenTicket, "feedback", "feedback"),
)
"""Who says each message and who reads it."""
