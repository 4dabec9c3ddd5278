"""Routing's document: where a matter stands between registration and acceptance. 交办、受理、退回、裁定."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.routing.domain.units import Unit

RETURNS_UNTIL_DISPUTE = 2  # *ours*: from the second return on, the supervision office decides, bindingly


@dataclass(frozen=True, slots=True)
class Ground:
    """退回理由: one of a list; free text alone is no ground."""

    code: str
    zh: str
    en: str


GROUNDS = (
    Ground("not_our_duty", "不属于本单位职责", "Not this unit's duty"),
    Ground("wrong_division", "不属于本辖区", "Not in this division"),
    Ground("other_unit_leads", "应由其他单位牵头", "Another unit should lead"),
    Ground("already_handled", "已由其他单位办理", "Another unit handles it already"),
    Ground("several_matters", "一件多事，须拆分", "Several matters in one: to be split"),
    Ground("facts_unclear", "事实不清，无法办理", "The facts are unclear"),
    Ground("beyond_powers", "超出本级权限", "Beyond the powers of this level"),
)


class State(StrEnum):
    """What routing calls a matter; the names are the lifecycle's."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


WAITING = (State.QUEUED, State.ASSIGNED, State.DISPUTED)
"""States in which routing holds the baton."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A voter, passed on by value."""

    index: int
    code_digest: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One matter. ``hop`` counts assignments, ``returns`` returns (the ping-pong count); ``binding``: decided.

    ``division`` may be shorter than a county while it is not known. ``returned_by``: units that gave it back.
    """

    number: str
    state: State
    division: str
    registered_at: datetime
    voters: tuple[Seat, ...] = ()
    urgent: bool = False
    category: str = ""
    unit: str = ""
    lead_unit: str = ""
    hop: int = 0
    returns: int = 0
    binding: bool = False
    reason: str = ""
    candidates: tuple[str, ...] = ()
    returned_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that may not be granted now, and why, for people."""

    code: str
    zh: str
    en: str


NOT_WAITING = Refused("not_waiting", "此事现在不待交办。", "The matter does not wait for assignment.")
FOR_SUPERVISION = Refused("disputed", "此事有争议，待督查室裁定。", "Disputed: the supervision office decides.")
UNKNOWN_UNIT = Refused("unknown_unit", "没有这个单位，或已停用。", "No such unit, or no longer in force.")
OUTSIDE = Refused("outside_your_division", "该单位不在您的管辖范围内。", "The unit is outside your division.")
NOT_ASSIGNED = Refused("not_assigned", "此事现在不待受理。", "The matter does not wait for acceptance.")
NOT_YOURS = Refused("not_yours", "此事没有交给您单位。", "The matter is not assigned to your unit.")
UNKNOWN_STANDARD = Refused("unknown_standard", "办理标准目录中没有此项。", "No such standard in the catalogue.")
NOT_ITS_STANDARD = Refused(
    "standard_not_allowed", "您单位不能选用此办理标准。", "Your unit may not choose this standard."
)
UNKNOWN_GROUND = Refused("unknown_ground", "退回理由不在清单内。", "The ground is not on the list.")
BINDING = Refused("binding", "督查室已裁定，不能再退回。", "The decision of the supervision office binds.")
ENDED = Refused("ended", "此事已结束。", "The matter has ended.")


@dataclass(frozen=True, slots=True)
class Giver:
    """Who assigns: a lead unit or the supervision office, and the division prefix that it answers for."""

    division: str
    is_supervision: bool


def given_to(assignment: Assignment, unit: Unit, category: str, *, binding: bool) -> Assignment:
    """交办: the next hop. A unit that cannot act where the matter was thought to be moves it to its own division."""
    division = assignment.division
    return replace(
        assignment,
        state=State.ASSIGNED,
        division=division if division.startswith(unit.division) else unit.division,
        unit=unit.code,
        lead_unit=unit.lead_unit,
        category=category,
        hop=assignment.hop + 1,
        binding=binding,
        reason="",
        candidates=(),
    )


def decide_assignment(
    assignment: Assignment, unit: Unit | None, category: str, giver: Giver, now: datetime
) -> Assignment | Refused:
    """一键交办; while disputed only the supervision office, and its word binds."""
    if assignment.state not in (State.QUEUED, State.DISPUTED):
        return NOT_WAITING
    is_disputed = assignment.state is State.DISPUTED
    if is_disputed and not giver.is_supervision:
        return FOR_SUPERVISION
    if unit is None or not unit.is_in_force(now):
        return UNKNOWN_UNIT
    if not (unit.division.startswith(giver.division) or giver.division.startswith(unit.division)):
        return OUTSIDE
    return given_to(assignment, unit, category or assignment.category, binding=is_disputed)


def decide_acceptance(assignment: Assignment, unit: Unit | None, by: str, standard: str | None) -> Assignment | Refused:
    """受理 by the unit that has it, under a standard that it may choose. ``standard``: its code, None when unknown."""
    if refused := _not_for(assignment, by):
        return refused
    if standard is None:
        return UNKNOWN_STANDARD
    if unit is None or standard not in unit.standards:
        return NOT_ITS_STANDARD
    return replace(assignment, state=State.HANDED_OVER)


def decide_return(assignment: Assignment, by: str, ground: str) -> Assignment | Refused:
    """退回 with a ground of the list: to the lead unit, from the second time on to the supervision office."""
    if refused := _not_for(assignment, by):
        return refused
    if assignment.binding:
        return BINDING
    if ground not in {each.code for each in GROUNDS}:
        return UNKNOWN_GROUND
    returns = assignment.returns + 1
    return replace(
        assignment,
        state=State.DISPUTED if returns >= RETURNS_UNTIL_DISPUTE else State.QUEUED,
        returns=returns,
        unit="",
        reason="returned",
        returned_by=(*assignment.returned_by, by),
    )


def decide_withdrawal(assignment: Assignment) -> Assignment | Refused:
    """撤回, while routing holds the baton."""
    return ENDED if assignment.state not in WAITING else replace(assignment, state=State.WITHDRAWN)


def _not_for(assignment: Assignment, by: str) -> Refused | None:
    if assignment.state is not State.ASSIGNED:
        return NOT_ASSIGNED
    return None if by and by == assignment.unit else NOT_YOURS
