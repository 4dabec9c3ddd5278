"""办理方案 (E2): at once, within a limit, in phases, or held back by policy; and progress (E1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.vocabulary import HELD_BY_CONFERENCE, supervision_of
from services.feedback.domain.case import NOT_WORKING, PENDING, WORKING, Case, CaseRefused, seat_of
from services.feedback.domain.policy import EvaluationPolicy

MEASURES_AT_MOST = 50


class Mode(StrEnum):
    AT_ONCE = "at_once"
    WITHIN_LIMIT = "within_limit"
    IN_PHASES = "in_phases"
    HELD_BY_POLICY = "held_by_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan as the unit proposes it: when each measure is due; ``quotes_rule``: the policy is quoted.

    ``by``: the digest of the person.
    """

    mode: Mode
    due: tuple[datetime, ...]
    quotes_rule: bool = False
    review_on: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class PlanRule:
    """What is published of plans for a matter: whether it needs one, and the reviewer's limit in working days."""

    asks: bool = False
    review_limit: int = 1


NO_RULE = PlanRule()


NO_MEASURES = CaseRefused(
    "no_measures", "方案至少要有一项措施，写明责任人和日期。", "A plan needs a measure with a person and a date."
)
TOO_MANY_MEASURES = CaseRefused("too_many_measures", "措施最多50项。", "At most 50 measures.")
MEASURE_IN_THE_PAST = CaseRefused("measure_in_the_past", "措施日期已过，请改正。", "A measure is due in the past.")
NOT_AT_ONCE = CaseRefused(
    "not_at_once", "“立即办理”须在一天内完成，否则请选限期。", "At once means within a day: else choose a limit."
)
NOT_IN_PHASES = CaseRefused(
    "not_in_phases", "“分期办理”至少两期，日期依次递增。", "In phases: at least two, each later than the one before."
)
NO_RULE_QUOTED = CaseRefused(
    "no_rule_quoted", "受政策限制的，须引用具体政策条文。", "Held back by policy: quote the rule that holds it back."
)
NO_REVIEW_DATE = CaseRefused(
    "no_review_date", "受政策限制的，须写明今后的复查日期。", "Held back by policy: say when it is looked at again."
)


CONFERENCE_HOLDS = CaseRefused(
    "held_by_conference",
    "联席会议决定暂缓办理，到复查日期方可制定方案；需提前的，请提请联席会议重新决定。",
    "A joint conference holds it back: no plan before the date of review, unless a conference decides anew.",
)


def decide_plan(
    case: Case, draft: Draft, now: datetime, policy: EvaluationPolicy, rule: PlanRule = NO_RULE
) -> Case | CaseRefused:
    """The case with the plan as its next version, in force or with its reviewer, or why not."""
    if case.state not in WORKING:
        return NOT_WORKING
    if case.plan_mode == HELD_BY_CONFERENCE:
        return CONFERENCE_HOLDS
    wrong = _wrong_dates(draft.due, now) or _wrong_for_mode(draft, now, policy)
    if wrong:
        return wrong
    reviewer = reviewer_of(case, draft.mode, rule)
    return replace(
        case,
        plan_version=case.plan_version + 1,
        plan_mode=draft.mode.value,
        plan_review=PENDING if reviewer else "",
        plan_reviewer=reviewer,
        plan_by=draft.by if reviewer else "",
        open_to=(seat_of("lead", reviewer),) if reviewer else (),
        open_since=now,
        plan_measures=len(draft.due),
        measures_done=(),
        class_plan="",
        review_on=draft.review_on if draft.mode is Mode.HELD_BY_POLICY else None,
    )


def reviewer_of(case: Case, mode: Mode, rule: PlanRule) -> str:
    """The unit that reviews a plan; "" where it is in force at once: what is urgent, or done at once.

    Nobody holds a matter back by policy alone; other plans are reviewed where a rule asks for them. The lead unit
    reviews, supervision what is held back and what the lead unit handles itself.
    """
    if case.is_urgent or mode is Mode.AT_ONCE:
        return ""
    if mode is Mode.HELD_BY_POLICY:
        return supervision_of(case.division)
    return reviewing_unit(case) if rule.asks else ""


def reviewing_unit(case: Case) -> str:
    """Who looks at the work of a unit: its lead unit, or the supervision office where it is its own."""
    is_led = case.lead_unit not in ("", case.unit)
    return case.lead_unit if is_led else supervision_of(case.division)


def _wrong_dates(due: Sequence[datetime], now: datetime) -> CaseRefused | None:
    if len(due) > MEASURES_AT_MOST:
        return TOO_MANY_MEASURES
    return MEASURE_IN_THE_PAST if any(each < now for each in due) else None


def _wrong_for_mode(draft: Draft, now: datetime, policy: EvaluationPolicy) -> CaseRefused | None:
    match draft.mode:
        case Mode.HELD_BY_POLICY:
            return _wrong_policy(draft, now)
        case _ if not draft.due:
            return NO_MEASURES
        case Mode.AT_ONCE if max(draft.due) > now + policy.at_once_within:
            return NOT_AT_ONCE
        case Mode.IN_PHASES if len(draft.due) < 2 or list(draft.due) != sorted(set(draft.due)):
            return NOT_IN_PHASES
        case _:
            return None


def _wrong_policy(draft: Draft, now: datetime) -> CaseRefused | None:
    if not draft.quotes_rule:
        return NO_RULE_QUOTED
    return NO_REVIEW_DATE if draft.review_on is None or draft.review_on <= now else None


def decide_progress(case: Case) -> Case | CaseRefused:
    """The case with one more report of progress."""
    if case.state not in WORKING:
        return NOT_WORKING
    return replace(case, progress=case.progress + 1)
