"""The ticket document: everything that was said about one matter, folded for reading."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.portal.domain.masking import mask

HISTORY_STEPS = 48  # steps kept for the story; a demonstration ticket with two reworks has about 30
WORDS_SHOWN = 600  # characters of a free text kept for lists and pages; the ledger keeps all of it


class State(StrEnum):
    """Where a ticket stands; the names are the lifecycle's."""

    INVALID = "invalid"
    REGISTERED = "registered"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    IN_HAND = "in_hand"
    AWAITING_EVALUATION = "awaiting_evaluation"
    REWORK = "rework"
    STRUCK_OFF = "struck_off"
    WITHDRAWN = "withdrawn"


ACCEPTING = (State.REGISTERED, State.QUEUED, State.ASSIGNED, State.DISPUTED)
WORKING = (State.IN_HAND, State.REWORK)
UNCOUNTED = (State.INVALID, State.WITHDRAWN)
"""States outside the six counters: not a valid matter (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A running clock and the instants at which its colours begin; None: the scheme has no such colour."""

    id: str
    kind: str
    unit: str
    start: datetime
    due: datetime
    yellow: datetime | None = None
    orange: datetime | None = None
    red: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the story. ``note`` is a code or a number, ``words`` free text (scrubbed on erasure)."""

    at: datetime
    kind: str
    unit_zh: str = ""
    unit_en: str = ""
    note: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """督办件: an order of the supervision office to the unit that is overdue."""

    number: str
    unit: str
    colour: str
    level: int
    items_zh: tuple[str, ...]
    items_en: tuple[str, ...]
    answer_by: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One evaluation: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    round: int
    voter: int
    grade: int
    solved: bool
    look_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterCode:
    """The keyed digest of a reporter's query code; index 0 filed the matter.

    ``part``: this code came with another body under the same key; it opens only its own ``words``.
    """

    index: int
    digest: str
    part: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """办理标准 as the unit chose it: what the reporter was promised."""

    code: str
    name_zh: str
    name_en: str
    limit: int
    limit_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One matter as people read it. ``accept_by`` and ``complete_by`` are the due instants of clocks that run now.

    ``title`` and ``summary`` are the reporter's own words in clear, shown to staff only masked, to the public never;
    empty once erased. ``masked``: both as staff see them, and all that a search looks at.
    """

    id: str
    number: str
    state: State
    registered_at: datetime
    changed_at: datetime
    channel: str
    door: str
    division: str
    division_zh: str = ""
    title: str = ""
    summary: str = ""
    masked: str = ""
    unit: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    lead_unit: str = ""
    level: str = ""
    category: str = ""
    category_zh: str = ""
    category_en: str = ""
    urgent: bool = False
    collective: bool = False
    traceable: bool = True
    on_behalf: bool = False
    erased: bool = False
    hops: int = 0
    returns: int = 0
    reworks: int = 0
    round: int = 0
    supplements: int = 0
    conflicts: int = 0
    ordered: bool = False
    promise: Promise | None = None
    clocks: tuple[Clock, ...] = ()
    accept_by: datetime | None = None
    complete_by: datetime | None = None
    struck_off_at: datetime | None = None
    voters: tuple[VoterCode, ...] = ()
    orders: tuple[Order, ...] = ()
    votes: tuple[Vote, ...] = ()
    history: tuple[Step, ...] = ()


def worded(ticket: Ticket, title: str, summary: str) -> Ticket:
    """The ticket with these words of its reporter."""
    return replace(ticket, title=title, summary=summary, masked=mask(f"{title}\n{summary}") if title or summary else "")


def seen_by(ticket: Ticket, voter: VoterCode) -> Ticket:
    """The ticket as the holder of a code may see it: a part's holder sees the state, and the own words only."""
    if not voter.part:
        return ticket
    history = tuple(replace(step, words="") for step in ticket.history)
    return replace(ticket, title="", summary=voter.words, history=history)
