"""What is sent to feedback over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from runtime.values.fields import Instant, Writable

Words = Annotated[str, Field(max_length=20_000), Writable]
Text = Annotated[Words, Field(min_length=1)]
Name = Annotated[str, Field(min_length=1, max_length=100), Writable]


class FeedbackBody(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureSent(FeedbackBody):
    """One measure of a plan: what, who, until when."""

    text: Text
    person: Name
    due: Instant


class PlanBody(FeedbackBody):
    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: Annotated[tuple[MeasureSent, ...], Field(max_length=50)] = ()
    rule_quoted: Words = ""
    review_on: Instant | None = None


class ProgressBody(FeedbackBody):
    """办理进展. ``public``: the reporter reads it."""

    text: Text
    public: StrictBool = True


class ContactBody(FeedbackBody):
    """联系反映人. ``reached`` False: nobody answered."""

    method: Literal["phone", "on_site", "video", "online"]
    reached: StrictBool


class QuestionBody(FeedbackBody):
    """请补充情况. ``until``: the reporters answer with a supplement by then."""

    text: Text
    until: Instant


class EvidenceSent(FeedbackBody):
    """佐证材料: a kind of the eight, a URI or the SHA-256 of a document, and the instant it shows."""

    kind: Annotated[str, Field(max_length=40), Writable]
    uri: Annotated[str, Field(max_length=1000), Writable] = ""
    digest: Annotated[str, Field(max_length=64), Writable] = ""
    dated: Instant


class Completion(FeedbackBody):
    explanation: Text
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()


class Evaluation(FeedbackBody):
    """评价: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    grade: Annotated[StrictInt, Field(ge=1, le=5)]
    solved: StrictBool
    words: Words = ""


class LookBack(Evaluation):
    """回访: what the filer answered. ``words`` is staff's note."""

    method: Literal["phone", "on_site", "video", "online"]


class Reopening(FeedbackBody):
    """复号 after a failed check."""

    reason: Literal["spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction"]
