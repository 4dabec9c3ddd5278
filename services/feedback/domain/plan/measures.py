"""措施 (E2): the unit says how far each measure of its plan is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.feedback.domain.case import NOT_WORKING, PENDING, REDRAFT, WORKING, Case, CaseRefused
from services.feedback.domain.completion.completion import EVIDENCE_AT_MOST, TOO_MUCH_EVIDENCE, Exhibit, wrong_evidence
from services.feedback.domain.policy import EvaluationPolicy

UNKNOWN_MEASURE = CaseRefused(
    "unknown_measure", "方案中没有这一项措施，序号从1开始。", "The plan has no such measure: they count from 1."
)
NOT_IN_FORCE = CaseRefused(
    "plan_not_in_force",
    "方案尚未审核同意，不能报告措施。",
    "The plan is not approved yet: its measures cannot be reported.",
)
DONE_ALREADY = CaseRefused("measure_done", "这一项措施已经落实。", "The measure is done already.")


def decide_measure(
    case: Case, index: int, evidence: Sequence[Exhibit], now: datetime, policy: EvaluationPolicy, *, done: bool
) -> Case | CaseRefused:
    """The case with a measure reported; what is done stays done."""
    if case.state not in WORKING:
        return NOT_WORKING
    if case.plan_review in (PENDING, REDRAFT):
        return NOT_IN_FORCE
    if not 1 <= index <= case.plan_measures:
        return UNKNOWN_MEASURE
    if index in case.measures_done:
        return DONE_ALREADY
    if len(evidence) > EVIDENCE_AT_MOST:
        return TOO_MUCH_EVIDENCE
    wrong = wrong_evidence(evidence, case.registered_at, now, policy)
    return wrong or (replace(case, measures_done=(*case.measures_done, index)) if done else case)
