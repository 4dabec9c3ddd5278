"""A case (办理档案): what feedback knows of a matter from acceptance to 销号. No free text is kept in it."""

from dataclasses import dataclass
from datetime import datetime

from contracts.lifecycle import TicketState

WORKING = (TicketState.IN_HAND, TicketState.REWORK)
"""The unit is at work: it may plan, report and complete."""

ENDED = (TicketState.STRUCK_OFF, TicketState.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoter:
    """A voter: index 0 filed the matter; the keyed digest of the query code."""

    index: int
    code_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One vote of the current round. Grades 1 (very dissatisfied) to 5. ``look_back``: staff asked the filer."""

    voter: int
    grade: int
    solved: bool
    look_back: bool = False


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
class Case:
    """One matter in hand. ``standard``: the promise by value, as JSON; no rule here looks into it.

    ``votes`` are those of ``round``; earlier rounds are in the log. ``reminders``: 0 none this round, 1 the silent
    voters were reminded, 2 the time for votes is over. ``next_look``: the domain instant of the next knock.
    ``reworked_at``: when the last rework was ordered. ``shown``: fingerprints of the evidence of all completions.
    ``asked_until``: until when the reporters may answer an open question; an answer closes it.
    ``category_code``: of the taxonomy; "" in cases that an earlier build began.
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

    @property
    def is_collective(self) -> bool:
        """Whether several reporters stand behind the matter."""
        return len(self.voters) > 1

    @property
    def outstanding(self) -> tuple[int, ...]:
        """The voters who have not voted in this round."""
        heard = {vote.voter for vote in self.votes}
        return tuple(seat.index for seat in self.voters if seat.index not in heard)

    @property
    def open_checks(self) -> tuple[CaseCheck, ...]:
        """Those whose result is not recorded yet, what is due first."""
        return tuple(sorted((each for each in self.checks if each.passed is None), key=lambda each: each.due))

    @property
    def waits_for_call(self) -> bool:
        """Whether the time for votes is over and the filer stayed silent: staff must ask."""
        return self.state is TicketState.AWAITING_EVALUATION and self.reminders == 2 and 0 in self.outstanding


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


def wake_at(case: Case) -> datetime | None:
    """The next domain instant at which the case wants a knock: only while it waits for votes."""
    return case.next_look if case.state is TicketState.AWAITING_EVALUATION else None
