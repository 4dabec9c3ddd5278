"""Routing's document: where a matter stands between registration and acceptance. 交办、受理、退回、裁定."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.vocabulary import GROUNDS
from services.routing.domain.unit.standards import OfferedStandard
from services.routing.domain.unit.units import Unit, present

RETURNS_UNTIL_DISPUTE = 2  # *ours*: from the second return on, the supervision office decides, bindingly


class AssignmentState(StrEnum):
    """What routing calls a matter; the names are the lifecycle's."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


WAITING = (AssignmentState.QUEUED, AssignmentState.ASSIGNED, AssignmentState.DISPUTED)
"""States in which routing holds the baton."""


@dataclass(frozen=True, slots=True)
class AssignmentVoter:
    """A voter, passed on by value."""

    index: int
    code_digest: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """One matter. ``hop`` counts assignments, ``returns`` returns (the ping-pong count); ``binding``: decided.

    ``division`` may be shorter than a county while it is not known; ``places``: those that it may be, codes.
    ``lead_unit``: whose line it is, at whose desk it waits. ``returned_by``: units that gave it back.
    ``urgency_level``: "now", "perhaps" or "no" ("": as ``urgent`` says); ``judge_by``: until when *perhaps* waits for a
    person's word; ``urgency_class`` and ``urgency_words``: what it rests on. ``look_at``: when it is looked again
    whether the unit that it waits for can promise something by now. ``reachable``: whether any of the reporters can be
    reached; None in documents that an earlier build began.
    """

    number: str
    state: AssignmentState
    division: str
    registered_at: datetime
    voters: tuple[AssignmentVoter, ...] = ()
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
    places: tuple[str, ...] = ()
    urgency_level: str = ""
    judge_by: datetime | None = None
    urgency_class: str = ""
    urgency_words: tuple[str, ...] = ()
    look_at: datetime | None = None
    reachable: bool | None = None

    @property
    def reporters(self) -> int:
        """How many confirmed that they report it; whoever filed it did."""
        return max(1, sum(seat.confirmed for seat in self.voters))


@dataclass(frozen=True, slots=True)
class AssignmentRefused:
    """A request that may not be granted now, and why, for people."""

    code: str
    zh: str
    en: str


NOT_WAITING = AssignmentRefused("not_waiting", "此事现在不待交办。", "The matter does not wait for assignment.")
FOR_SUPERVISION = AssignmentRefused(
    "disputed", "此事有争议，待督查室裁定。", "Disputed: the supervision office decides."
)
UNKNOWN_UNIT = AssignmentRefused("unknown_unit", "没有这个单位，或已停用。", "No such unit, or no longer in force.")
UNATTENDED = AssignmentRefused(
    "unit_unattended",
    "该单位和代管单位现在都无人值守，请改选其他单位。",
    "Nobody is on duty in the unit or its stand-in: choose another unit.",
)
UNIT_NOT_LIVE = AssignmentRefused(
    "unit_not_live",
    "该单位有职责尚无可选的办理标准，不能交办。请先发布标准（见 /v1/standards/gaps），或改选其他单位。",
    "A duty of the unit has no handling standard that it may choose: publish one (see /v1/standards/gaps), or choose "
    "another unit.",
)
OUTSIDE = AssignmentRefused("outside_your_division", "该单位不在您的管辖范围内。", "The unit is outside your division.")
NOT_YOUR_LINE = AssignmentRefused(
    "not_your_line",
    "该单位不归您单位牵头，此事也不在您单位待交办，请由其牵头单位或督查室交办。",
    "Your unit does not lead that unit, and the matter does not wait at your desk: its lead unit or the supervision "
    "office assigns it.",
)
CATEGORY_NEEDED = AssignmentRefused(
    "category_needed",
    "此事还没有类别。请在交办时选定类别（填 category，代码见分类体系）。",
    "The matter has no category yet: choose one with the assignment (category; the codes are at /v1/categories).",
)
REASON_NEEDED = AssignmentRefused(
    "reason_needed",
    "裁定须说明理由。请填写理由（reason）后重新提交。",
    "A decision in a dispute needs a reason: give one (reason) and send it again.",
)
RETURNED_BY_IT = AssignmentRefused(
    "returned_by_this_unit",
    "该单位已退回此事，请改选其他单位。",
    "This unit gave the matter back: choose another one.",
)
NOT_ASSIGNED = AssignmentRefused("not_assigned", "此事现在不待受理。", "The matter does not wait for acceptance.")
NOT_YOURS = AssignmentRefused("not_yours", "此事没有交给您单位。", "The matter is not assigned to your unit.")
UNKNOWN_GROUND = AssignmentRefused("unknown_ground", "退回理由不在清单内。", "The ground is not on the list.")
BINDING = AssignmentRefused("binding", "督查室已裁定，不能再退回。", "The decision of the supervision office binds.")
ENDED = AssignmentRefused("ended", "此事已结束。", "The matter has ended.")
CONFIRMED_ALREADY = AssignmentRefused(
    "confirmed_already",
    "此席位无须确认，或已经确认。",
    "This seat needs no confirmation, or has it already.",
)
COLLECTIVE = AssignmentRefused(
    "collective",
    "此事还有其他反映人，不能由一人撤回；办结后请照实评价。",
    "Others reported it too: nobody withdraws it alone. Evaluate it once it is done.",
)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who assigns: a lead unit or the supervision office, and the division prefix that it answers for.

    ``unit``: of a lead unit that leads a line of units; "" answers for the whole division.
    """

    division: str
    is_supervision: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a giver chose: a unit (None: there is none), who stands in for it, the lead units above it, the nearest
    first, the category ("" as it is), and whether a reason was given."""

    unit: Unit | None
    stand_in: Unit | None = None
    line: tuple[str, ...] = ()
    category: str = ""
    has_reason: bool = False


