"""What is sent to feedback over HTTP."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

from runtime.values.fields import Instant, Writable

Words = Annotated[str, Field(max_length=20_000), Writable]
Text = Annotated[Words, Field(min_length=1)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
CheckMethod = Literal[
    "search", "online_interview", "online_evidence", "remote_files", "video", "phone", "on_site", "unannounced"
]
PERSONAL_NUMBER = re.compile(r"\d{7,}")
Numbers = Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=100), Writable]


def _of_no_person(written: str) -> str:
    if PERSONAL_NUMBER.search(written):
        zh = "此处公开显示，不能含电话、身份证等号码，请删去。"
        en = "This is public: remove what looks like the number of a person."
        raise PydanticCustomError("personal_number", en, {"zh": zh})
    return written


class FeedbackBody(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureSent(FeedbackBody):
    """One measure of a plan: what, who, until when."""

    text: Text
    person: Name
    due: Instant


class EvidenceSent(FeedbackBody):
    """佐证材料: a kind of the eight, a URI or the SHA-256 of a document, and the instant it shows."""

    kind: Annotated[str, Field(max_length=40), Writable]
    uri: Annotated[str, Field(max_length=1000), Writable] = ""
    digest: Annotated[str, Field(max_length=64), Writable] = ""
    dated: Instant


class PlanBody(FeedbackBody):
    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: Annotated[tuple[MeasureSent, ...], Field(max_length=50)] = ()
    rule_quoted: Words = ""
    review_on: Instant | None = None


class PlanReviewBody(FeedbackBody):
    """方案审核. ``version``: the one that was read; ``grounds``: codes, where it is not approved."""

    version: Annotated[StrictInt, Field(ge=1)]
    approved: StrictBool
    grounds: Annotated[tuple[Code, ...], Field(max_length=5)] = ()
    words: Words = ""


class MeasureReport(FeedbackBody):
    """措施办理情况. ``index``: of the measure in the plan, from 1."""

    index: Annotated[StrictInt, Field(ge=1, le=50)]
    done: StrictBool
    words: Words = ""
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()


class ClassMeasureSent(FeedbackBody):
    """One measure of a class plan: what, by which post, within how many days of acceptance."""

    text: Annotated[str, Field(min_length=2, max_length=500), Writable, AfterValidator(_of_no_person)]
    post: Annotated[str, Field(min_length=2, max_length=100), Writable, AfterValidator(_of_no_person)]
    days: Annotated[StrictInt, Field(ge=1, le=366)]


class ClassPlanBody(FeedbackBody):
    """报类方案. ``category``: a code or its beginning; no measures: matters shall inherit none any more."""

    category: Annotated[str, Field(pattern=r"^[A-Z]{3}(\.[0-9]{2}){0,3}$")]
    measures: Annotated[tuple[ClassMeasureSent, ...], Field(max_length=50)] = ()


class ClassPlanReviewBody(FeedbackBody):
    """审核类方案. ``version``: the one that was read; ``grounds``: codes, where it is not approved."""

    version: Annotated[StrictInt, Field(ge=1)]
    approved: StrictBool
    grounds: Annotated[tuple[Code, ...], Field(max_length=5)] = ()


class ProgressBody(FeedbackBody):
    """办理进展. ``public``: the reporter reads it."""

    text: Text
    public: StrictBool = True


class ProgressRequest(FeedbackBody):
    """催办: what whoever asks wants to know."""

    text: Text


class ContactBody(FeedbackBody):
    """联系反映人. ``reached`` False: nobody answered."""

    method: Literal["phone", "on_site", "video", "online"]
    reached: StrictBool


class QuestionBody(FeedbackBody):
    """请补充情况. ``until``: the reporters answer with a supplement by then."""

    text: Text
    until: Instant


class FindingBody(FeedbackBody):
    """核实. ``lacks_explanation``: what it mainly lacked was an explanation."""

    finding: Literal["true", "partly", "untrue"]
    method: CheckMethod
    lacks_explanation: StrictBool = False
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()
    words: Text


class AccountabilityBody(FeedbackBody):
    """追责问责. ``order``: the number of the supervision order that it answers; ``persons``: read by few."""

    outcome: Literal["explained", "apologised", "rectified", "criticised", "sanctioned", "referred"]
    order: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,60}$")] = ""
    persons: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    words: Words = ""


class RuleBody(FeedbackBody):
    """建章立制. ``title``: of the document, public."""

    title: Annotated[str, Field(min_length=2, max_length=100), Writable, AfterValidator(_of_no_person)]
    scope: Literal["unit", "line", "county"]
    valid_from: Instant


class Completion(FeedbackBody):
    """办结. ``talked_to``: whom the unit explained it to, where that is what was lacking."""

    explanation: Text
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()
    talked_to: Annotated[str, Field(max_length=200), Writable] = ""


class OfClassPlan(FeedbackBody):
    """Matters of one class plan: its name, as each of them shows it, and their numbers."""

    class_plan: Annotated[str, Field(min_length=1, max_length=100), Writable]
    numbers: Numbers


class BulkCompletion(Completion, OfClassPlan):
    """批量办结, with one explanation and one evidence."""


class BulkMeasure(MeasureReport, OfClassPlan):
    """批量报告措施: how far one measure of all of them is, with one evidence."""


class ReviewBody(FeedbackBody):
    """验收. ``level``: counted from 1, as the list of reviews shows it; ``grounds``: codes, where it is not passed."""

    round: Annotated[StrictInt, Field(ge=1)]
    level: Annotated[StrictInt, Field(ge=1, le=20)]
    passed: StrictBool
    grounds: Annotated[tuple[Code, ...], Field(max_length=5)] = ()
    words: Words = ""


class BulkReview(FeedbackBody):
    """批量验收, of the level at which each matter waits for the caller; ``grounds``: codes, where it is not passed."""

    numbers: Numbers
    passed: StrictBool = True
    grounds: Annotated[tuple[Code, ...], Field(max_length=5)] = ()


class Evaluation(FeedbackBody):
    """评价: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    grade: Annotated[StrictInt, Field(ge=1, le=5)]
    solved: StrictBool
    words: Words = ""


