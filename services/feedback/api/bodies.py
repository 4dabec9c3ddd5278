"""What is sent to feedback over HTTP."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _writable(text: str) -> str:
    """NUL and lone surrogates cannot be stored everywhere."""
    if any(unicodedata.category(character) == "Cs" or character == "\0" for character in text):
        zh = "含有无法保存的字符（如空字符），请删去。"
        raise PydanticCustomError("bad_character", "Holds a character that cannot be stored: remove it.", {"zh": zh})
    return text


Words = Annotated[str, AfterValidator(_writable), Field(max_length=20_000)]
Text = Annotated[Words, Field(min_length=1)]
Name = Annotated[str, AfterValidator(_writable), Field(min_length=1, max_length=100)]


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
    rule_quoted: Words = ""
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
    words: Words = ""


class LookBack(Evaluation):
    """回访: what the filer answered. ``words`` is staff's note."""

    method: Literal["phone", "on_site", "video", "online"]


class Reopening(Sent):
    """复号 after a failed check."""

    reason: Literal["spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction"]
