"""A case (办理档案): what feedback knows of a matter from acceptance to 销号. No free text is kept in it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from contracts.lifecycle import TicketState
from contracts.vocabulary import is_supervision

WORKING = (TicketState.IN_HAND, TicketState.REWORK)
"""The unit is at work: it may plan, report and complete."""

LEADER_SEAT, SUPERVISION_SEAT = "leader", "supervision"
CALLS_UNANSWERED = 3  # days on which nobody answered, until staff call no more
PERSON_DIGITS = 32  # hexadecimal: nobody meets another person's by chance

PENDING, APPROVED, REDRAFT = "pending", "approved", "redraft"
"""Where a plan that is reviewed stands."""

ENDED = (TicketState.STRUCK_OFF, TicketState.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoter:
    """A voter: index 0 filed the matter; the keyed digest of the query code; whether the seat counts already."""

    index: int
    code_digest: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One vote of the current round. Grades 1 (very dissatisfied) to 5. ``look_back``: staff asked the filer.

    ``cast_at``: when it was first cast; None in cases of earlier builds.
    """

    voter: int
    grade: int
    solved: bool
    look_back: bool = False
    cast_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCheck:
    """One check (E8): of which draw, until when, and whether it passed; None: nobody has looked yet.

    ``ground``, ``correct_by``: why it failed, and until when that is to be mended.
    """

    draw: str
    due: datetime
    passed: bool | None = None
    ground: str = ""
    correct_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLevel:
    """A level of the review. ``seat``: whoever sits in it reviews (``seats_of``); ``passed_by``: a digest."""

    kind: str
    seat: str
    reviewer: str
    deputies: tuple[str, ...] = ()
    working_days: int = 3
    together: bool = False
    passed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matter in hand. ``standard``: the promise by value, as JSON; no rule here looks into it.

    ``votes`` are those of ``round``; earlier rounds are in the log. ``reminders``: 0 none this round, 1 the silent
    voters were reminded, 2 the time for votes is over. ``next_look``: the domain instant of the next knock.
    ``reworked_at``: when the last rework was ordered. ``shown``: fingerprints of the evidence of all completions.
    ``asked_until``: until when the reporters may answer an open question; an answer closes it.
    ``category_code``: of the taxonomy; "" in cases that an earlier build began.
    ``plan_review``: where the plan stands with ``plan_reviewer``, a unit: "" nobody is asked, PENDING, APPROVED or
    REDRAFT. ``plan_by``: the digest of who drafted it (``person_digest``). ``measures_done``: indexes from 1 of the
    plan's ``plan_measures``.
    ``submission``: what was submitted to ``review_levels`` by whom, as JSON with the explanation sealed; all three are
    dropped when the review ends. ``open_to``: the seats whose turn it is to review plan or work, since ``open_since``.
    ``call_days``: the days of this round on which staff asked the filer and nobody answered.
    ``moved_at``: when the unit last did something; ``stuck_at``: when it is said that nothing moves, None once it was.
    ``heard_at``: when progress was last reported, or asked for. ``is_red``: a clock of the work is overdue.
    ``finding``, ``lacks_explanation``: what was found of it last (E13). ``found_by``: the digest of who found it in
    their own unit's favour, at ``found_at``, until somebody outside that unit has found it, too.
    ``held_to_account``, ``rules_made``: how often each was recorded (E12).
    ``class_plan``: the name of the class plan that it inherited and has not replaced.
    """

    number: str
    unit: str
    lead_unit: str
    division: str
    standard: str
    voters: tuple[CaseVoter, ...]
    registered_at: datetime
    state: TicketState = TicketState.IN_HAND
    round: int = 1
    reworks: int = 0
    votes: tuple[Vote, ...] = ()
    reminders: int = 0
    next_look: datetime | None = None
    plan_version: int = 0
    plan_mode: str = ""
    review_on: datetime | None = None
    progress: int = 0
    reworked_at: datetime | None = None
    shown: tuple[str, ...] = ()
    asked_until: datetime | None = None
    category_code: str = ""
    checks: tuple[CaseCheck, ...] = ()
    is_urgent: bool = False
    plan_review: str = ""
    plan_reviewer: str = ""
    plan_by: str = ""
    redrafts: int = 0
    plan_measures: int = 0
    measures_done: tuple[int, ...] = ()
    review_levels: tuple[ChainLevel, ...] = ()
    submission: str = ""
    submitted_by: str = ""
    rejections: int = 0
    open_to: tuple[str, ...] = ()
    open_since: datetime | None = None
    call_days: tuple[str, ...] = ()
    moved_at: datetime | None = None
    stuck_at: datetime | None = None
    heard_at: datetime | None = None
    is_red: bool = False
    finding: str = ""
    lacks_explanation: bool = False
    found_by: str = ""
    found_at: datetime | None = None
    held_to_account: int = 0
    rules_made: int = 0
    class_plan: str = ""

    @property
    def is_collective(self) -> bool:
        """Whether several reporters stand behind the matter."""
        return len(self.seated) > 1

    @property
    def seated(self) -> tuple[CaseVoter, ...]:
        """The voters whose seat counts."""
        return tuple(seat for seat in self.voters if seat.confirmed)

    @property
    def outstanding(self) -> tuple[int, ...]:
        """The voters who have not voted in this round."""
        heard = {vote.voter for vote in self.votes}
        return tuple(seat.index for seat in self.seated if seat.index not in heard)

    @property
    def open_checks(self) -> tuple[CaseCheck, ...]:
        """Those whose result is not recorded yet, what is due first."""
        return tuple(sorted((each for each in self.checks if each.passed is None), key=lambda each: each.due))

    @property
    def held_until(self) -> datetime | None:
        """When what is held back by policy comes back; None while nothing in force holds it back."""
        return self.review_on if self.plan_review in ("", APPROVED) else None

    @property
    def waits_for_call(self) -> bool:
        """Whether the filer stayed silent, and may still be reached: staff must ask."""
        return self.is_silent and not self.is_unreached

    @property
    def is_silent(self) -> bool:
        """Whether the time for votes is over and nothing was heard of the filer."""
        return self.state is TicketState.AWAITING_EVALUATION and self.reminders == 2 and 0 in self.outstanding

    @property
    def is_unreached(self) -> bool:
        """Whether nobody answered on so many days: nobody calls again, and the matter stays open."""
        return len(self.call_days) >= CALLS_UNANSWERED


@dataclass(frozen=True, slots=True)
class CaseRefused:
    """A wish that the rules do not allow: a code, and what to do about it in Chinese and English."""

    code: str
    zh: str
    en: str


NOT_WORKING = CaseRefused(
    "not_in_hand", "此事不在办理中，不能执行此操作。", "The matter is not in hand: nothing can be done to it now."
)
ENDED_ALREADY = CaseRefused("ended", "此事已结束。", "The matter has ended.")


def seat_of(kind: str, reviewer: str) -> str:
    """The seat of a reviewer. A leader's, and that of supervision, is the division's: the scope tells whose."""
    if is_supervision(reviewer):
        return SUPERVISION_SEAT
    return LEADER_SEAT if kind == "leader" else f"{kind}:{reviewer}"


def seats_of(role: str, unit: str, principal: str) -> frozenset[str]:
    """The seats that somebody sits in: the own one, which a level may name as its deputy, and that of the role."""
    of_role = {
        "head": f"unit_head:{unit}",
        "lead": f"lead:{unit}",
        "leader": LEADER_SEAT,
        "supervisor": SUPERVISION_SEAT,
    }
    return frozenset(filter(None, (principal, of_role.get(role))))


def person_digest(ticket: str, principal: str) -> str:
    """Who acted, so that the same person is known again within one matter, and no account is kept."""
    return hmac.new(ticket.encode(), principal.encode(), hashlib.sha256).hexdigest()[:PERSON_DIGITS]


def wake_at(case: Case) -> datetime | None:
    """The next domain instant at which the case wants a knock: votes that are awaited, a plan to be looked at again."""
    if case.state is TicketState.AWAITING_EVALUATION:
        return case.next_look
    if case.state not in WORKING:
        return None
    return case.held_until or case.stuck_at