class LookBack(Evaluation):
    """回访: what the filer answered. ``words`` is staff's note."""

    method: Literal["phone", "on_site", "video", "online"]


class AttemptBody(FeedbackBody):
    """回访未接通: how the filer was asked, and nobody answered."""

    method: Literal["phone", "on_site", "video", "online"]


class Reopening(FeedbackBody):
    """复号 after a failed check."""

    reason: Literal["spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction"]


class DrawWanted(FeedbackBody):
    """预告抽查: what is struck off in ``begins`` … ``ends`` of a division. ``outside``: a public source of chance."""

    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})$")]
    begins: Instant
    ends: Instant
    permille: Annotated[StrictInt, Field(ge=1, le=999)] = 150
    percent: Annotated[StrictInt, Field(ge=1, le=99)] = 95
    outside: Annotated[str, Field(max_length=200), Writable] = ""


class OutsideValue(FeedbackBody):
    """What the named source gave, as it was published."""

    value: Annotated[str, Field(min_length=1, max_length=200), Writable]


class CheckWanted(FeedbackBody):
    """A check by hand. ``remote``: it may be done from afar."""

    due: Instant
    remote: StrictBool = False


class CheckFound(FeedbackBody):
    """检查结果. ``draw``: which check it is, as the list of open checks says it."""

    draw: Annotated[str, Field(pattern=r"^(draw|hand)/[0-9a-f]{16}$")]
    method: CheckMethod
    passed: StrictBool
    ground: Literal["", "spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction"] = ""
    others_asked: Annotated[StrictInt, Field(ge=0, le=1000)] = 0
    correct_by: Instant | None = None
    evidence: Annotated[tuple[EvidenceSent, ...], Field(max_length=50)] = ()
    words: Words = ""
