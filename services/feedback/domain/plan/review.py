"""方案审核 (E2): a plan is with its reviewer until it is approved; who is held back by policy comes back on a date."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import HELD, HELD_BY_CONFERENCE, PLAN_GROUNDS
from services.feedback.domain.case import APPROVED, NOT_WORKING, PENDING, REDRAFT, WORKING, Case, CaseRefused
from services.feedback.domain.plan.plans import PlanRule

GROUNDS_AT_MOST = 5
NEW_PLAN, HOLD = "plan", "hold"
"""Of vocabulary.CONFERENCE_DECISIONS: those that are about the work."""

NOTHING_TO_REVIEW = CaseRefused("no_plan_to_review", "没有待审核的方案。", "No plan waits for a review.")
OTHER_VERSION = CaseRefused(
    "other_version", "方案已有新版本，请审核最新的一版。", "There is a newer version of the plan: review that one."
)
NOT_THE_REVIEWER = CaseRefused(
    "not_the_reviewer",
    "此方案不由您审核：由牵头单位（署明单位）审核；政策限制的、牵头单位自办的由督查室审核。",
    "Not yours to review: the lead unit (by name) does, supervision what is held back by policy or the lead's own.",
)
OWN_PLAN = CaseRefused("own_plan", "不能审核本人制定的方案。", "Nobody reviews their own plan: another person must.")
NO_GROUNDS = CaseRefused(
    "no_grounds", "不同意须从目录中选一项以上理由。", "Who does not approve gives a ground of the list, or several."
)
UNKNOWN_GROUND = CaseRefused("unknown_ground", "理由不在目录内。", "A ground is not in the list.")
NOT_APPROVED = CaseRefused(
    "plan_not_approved",
    "此事项须先有经审核同意的方案，才能办结；“立即办理”的方案无须审核。",
    "This matter needs an approved plan before it is completed; a plan to do it at once needs no review.",
)


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What a reviewer says of a version. ``seats``: those the person sits in; ``by``: its digest."""

    version: int
    approved: bool
    grounds: tuple[str, ...]
    seats: frozenset[str]
    by: str


def decide_plan_review(case: Case, said: PlanVerdict) -> Case | CaseRefused:
    """The case with its plan approved, or back with the unit to be drafted anew; by another person than drafted it."""
    if case.state not in WORKING:
        return NOT_WORKING
    wrong = _nothing_there(case, said) or _wrong_person(case, said) or wrong_grounds(said.approved, said.grounds)
    if wrong:
        return wrong
    if said.approved:
        return replace(case, plan_review=APPROVED, plan_by="", open_to=())
    return replace(case, plan_review=REDRAFT, plan_by="", redrafts=case.redrafts + 1, open_to=())


def _nothing_there(case: Case, said: PlanVerdict) -> CaseRefused | None:
    if case.plan_review != PENDING:
        return NOTHING_TO_REVIEW
    return OTHER_VERSION if said.version != case.plan_version else None


def _wrong_person(case: Case, said: PlanVerdict) -> CaseRefused | None:
    if not said.seats & set(case.open_to):
        return NOT_THE_REVIEWER
    return OWN_PLAN if said.by == case.plan_by else None


def wrong_grounds(
    approved: bool, grounds: Collection[str], known: Collection[str] = PLAN_GROUNDS
) -> CaseRefused | None:
    """Who does not agree says why, by the list."""
    if any(each not in known for each in grounds):
        return UNKNOWN_GROUND
    return NO_GROUNDS if not approved and not 0 < len(grounds) <= GROUNDS_AT_MOST else None


def may_complete(case: Case, rule: PlanRule) -> CaseRefused | None:
    """Why a plan stands between a matter and its completion; None when none does, or it is urgent."""
    is_missing = rule.asks and not case.plan_mode
    is_awaited = is_missing or case.plan_review in (PENDING, REDRAFT)
    return NOT_APPROVED if is_awaited and not case.is_urgent else None


def decide_lapse(case: Case, now: datetime) -> Case | None:
    """The case without what held it back, once its date has come; None when nothing is due."""
    is_due = case.state in WORKING and case.held_until is not None and case.held_until <= now
    return taken_up(case) if is_due else None


def taken_up(case: Case) -> Case:
    """The case without what held it back."""
    return replace(case, plan_mode="", plan_review="", plan_reviewer="", review_on=None)


def is_held(case: Case) -> bool:
    """Whether policy, as it was approved, or a joint conference holds the matter back."""
    return case.state in WORKING and case.plan_mode in HELD and case.held_until is not None


def decide_by_conference(case: Case, decision: str, until: datetime | None) -> Case | None:
    """联席会议: the plan is drafted anew, or the matter held back without a review; None where it does not bind.

    It binds a unit at work on what is not urgent; a plan that was with its reviewer is overtaken.
    """
    if case.state not in WORKING or case.is_urgent:
        return None
    settled = replace(taken_up(case) if is_held(case) else case, plan_reviewer="", plan_by="", open_to=())
    if decision == NEW_PLAN:
        return replace(settled, plan_review=REDRAFT, redrafts=case.redrafts + 1)
    if decision == HOLD and until is not None:
        held = replace(settled, plan_mode=HELD_BY_CONFERENCE, plan_review=APPROVED, review_on=until)
        return replace(held, plan_measures=0, measures_done=(), class_plan="")
    return None
