"""核实 (E13): what was found of what people reported; nobody finds alone what concerns their own unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import CHECK_METHODS, FINDINGS
from services.feedback.domain.case import NOT_WORKING, SUPERVISION_SEAT, WORKING, Case, CaseRefused, seat_of
from services.feedback.domain.completion.completion import EVIDENCE_AT_MOST, TOO_MUCH_EVIDENCE, Exhibit, wrong_evidence
from services.feedback.domain.policy import EvaluationPolicy

TRUE, UNTRUE = "true", "untrue"
EXPLANATION = "explanation"
"""The kind of evidence that shows that somebody was talked to."""

UNKNOWN_FINDING = CaseRefused(
    "unknown_finding",
    "核实结论不在目录内，请选属实、部分属实或不属实。",
    "Not a finding: true, partly or untrue.",
)
UNKNOWN_METHOD = CaseRefused("unknown_method", "核实方式不在目录内。", "The method is not in the list.")
NOTHING_SHOWN = CaseRefused(
    "finding_not_shown",
    "认定部分属实或不属实，须附佐证材料。",
    "Who finds a matter partly true or untrue shows it: add evidence.",
)
FOUND_ALONE = CaseRefused(
    "found_alone",
    "本单位的认定须由另一单位的另一人核实，同一人不能再核实。",
    "Another person, of another unit, confirms what a unit finds of its own matter: not the same one again.",
)
TO_BE_CONFIRMED = CaseRefused(
    "finding_not_confirmed",
    "本单位对此事的核实结论，须先由牵头单位或督查室核实，才能办结。",
    "What the unit found of its own matter must first be verified by the lead unit or the supervision office.",
)
NOT_EXPLAINED = CaseRefused(
    "not_explained",
    "不属实或主要缺少说明的，须当面说明：附“解释说明”类佐证材料，并写明与谁谈过。",
    "What is untrue, or lacked an explanation, is explained: add evidence of that kind, and say who was talked to.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What somebody found. ``of_own_unit``: the finder is of the unit at work; ``by``: the digest of the person."""

    finding: str
    method: str
    lacks_explanation: bool
    evidence: Sequence[Exhibit]
    of_own_unit: bool
    by: str


def decide_finding(case: Case, found: Finding, now: datetime, policy: EvaluationPolicy) -> Case | CaseRefused:
    """The case with what was found: it stands, or waits for somebody outside the unit (``found_by``)."""
    wrong = _wrong(case, found, now, policy)
    if wrong:
        return wrong
    alone = found.of_own_unit and not _speaks_against_the_unit(case, found)
    return replace(
        case,
        finding=found.finding,
        lacks_explanation=found.lacks_explanation,
        found_by=found.by if alone else "",
        found_at=now if alone else None,
    )


def waits_for(case: Case, seats: frozenset[str]) -> bool:
    """Whether what the unit found waits for somebody who sits in one of these: its lead unit's, or supervision's."""
    is_waiting = bool(case.found_by) and case.state in WORKING
    return is_waiting and (SUPERVISION_SEAT in seats or (case.lead_unit != case.unit and lead_seat(case) in seats))


def lead_seat(case: Case) -> str:
    """The seat of the unit that leads the unit at work."""
    return seat_of("lead", case.lead_unit)


def _speaks_against_the_unit(case: Case, found: Finding) -> bool:
    """Whether a unit may say it of its own matter: that people are right, where nobody has found otherwise."""
    return found.finding == TRUE and not found.lacks_explanation and not must_explain(case)


def _wrong(case: Case, found: Finding, now: datetime, policy: EvaluationPolicy) -> CaseRefused | None:
    if case.state not in WORKING:
        return NOT_WORKING
    if found.finding not in FINDINGS:
        return UNKNOWN_FINDING
    if found.method not in CHECK_METHODS:
        return UNKNOWN_METHOD
    if case.found_by and not found.of_own_unit and found.by == case.found_by:
        return FOUND_ALONE
    return _wrong_evidence(case, found, now, policy)


def _wrong_evidence(case: Case, found: Finding, now: datetime, policy: EvaluationPolicy) -> CaseRefused | None:
    if found.finding != TRUE and not found.evidence:
        return NOTHING_SHOWN
    if len(found.evidence) > EVIDENCE_AT_MOST:
        return TOO_MUCH_EVIDENCE
    return wrong_evidence(found.evidence, case.registered_at, now, policy)


def must_explain(case: Case) -> bool:
    """Whether somebody has to be talked to before the work is completed."""
    return case.finding == UNTRUE or case.lacks_explanation


def refused_explanation(case: Case, evidence: Sequence[Exhibit], *, talked: bool) -> CaseRefused | None:
    """Why what was found stands between a matter and its completion; None when it does not.

    ``talked``: the completion says who was talked to.
    """
    if case.found_by:
        return TO_BE_CONFIRMED
    if not must_explain(case):
        return None
    explains = talked and any(each.kind == EXPLANATION for each in evidence)
    return None if explains else NOT_EXPLAINED
