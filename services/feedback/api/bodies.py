"""What is sent to feedback over HTTP."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Sent(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureSent(Sent):
    """One measure of a plan: what, who, until when."""

    text: Text
    person: Name
    due: AwareDatetime


class Plan(Sent):
    """办理方案."""

    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: Annotated[tuple[MeasureSent, ...], Field(max_length=50)] = ()
    rule_quoted: Annotated[str, Field(max_length=20_000)] = ""
    review_on: AwareDatetime | None = None


class Progress(Sent):
    """办理进展. ``public``: the reporter reads it."""

    text: Text
    public: bool = True


class EvidenceSent(Sent):
    """佐证材料: a kind of the eight, a URI or the SHA-256 of a document, and the instant it shows."""

    kind: Annotated[str, Field(max_length=40)]
    uri: Annotated[str, Field(max_length=1000)] = ""
    digest: Annotated[str, Field(max_length=64)] = ""
    dated: AwareDatetime


class Completion(Sent):
    """办结说明."""

    explanation: Text
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()


class Evaluation(Sent):
    """评价: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    grade: Annotated[int, Field(ge=1, le=5)]
    solved: bool
    words: Annotated[str, Field(max_length=20_000)] = ""


class LookBack(Evaluation):
    """回访: what the filer answered. ``words`` is staff's note."""

    method: Literal["phone", "on_site", "video", "online"]


class Reopening(Sent):
    """复号 after a failed check."""

    reason: Literal["spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction"]
