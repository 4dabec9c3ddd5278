"""What was found of what people reported, and that it was explained to them (E13)."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedStep:
    """Codes of the vocabulary: ``finding`` of FINDINGS, ``method`` of CHECK_METHODS, ``also`` of FOUND_LACKING."""

    kind: ClassVar = "verified"
    finding: str
    method: str
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundByUnitStep:
    """The unit at work found it in its own favour: another office has yet to. Fields as in VerifiedStep."""

    kind: ClassVar = "found_by_unit"
    finding: str
    method: str
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedStep:
    """The unit talked to somebody: what was said with it names whom."""

    kind: ClassVar = "explained"
