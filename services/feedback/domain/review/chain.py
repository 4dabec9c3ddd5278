"""逐级验收 (E4): the work is with one level after another until the last has passed it; each by another person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts import chains
from contracts.lifecycle import TicketState
from contracts.vocabulary import REVIEW_GROUNDS, leader_of, supervision_of
from services.feedback.domain.case import Case, CaseRefused, ChainLevel, seat_of
from services.feedback.domain.plan.plans import reviewing_unit
from services.feedback.domain.plan.review import wrong_grounds

LEVELS_AT_MOST = 10

NOT_UNDER_REVIEW = CaseRefused("not_under_review", "此事不在验收中。", "The matter is not under review.")
OTHER_ROUND = CaseRefused(
    "other_round", "此事已进入另一轮办理，请看最新的情况。", "The matter is in another round by now: look again."
)
UNKNOWN_LEVEL = CaseRefused(
    "unknown_level", "没有这一级验收，序号从1开始。", "The chain has no such level: they count from 1."
)
PASSED_ALREADY = CaseRefused("passed_already", "这一级已经验收通过。", "This level has passed it already.")
NOT_OPEN_YET = CaseRefused("level_not_open", "还没有轮到这一级验收。", "It is not this level's turn yet.")
NOT_THIS_LEVEL = CaseRefused(
    "not_this_level",
    "这一级验收不由您负责：由该级负责人或其指定的代理人验收。",
    "Not your level: whoever holds it, or a deputy named for it, reviews.",
)
FOUR_EYES = CaseRefused(
    "four_eyes",
    "提交人和前面各级的验收人不能再验收，请由另一人验收。",
    "Neither who submitted it nor who passed an earlier level: another person must.",
)


@dataclass(frozen=True, slots=True)
class LevelVerdict:
    """What somebody says of the work at a level, counted from 1. ``by``: the digest of the person."""

    round: int
    level: int
    passed: bool
    grounds: tuple[str, ...]
    seats: frozenset[str]
    by: str


def chain_of(case: Case, published: Sequence[ChainLevel]) -> tuple[ChainLevel, ...]:
    """The published levels with their seats. A rework has the lead unit among them, from the second on the supervision
    office as the last (E7)."""
    levels = list(published[:LEVELS_AT_MOST])
    if levels and case.reworks == 1 and all(each.kind != "lead" for each in levels):
        levels.append(ChainLevel(kind="lead", seat="", reviewer=""))
    if levels and case.reworks > 1 and levels[-1].kind != "supervision":
        levels.append(ChainLevel(kind="supervision", seat="", reviewer=""))
    return tuple(_seated(case, each) for each in levels)


def _seated(case: Case, level: ChainLevel) -> ChainLevel:
    reviewers = {"unit_head": case.unit, "lead": reviewing_unit(case), "leader": leader_of(case.division)}
    reviewer = reviewers.get(level.kind, supervision_of(case.division))
    return replace(level, reviewer=reviewer, seat=seat_of(level.kind, reviewer))


def submitted(case: Case, levels: Sequence[ChainLevel], submission: str, by: str, now: datetime) -> Case:
    """The case under review by these levels."""
    under = replace(case, state=TicketState.UNDER_REVIEW, submission=submission, submitted_by=by)
    return _turned(under, tuple(levels), now)


def open_levels(levels: Sequence[ChainLevel]) -> tuple[int, ...]:
    """Whose turn it is, by index from 0."""
    passed = [nth for nth, each in enumerate(levels) if each.passed_by]
    return chains.open_levels([each.together for each in levels], passed)


def decide_review(case: Case, said: LevelVerdict, now: datetime) -> Case | CaseRefused:
    """The case after a level spoke: with the next one, with none left, or back where the work came from."""
    wrong = _wrong_level(case, said) or _wrong_person(case, said)
    wrong = wrong or wrong_grounds(said.passed, said.grounds, REVIEW_GROUNDS)
    if wrong:
        return wrong
    if not said.passed:
        back = TicketState.REWORK if case.reworks else TicketState.IN_HAND
        return replace(ended(case), state=back, rejections=case.rejections + 1)
    at = said.level - 1
    passed = replace(case.review_levels[at], passed_by=said.by)
    return _turned(case, (*case.review_levels[:at], passed, *case.review_levels[at + 1 :]), now)


def ended(case: Case) -> Case:
    """The case without anything of its review: who looked at it and what was submitted is not kept."""
    return replace(case, review_levels=(), submission="", submitted_by="", open_to=(), open_since=None)


def _turned(case: Case, levels: tuple[ChainLevel, ...], now: datetime) -> Case:
    waiting = [levels[nth] for nth in open_levels(levels)]
    seats = dict.fromkeys(seat for each in waiting for seat in (each.seat, *each.deputies))
    return replace(case, review_levels=levels, open_to=tuple(seats), open_since=now)


def _wrong_level(case: Case, said: LevelVerdict) -> CaseRefused | None:
    if case.state is not TicketState.UNDER_REVIEW:
        return NOT_UNDER_REVIEW
    if said.round != case.round:
        return OTHER_ROUND
    if not 1 <= said.level <= len(case.review_levels):
        return UNKNOWN_LEVEL
    if case.review_levels[said.level - 1].passed_by:
        return PASSED_ALREADY
    return None if said.level - 1 in open_levels(case.review_levels) else NOT_OPEN_YET


def _wrong_person(case: Case, said: LevelVerdict) -> CaseRefused | None:
    level = case.review_levels[said.level - 1]
    if not said.seats & {level.seat, *level.deputies}:
        return NOT_THIS_LEVEL
    seen = {case.submitted_by, *(each.passed_by for each in case.review_levels)}
    return FOUR_EYES if said.by in seen else None


def level_for(case: Case, seats: frozenset[str]) -> int:
    """The first open level, from 1, that somebody with these seats may speak at; 0: none."""
    levels = case.review_levels
    return next((nth + 1 for nth in open_levels(levels) if seats & {levels[nth].seat, *levels[nth].deputies}), 0)
