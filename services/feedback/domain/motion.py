"""Whether a matter moves (E1, C4): when the unit last did something, who may ask how far it is, when it is stuck."""

from dataclasses import replace
from datetime import datetime

from services.feedback.domain.case import NOT_WORKING, WORKING, Case, CaseRefused
from services.feedback.domain.policy import EvaluationPolicy

ASKED_LATELY = CaseRefused(
    "asked_lately",
    "近日已报告或催问过进展；亮红灯的除外，请过几天再问。",
    "Progress was reported or asked for these days: ask again later, unless the light is red.",
)


def moved(case: Case, now: datetime, policy: EvaluationPolicy) -> Case:
    """The case after the unit did something: its silence is counted from here."""
    stuck_at = now + policy.stuck_after if policy.stuck_after else None
    return replace(case, moved_at=now, stuck_at=stuck_at)


def decide_stuck(case: Case, now: datetime) -> Case | None:
    """The case once it was said that nothing moves, until something does; None when that is not due."""
    is_due = case.state in WORKING and case.held_until is None and case.stuck_at is not None and case.stuck_at <= now
    return replace(case, stuck_at=None) if is_due else None


def decide_request(case: Case, now: datetime, policy: EvaluationPolicy) -> Case | CaseRefused:
    """The case after somebody asked how far it is: by exception, and not again and again (D3)."""
    if case.state not in WORKING:
        return NOT_WORKING
    lately = case.heard_at is not None and now < case.heard_at + policy.ask_again_after
    return ASKED_LATELY if lately and not case.is_red else replace(case, heard_at=now)
