"""The ticket document: everything that was said about one matter, folded for reading."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from contracts.lifecycle import ENDED, STATES, Phase, TicketState, waiting_for
from services.portal.reading.ticket.masking import NOBODY, Own, mask
from services.portal.reading.ticket.planned import ShownPlan
from services.portal.reading.ticket.searchable import searchable

HISTORY_STEPS = 48  # steps kept for the story; a demonstration ticket with two reworks has about 30
WORDS_LISTED = 600  # characters of a matter's words that lists show; a single view and a search have all
CUT = "……"
LINE_END = "\n"


ACCEPTING = waiting_for(Phase.ACCEPTANCE)
WORKING = waiting_for(Phase.COMPLETION)
OPEN = tuple(state for state in TicketState if state not in ENDED)
UNCOUNTED = tuple(state for state, row in STATES.items() if row.counter is None)
"""States outside the six counters: not a valid matter (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClock:
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
class ShownEvidence:
    """One piece of evidence (佐证材料): a link or the SHA-256 of a document, and the instant that it shows."""

    kind: str
    uri: str = ""
    digest: str = ""
    dated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWords:
    """What was said or shown with a step. ``by``: the voter whose own words these are, which no other voter reads.

    ``inward``: for the unit, its lead and the supervision office, for no reporter. ``restricted``: of these for the
    supervision office and auditors alone, and then in full.
    """

    words: str = ""
    evidence: tuple[ShownEvidence, ...] = ()
    by: int | None = None
    inward: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the story. ``note`` is a code or a number; ``said`` is scrubbed on erasure."""

    at: datetime
    kind: str
    unit_zh: str = ""
    unit_en: str = ""
    note: str = ""
    said: SaidWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """督办件: an order of the supervision office to the unit. ``answered``: items, by their number."""

    number: str
    unit: str
    colour: str
    level: int
    items_zh: tuple[str, ...]
    items_en: tuple[str, ...]
    answer_by: datetime
    withdrawn: bool = False
    answered: tuple[int, ...] = ()
    lifted: bool = False

    @property
    def stands(self) -> bool:
        """Whether somebody still has to do something about it."""
        return not self.withdrawn and not self.lifted


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVote:
    """One evaluation: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    round: int
    voter: int
    grade: int
    solved: bool
    look_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterCode:
    """The keyed digest of a reporter's query code; index 0 filed the matter.

    ``part``: this code came with another body under the same key; it opens only its own ``words``. ``confirmed``:
    whether the seat counts.
    """

    index: int
    digest: str
    part: bool = False
    words: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPromise:
    """办理标准 as the unit chose it: what the reporter was promised."""

    code: str
    name_zh: str
    name_en: str
    limit: int
    limit_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLevel:
    """One level of the review that a matter is under (逐级验收); ``together``: in any order with those beside it."""

    kind: str
    reviewer: str
    together: bool = False
    passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWork:
    """What an office has to do of a matter, due ``at`` an instant; a lower ``rank`` comes first (work.py).

    ``unit``: the only one of such offices whose work it is; "": of any that sees the matter.
    """

    kind: str
    rank: int
    at: datetime
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A message of which nobody knows whether it arrived: a person finds out."""

    reference: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One matter as people read it. ``clocks`` run and count where it stands (lights.counts); ``accept_by`` and
    ``complete_by`` are the due instants among them.

    ``title``, ``content``, ``place``, the coordinates and ``category_said`` are the reporter's own in clear, empty once
    erased; who may read what is in visibility.py. ``masked``: the title, a line end and the beginning of the
    content as staff see them in lists. ``searched``: what a search looks at, "" in documents of earlier builds.
    ``hide``: sealed, what the reporters gave of themselves; opened to mask words for a reader, and for nothing else.
    ``held_until``: when what policy or a joint conference holds back is looked at again.
    ``chain``: the levels that look at the work, while it is under review.
    ``due_…``: the first thing that an office has to do (work.py), which its inbox is sorted by; None: nothing.
    """

    id: str
    number: str
    state: TicketState
    registered_at: datetime
    changed_at: datetime
    channel: str
    door: str
    division: str
    division_zh: str = ""
    title: str = ""
    content: str = ""
    masked: str = ""
    searched: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    category_said: str = ""
    unit: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    lead_unit: str = ""
    level: str = ""
    category: str = ""
    category_zh: str = ""
    category_en: str = ""
    urgent: bool = False
    urgency_level: str = ""
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
    promise: ShownPromise | None = None
    plan: ShownPlan | None = None
    clocks: tuple[ShownClock, ...] = ()
    accept_by: datetime | None = None
    complete_by: datetime | None = None
    held_until: datetime | None = None
    struck_off_at: datetime | None = None
    voters: tuple[VoterCode, ...] = ()
    hide: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    due_unit: DueWork | None = None
    due_lead: DueWork | None = None
    due_supervision: DueWork | None = None
    due_clerk: DueWork | None = None
    due_head: DueWork | None = None
    due_leader: DueWork | None = None
    chain: tuple[ShownLevel, ...] = ()
    votes: tuple[ShownVote, ...] = ()
    history: tuple[Step, ...] = ()


LONG = ("hide", "content", "searched", "place", "latitude", "longitude", "category_said", "plan", "history")
"""Fields that only the view of a single ticket needs: lists neither load nor show them."""


def brief(ticket: Ticket) -> Ticket:
    """The ticket as lists have it: without what is long."""
    plain: dict[str, Any] = {each.name: each.default for each in fields(Ticket) if each.name in LONG}
    return replace(ticket, **plain, voters=_without_words(ticket.voters))


def cut(words: str, at: int) -> str:
    """The beginning of ``words``, and a mark where more follows."""
    return words if len(words) <= at else words[:at] + CUT


def worded(ticket: Ticket, title: str, content: str, own: Own = NOBODY, **where: Any) -> Ticket:
    """The ticket with these words of its reporter. ``where``: place, coordinates and category as they were given."""
    shown_title, shown = mask(title, own), mask(content, own)
    masked = f"{shown_title.replace(LINE_END, ' ')}{LINE_END}{cut(shown, WORDS_LISTED)}" if title or content else ""
    beside = (mask(where.get(name, ""), own) for name in ("place", "category_said"))
    searched = searchable(shown_title, shown, *beside)
    return replace(ticket, title=title, content=content, masked=masked, searched=searched, **where)


def scrubbed(ticket: Ticket) -> Ticket:
    """The ticket without a word or a place that anybody gave: what erasure leaves, and what the public may see."""
    history = tuple(replace(step, said=None) for step in ticket.history)
    return replace(brief(ticket), title="", masked="", history=history)


def _without_words(voters: tuple[VoterCode, ...]) -> tuple[VoterCode, ...]:
    return tuple(replace(voter, words="") if voter.words else voter for voter in voters)
