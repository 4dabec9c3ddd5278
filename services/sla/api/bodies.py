"""What is sent to sla over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from runtime.values.fields import Instant, Writable

Office = Annotated[str, Field(pattern=r"^[0-9A-Z-]{2,40}$")]
Words = Annotated[str, Field(max_length=20_000), Writable]


class SlaBody(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentSent(SlaBody):
    """证明材料: a kind of evidence, a URI or the SHA-256 of a document, and the instant it shows."""

    kind: Annotated[str, Field(max_length=40), Writable]
    uri: Annotated[str, Field(max_length=1000), Writable] = ""
    digest: Annotated[str, Field(max_length=64), Writable] = ""
    dated: Instant


class MoreTimeSent(SlaBody):
    """申请中止或延长: a pause until ``until``, or an extension by ``amount`` of the limit's own unit."""

    how: Literal["pause", "extension"]
    ground: Annotated[str, Field(max_length=40), Writable]
    amount: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    until: Instant | None = None
    evidence: Annotated[tuple[DocumentSent, ...], Field(max_length=20)] = ()
    words: Words = ""


class MoreTimeDecision(SlaBody):
    """批复. ``words``: why, for the unit and the reporters."""

    approved: StrictBool
    words: Words = ""


class OrderAnswerSent(SlaBody):
    """答复督办: one item, with evidence."""

    index: Annotated[StrictInt, Field(ge=1, le=100)]
    evidence: Annotated[tuple[DocumentSent, ...], Field(max_length=20)] = ()
    words: Words = ""


class OrderDecisionSent(SlaBody):
    """销督, or back with the next date: ``answer_by``, or the usual one."""

    lifted: StrictBool
    answer_by: Instant | None = None
    words: Words = ""


class CheckSent(SlaBody):
    """One of the checks (五查), and by when it must be answered."""

    check: Annotated[str, Field(max_length=40), Writable]
    answer_by: Instant


class OrderByHand(SlaBody):
    """立即督办: what to check, each item by its own date."""

    items: Annotated[tuple[CheckSent, ...], Field(min_length=1, max_length=10)]


class ReferralSent(SlaBody):
    """提交联席会议: on which ground, and what the conference should know."""

    ground: Annotated[str, Field(max_length=40), Writable]
    words: Words = ""


class ConferenceSent(SlaBody):
    """联席会议: its name or number, when it was held, the offices that sat, its decision and minutes.

    ``amount``: of a decision for more time, in the limit's own unit; ``until``: of one that holds the matter back.
    """

    conference: Annotated[str, Field(min_length=1, max_length=40), Writable]
    held_on: Instant
    roster: Annotated[tuple[Office, ...], Field(min_length=1, max_length=30)]
    decision: Annotated[str, Field(max_length=40), Writable]
    amount: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    minutes: Words = ""
    until: Instant | None = None


class ApplicationSent(SlaBody):
    """适用办理标准: the version that running clocks go by, in the caller's own division, or one below it."""

    version: Annotated[StrictInt, Field(ge=1, le=100_000)]
    division: Annotated[str, Field(pattern=r"^([0-9]{2,12})?$")] = ""