def given_to(assignment: Assignment, unit: Unit, category: str, *, binding: bool) -> Assignment:
    """交办: the next hop. A unit that cannot act where the matter was thought to be moves it to its own division."""
    division = assignment.division
    return replace(
        assignment,
        state=AssignmentState.ASSIGNED,
        division=division if division.startswith(unit.division) else unit.division,
        unit=unit.code,
        lead_unit=unit.lead_unit,
        category=category,
        hop=assignment.hop + 1,
        binding=binding,
        reason="",
        candidates=(),
        places=(),
        look_at=None,
    )


def decide_assignment(
    assignment: Assignment, choice: Choice, giver: Giver, now: datetime
) -> Assignment | AssignmentRefused:
    """一键交办; while disputed only the supervision office, with a reason, and its word binds."""
    if refused := _may_not_give(assignment, choice, giver, now):
        return refused
    unit = present(choice.unit, (choice.stand_in,) if choice.stand_in else (), now) if choice.unit else None
    if unit is None or not unit.is_live:
        return UNIT_NOT_LIVE if unit else UNATTENDED
    is_disputed, category = assignment.state is AssignmentState.DISPUTED, choice.category or assignment.category
    if not category:
        return CATEGORY_NEEDED
    if is_disputed and not choice.has_reason:
        return REASON_NEEDED
    if unit.code in assignment.returned_by and not is_disputed:
        return RETURNED_BY_IT
    return given_to(assignment, unit, category, binding=is_disputed)


def _may_not_give(assignment: Assignment, choice: Choice, giver: Giver, now: datetime) -> AssignmentRefused | None:
    """Why this giver may not give this matter to this unit."""
    unit = choice.unit
    if assignment.state not in (AssignmentState.QUEUED, AssignmentState.DISPUTED):
        return NOT_WAITING
    if assignment.state is AssignmentState.DISPUTED and not giver.is_supervision:
        return FOR_SUPERVISION
    if unit is None or not unit.is_in_force(now):
        return UNKNOWN_UNIT
    if not (unit.division.startswith(giver.division) or giver.division.startswith(unit.division)):
        return OUTSIDE
    return None if giver.is_supervision or _is_its_line(assignment, choice, unit, giver.unit) else NOT_YOUR_LINE


def _is_its_line(assignment: Assignment, choice: Choice, unit: Unit, lead: str) -> bool:
    """Whether a lead unit leads the chosen unit, or has the matter at its desk; at nobody's, it is at every lead's."""
    return not lead or assignment.lead_unit in ("", lead) or lead in (unit.code, *choice.line)


def decide_acceptance(
    assignment: Assignment, by: str, wanted: str, choices: Sequence[OfferedStandard], *, exists: bool
) -> Assignment | AssignmentRefused:
    """受理 by the unit that has it, under one of the standards that it may choose. ``exists``: in the catalogue."""
    if refused := _not_for(assignment, by):
        return refused
    if wanted not in {promise.code for promise in choices}:
        return _not_to_be_chosen(choices, exists=exists)
    return replace(assignment, state=AssignmentState.HANDED_OVER)


def _not_to_be_chosen(choices: Sequence[OfferedStandard], *, exists: bool) -> AssignmentRefused:
    """The refusal names what may be chosen instead."""
    zh = f"此事可选用：{'、'.join(f'{each.code} {each.zh}' for each in choices) or '无'}。"
    en = f"For this matter it may choose: {', '.join(f'{each.code} ({each.en})' for each in choices) or 'none'}."
    if not exists:
        return AssignmentRefused(
            "unknown_standard", f"办理标准目录中没有此项。{zh}", f"No such standard in the catalogue. {en}"
        )
    return AssignmentRefused(
        "standard_not_allowed", f"您单位不能对此事选用此办理标准。{zh}", f"Not for this unit and this matter. {en}"
    )


def decide_return(assignment: Assignment, by: str, ground: str) -> Assignment | AssignmentRefused:
    """退回 with a ground of the list: to the lead unit, from the second time on to the supervision office."""
    if refused := _not_for(assignment, by):
        return refused
    if assignment.binding:
        return BINDING
    if ground not in GROUNDS:
        return UNKNOWN_GROUND
    returns = assignment.returns + 1
    return replace(
        assignment,
        state=AssignmentState.DISPUTED if returns >= RETURNS_UNTIL_DISPUTE else AssignmentState.QUEUED,
        returns=returns,
        unit="",
        reason="returned",
        returned_by=(*assignment.returned_by, by),
    )


def decide_withdrawal(assignment: Assignment) -> Assignment | AssignmentRefused:
    """撤回, while routing holds the baton; not by one of several reporters."""
    if assignment.state not in WAITING:
        return ENDED
    return COLLECTIVE if assignment.reporters > 1 else replace(assignment, state=AssignmentState.WITHDRAWN)


def decide_confirmation(assignment: Assignment, voter: int) -> Assignment | AssignmentRefused:
    """确认席位, while routing holds the baton: the seat is handed on as one that counts."""
    if assignment.state not in WAITING:
        return ENDED
    seats = tuple(replace(seat, confirmed=seat.confirmed or seat.index == voter) for seat in assignment.voters)
    return CONFIRMED_ALREADY if seats == assignment.voters else replace(assignment, voters=seats)


def _not_for(assignment: Assignment, by: str) -> AssignmentRefused | None:
    if assignment.state is not AssignmentState.ASSIGNED:
        return NOT_ASSIGNED
    return None if by and by == assignment.unit else NOT_YOURS
