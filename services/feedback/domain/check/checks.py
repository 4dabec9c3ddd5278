"""核查: a matter that was struck off is looked at again; who may, how, and what a failed check means (E8)."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts import vocabulary
from contracts.lifecycle import TicketState
from services.feedback.domain.case import Case, CaseCheck, CaseRefused
from services.feedback.domain.evaluation.rounds import CHECK_GROUNDS, UNKNOWN_GROUND, Asker, reworked

CHECKING = ("supervisor",)
"""Roles that may record a check: never the unit, its lead unit or whoever reviewed the work."""
CHECKS_KEPT = 20

NO_CASE = CaseRefused(
    "not_in_hand", "此事没有办理档案，无从核查。", "Nobody has dealt with the matter: nothing to check."
)
OPEN_ALREADY = CaseRefused("check_open", "此次核查已登记。", "This check is open already.")
TOO_MANY_CHECKS = CaseRefused(
    "too_many_checks", f"一件事项最多核查 {CHECKS_KEPT} 次。", f"A matter is checked {CHECKS_KEPT} times at most."
)
NO_CHECK = CaseRefused("no_check", "没有这项核查，或已记录结果。", "No such check, or its result stands already.")
NOT_CHECKING = CaseRefused("not_checking", "核查由督查室进行。", "The supervision office checks.")
UNKNOWN_WAY = CaseRefused("unknown_method", "核查方式不在目录内。", "The method of the check is not in the list.")
GROUND_MISSING = CaseRefused(
    "ground_missing",
    "不合格须选定理由。",
    "A check that failed needs a ground from the list; one that passed has none.",
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found. ``ground``: "" where it passed."""

    draw: str
    method: str
    passed: bool
    ground: str
    correct_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The case after a check; ``again``: it goes back to work."""

    case: Case
    again: bool


def open_check(case: Case | None, draw: str, due: datetime) -> Case | CaseRefused:
    """待查. The same draw opens one check a matter."""
    if case is None:
        return NO_CASE
    if any(each.draw == draw for each in case.checks):
        return OPEN_ALREADY
    if len(case.checks) >= CHECKS_KEPT:
        return TOO_MANY_CHECKS
    return replace(case, checks=(*case.checks, CaseCheck(draw=draw, due=due)))


def record(case: Case | None, found: CheckResult, asker: Asker, now: datetime) -> Checked | CaseRefused:
    """The result. A matter that is struck off and failed goes back to work; one at work already is left there."""
    wrong = _wrong(case, found, asker)
    if wrong is not None or case is None:
        return wrong or NO_CHECK
    done = replace(case, checks=tuple(_done(each, found) for each in case.checks))
    again = not found.passed and case.state is TicketState.STRUCK_OFF
    return Checked(reworked(done, now) if again else done, again)


def _wrong(case: Case | None, found: CheckResult, asker: Asker) -> CaseRefused | None:
    if asker.role not in CHECKING:
        return NOT_CHECKING
    if case is None or not any(each.draw == found.draw and each.passed is None for each in case.checks):
        return NO_CHECK
    if found.method not in vocabulary.CHECK_METHODS:
        return UNKNOWN_WAY
    if found.passed == bool(found.ground):
        return GROUND_MISSING
    return UNKNOWN_GROUND if found.ground and found.ground not in CHECK_GROUNDS else None


def _done(check: CaseCheck, found: CheckResult) -> CaseCheck:
    if check.draw != found.draw:
        return check
    return replace(check, passed=found.passed, ground=found.ground, correct_by=found.correct_by)
