"""类方案 (E2): what a unit does with every matter of a class, in force once somebody else has approved it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.vocabulary import supervision_of
from services.feedback.domain.affair import Affair
from services.feedback.domain.case import APPROVED, PENDING, REDRAFT, Case, CaseRefused, seat_of
from services.feedback.domain.plan.plans import MEASURES_AT_MOST, TOO_MANY_MEASURES, Mode
from services.feedback.domain.plan.review import (
    NOT_THE_REVIEWER,
    NOTHING_TO_REVIEW,
    OTHER_VERSION,
    OWN_PLAN,
    PlanVerdict,
    wrong_grounds,
)

DAYS_AT_MOST = 366

NOTHING_TO_END = CaseRefused(
    "no_measures",
    "类方案至少要有一项措施；停用已有的类方案才可不写。",
    "A class plan needs a measure; only one that is in force can be ended by proposing none.",
)
WRONG_DAYS = CaseRefused(
    "wrong_days", f"时限应为受理后1–{DAYS_AT_MOST}天。", f"A measure takes 1 to {DAYS_AT_MOST} days after acceptance."
)


@dataclass(frozen=True, slots=True)
class StatedMeasure:
    """What is done with each matter of the class, by which post, within how many days of its acceptance."""

    text: str
    post: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlan(Affair):
    """The newest version of a class plan. ``review``: PENDING, APPROVED or REDRAFT; ``in_force``: a version, 0: none.

    ``open_to``: the seat that is to review it, "" once it has; ``proposed_by``: the digest of who proposed it.
    """

    unit: str
    category: str
    version: int
    measures: tuple[StatedMeasure, ...]
    reviewer: str
    review: str = PENDING
    open_to: str = ""
    proposed_by: str = ""
    redrafts: int = 0
    in_force: int = 0


@dataclass(frozen=True, slots=True)
class ClassPlanDraft:
    """What somebody proposes for a class. ``lead_unit``: of the unit, "" where it has none; ``by``: a digest."""

    unit: str
    division: str
    category: str
    measures: tuple[StatedMeasure, ...]
    lead_unit: str
    by: str


def propose(plan: ClassPlan | None, draft: ClassPlanDraft) -> ClassPlan | CaseRefused:
    """The class plan with the draft as its next version, with whoever reviews it; what is in force stays so."""
    wrong = _wrong_measures(plan, draft.measures)
    if wrong:
        return wrong
    reviewer = draft.lead_unit if draft.lead_unit not in ("", draft.unit) else supervision_of(draft.division)
    return ClassPlan(
        division=draft.division,
        unit=draft.unit,
        category=draft.category,
        version=plan.version + 1 if plan else 1,
        measures=draft.measures,
        reviewer=reviewer,
        open_to=seat_of("lead", reviewer),
        proposed_by=draft.by,
        redrafts=plan.redrafts if plan else 0,
        in_force=plan.in_force if plan else 0,
    )


def _wrong_measures(plan: ClassPlan | None, measures: Sequence[StatedMeasure]) -> CaseRefused | None:
    if not measures and not (plan and plan.in_force):
        return NOTHING_TO_END
    if len(measures) > MEASURES_AT_MOST:
        return TOO_MANY_MEASURES
    return None if all(1 <= each.days <= DAYS_AT_MOST for each in measures) else WRONG_DAYS


def review(plan: ClassPlan | None, said: PlanVerdict) -> ClassPlan | CaseRefused:
    """The class plan with its newest version approved, or to be drafted anew; by another person than proposed it."""
    if plan is None or plan.review != PENDING:
        return NOTHING_TO_REVIEW
    wrong = _wrong_person(plan, said) or wrong_grounds(said.approved, said.grounds)
    if wrong:
        return wrong
    done = replace(plan, open_to="", proposed_by="")
    if said.approved:
        return replace(done, review=APPROVED, in_force=plan.version if plan.measures else 0)
    return replace(done, review=REDRAFT, redrafts=plan.redrafts + 1)


def _wrong_person(plan: ClassPlan, said: PlanVerdict) -> CaseRefused | None:
    if said.version != plan.version:
        return OTHER_VERSION
    if plan.open_to not in said.seats:
        return NOT_THE_REVIEWER
    return OWN_PLAN if said.by == plan.proposed_by else None


@dataclass(frozen=True, slots=True)
class ClassPlanInForce:
    """What a matter inherits. ``name``: unit, category and version, as it is shown."""

    name: str
    measures: tuple[StatedMeasure, ...]


def inherited(case: Case, plan: ClassPlanInForce | None) -> Case:
    """The case with the plan of its class as its first, approved; an urgent matter is not dealt with by the class."""
    if plan is None or case.is_urgent:
        return case
    return replace(
        case,
        plan_version=1,
        plan_mode=Mode.WITHIN_LIMIT.value,
        plan_review=APPROVED,
        plan_measures=len(plan.measures),
        class_plan=plan.name,
    )


def due_of(measure: StatedMeasure, accepted: datetime) -> datetime:
    """When a measure is due of a matter that was accepted then."""
    return accepted + timedelta(days=measure.days)
