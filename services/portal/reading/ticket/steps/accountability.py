"""What came of it for whoever was responsible, and for all that follow (E12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldToAccountStep:
    """``outcome``: a code of vocabulary.ACCOUNTABILITY."""

    kind: ClassVar = "held_to_account"
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMadeStep:
    """``scope``: a code of vocabulary.RULE_SCOPES. The title is last: it may hold any character."""

    kind: ClassVar = "rule_made"
    scope: str
    valid_from: datetime
    title: str
