"""追责问责、建章立制 (E12): recorded of a matter that somebody has accepted, whatever became of it since."""

from dataclasses import dataclass, replace

from contracts.vocabulary import ACCOUNTABILITY, RULE_SCOPES
from services.feedback.domain.case import Case, CaseRefused

RECORDING = ("supervisor",)
"""Roles that record who was held to account."""
RECORDED_AT_MOST = 20  # of each kind, of one matter
NAMES_SOMEBODY = ("criticised", "sanctioned")
"""Outcomes for persons."""

NO_CASE = CaseRefused("not_in_hand", "此事还没有单位受理。", "No unit has accepted the matter yet.")
NOT_RECORDING = CaseRefused(
    "not_recording", "追责问责由督查室记录。", "The supervision office records who was held to account."
)
UNKNOWN_OUTCOME = CaseRefused(
    "unknown_outcome", "问责结果不在目录内。", "The outcome is not in the list: see the API description."
)
NOBODY_NAMED = CaseRefused(
    "nobody_named",
    "通报批评、处分须写明对象。",
    "Whoever is criticised or sanctioned is named: add the persons.",
)
OTHER_ORDER = CaseRefused(
    "other_order", "督办件号不是此事的，请核对。", "The order is not one of this matter: check its number."
)
TOO_MANY = CaseRefused(
    "recorded_enough",
    f"一件事项最多记录{RECORDED_AT_MOST}次。",
    f"At most {RECORDED_AT_MOST} records of this kind for one matter.",
)
UNKNOWN_SCOPE = CaseRefused(
    "unknown_scope", "适用范围不在目录内，请选本单位、本系统或全县。", "Not a scope: unit, line or county."
)


@dataclass(frozen=True, slots=True)
class HeldToAccount:
    """What came of it. ``people``: how many persons it names."""

    outcome: str
    order: str
    people: int


def decide_accountability(case: Case | None, role: str, held: HeldToAccount) -> Case | CaseRefused:
    """The case with one more record of it; who it was is in the fact alone."""
    if role not in RECORDING:
        return NOT_RECORDING
    if case is None:
        return NO_CASE
    wrong = _wrong(case, held)
    return wrong or replace(case, held_to_account=case.held_to_account + 1)


def _wrong(case: Case, held: HeldToAccount) -> CaseRefused | None:
    if held.outcome not in ACCOUNTABILITY:
        return UNKNOWN_OUTCOME
    if held.outcome in NAMES_SOMEBODY and not held.people:
        return NOBODY_NAMED
    if held.order and not held.order.startswith(f"{case.number}-"):
        return OTHER_ORDER
    return TOO_MANY if case.held_to_account >= RECORDED_AT_MOST else None


def decide_rule(case: Case | None, scope: str) -> Case | CaseRefused:
    """The case with one more rule that was made because of it."""
    if case is None:
        return NO_CASE
    if scope not in RULE_SCOPES:
        return UNKNOWN_SCOPE
    return TOO_MANY if case.rules_made >= RECORDED_AT_MOST else replace(case, rules_made=case.rules_made + 1)
