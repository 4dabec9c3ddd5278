"""A matter is put to a joint conference, which decides (C7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredStep:
    """``ground``: a code of vocabulary.REFERRED."""

    kind: ClassVar = "referred"
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceDecidedStep:
    """``held_on``: an ISO date. ``decision``: a code of vocabulary.CONFERENCE_DECISIONS."""

    kind: ClassVar = "conference_decided"
    conference: str
    held_on: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceHeldStep:
    """The conference holds the matter back ``until`` then. ``held_on``: an ISO date."""

    kind: ClassVar = "conference_held"
    conference: str
    held_on: str
    until: datetime
