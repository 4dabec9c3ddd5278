"""特急认定: how urgent a matter is. It changes clocks, never a state: routing decides it to the end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.routing.domain.assignment.assignment import Assignment, AssignmentRefused, AssignmentState

JUDGE_WITHIN = timedelta(minutes=15)  # what is *perhaps* urgent waits so long for a person's word, then it is
NO, PERHAPS, NOW = "no", "perhaps", "now"
ORDER = (NO, PERHAPS, NOW)
MAY_LOWER = frozenset({"lead", "supervisor"})

URGENCY_REASON_NEEDED = AssignmentRefused(
    "reason_needed",
    "认定或取消特急须说明理由。请填写理由（reason）后重新提交。",
    "To judge urgency needs a reason: give one (reason) and send it again.",
)
JUDGED_ALREADY = AssignmentRefused("judged_already", "此事的紧急程度已是如此。", "The matter is judged so already.")
MAY_NOT_LOWER = AssignmentRefused(
    "may_not_lower",
    "取消特急须由牵头单位或督查室决定。",
    "Only the lead unit or the supervision office lowers urgency.",
)
GONE = AssignmentRefused("ended", "此事已结束。", "The matter has ended.")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What staff want. ``role``: theirs."""

    urgent: bool
    has_reason: bool
    role: str


def level_of(document: Assignment) -> str:
    """How urgent it is; what was registered before there were levels is *now*."""
    return (document.urgency_level or NOW) if document.urgent else NO


def said(level: str, *, urgent: bool) -> str:
    """The level that a message means: "" of older ones is *now*, what nobody knows is at least *perhaps*."""
    if not urgent:
        return NO
    return level if level in ORDER else (PERHAPS if level else NOW)


def became(document: Assignment, level: str, now: datetime) -> Assignment:
    """The matter at another level; *perhaps* waits for a person."""
    judge_by = now + JUDGE_WITHIN if level == PERHAPS else None
    return replace(document, urgent=level != NO, urgency_level=level, judge_by=judge_by)


def judge(document: Assignment, wanted: Judgement, now: datetime) -> Assignment | AssignmentRefused:
    """A person's word: it is urgent, or it is not. Both need a reason (V15)."""
    if document.state is AssignmentState.WITHDRAWN:
        return GONE
    if not wanted.has_reason:
        return URGENCY_REASON_NEEDED
    level = NOW if wanted.urgent else NO
    if level_of(document) == level:
        return JUDGED_ALREADY
    if level == NO and wanted.role not in MAY_LOWER:
        return MAY_NOT_LOWER
    return became(document, level, now)


def unanswered(document: Assignment, now: datetime) -> Assignment | None:
    """Nobody said a word in time: it counts as *now*. None while it is not due."""
    is_due = document.judge_by is not None and document.judge_by <= now
    return became(document, NOW, now) if is_due and document.state is not AssignmentState.WITHDRAWN else None


def raised(document: Assignment, level: str, now: datetime) -> Assignment | None:
    """What a reporter added makes it more urgent, whatever was said before; None if it does not."""
    if document.state is AssignmentState.WITHDRAWN or ORDER.index(level) <= ORDER.index(level_of(document)):
        return None
    return became(document, level, now)


def wake_at(document: Assignment) -> datetime | None:
    """When a matter that waits for a person's word stops waiting."""
    return None if document.state is AssignmentState.WITHDRAWN else document.judge_by
