"""Which request a role may send in which state, and where: one table for services, pages and other systems.

What else a service looks at (whose matter it is, a reason, evidence) it says itself when it refuses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.lifecycle import MOVES, TicketState
from contracts.vocabulary import Pair

REPORTER = "reporter"
"""Whoever shows number and code; the other roles are those of staff."""
Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action. ``service``: whose API takes it; ``path``: behind the number; ``may``: state → the roles that may.
    ``of_unconfirmed``: only of a seat that is not confirmed.
    """

    name: Pair
    service: str
    path: str
    may: Mapping[TicketState, Roles]
    of_unconfirmed: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """All that may in some state."""
        return frozenset(role for roles in self.may.values() for role in roles)


def _in(states: tuple[TicketState, ...], *roles: str) -> Mapping[TicketState, Roles]:
    return dict.fromkeys(states, roles)


_S = TicketState
_WORKING = (_S.IN_HAND, _S.REWORK)
_IN_HAND = (*_WORKING, _S.UNDER_REVIEW, _S.AWAITING_EVALUATION, _S.STRUCK_OFF)
_GIVING_OUT = (_S.QUEUED, _S.ASSIGNED, _S.DISPUTED)
_ADDABLE = (_S.INVALID, _S.REGISTERED, *_GIVING_OUT, *_WORKING, _S.UNDER_REVIEW, _S.AWAITING_EVALUATION)
_WITHDRAWABLE = tuple(state for state in TicketState if "TicketWithdrawn" in MOVES[state])
_CONFIRMABLE = (*_WITHDRAWABLE, _S.STRUCK_OFF)


def _of_the_unit(zh: str, en: str, path: str) -> ActionRow:
    return ActionRow(name=(zh, en), service="feedback", path=path, may=_in(_WORKING, "unit"))


ACTIONS: Mapping[str, ActionRow] = {
    "SupplementTicket": ActionRow(
        name=("补充情况", "Add something"), service="intake", path="supplements", may=_in(_ADDABLE, REPORTER)
    ),
    "WithdrawTicket": ActionRow(
        name=("撤回", "Withdraw"), service="intake", path="withdrawal", may=_in(_WITHDRAWABLE, REPORTER)
    ),
    "ConfirmSeat": ActionRow(
        name=("确认参加", "Confirm the seat"),
        service="intake",
        path="confirmation",
        may=_in(_CONFIRMABLE, REPORTER),
        of_unconfirmed=True,
    ),
    "EraseIdentity": ActionRow(
        name=("销毁身份信息", "Destroy the identity"),
        service="intake",
        path="erasure",
        may=_in(tuple(TicketState), REPORTER),
    ),
    "EvaluateTicket": ActionRow(
        name=("评价", "Evaluate"), service="feedback", path="evaluation", may=_in((_S.AWAITING_EVALUATION,), REPORTER)
    ),
    "AssignTicket": ActionRow(
        name=("交办", "Assign"),
        service="routing",
        path="assignment",
        may={_S.QUEUED: ("lead", "supervisor"), _S.DISPUTED: ("supervisor",)},
    ),
    "AcceptTicket": ActionRow(
        name=("受理", "Accept"), service="routing", path="acceptance", may=_in((_S.ASSIGNED,), "unit")
    ),
    "ReturnTicket": ActionRow(
        name=("退回", "Return"), service="routing", path="return", may=_in((_S.ASSIGNED,), "unit")
    ),
    "JudgeUrgency": ActionRow(
        name=("特急认定", "Judge the urgency"),
        service="routing",
        path="urgency",
        may=_in((*_GIVING_OUT, *_IN_HAND), "unit", "lead", "supervisor"),
    ),
    "VerifyMatter": ActionRow(
        name=("核实", "Verify"),
        service="feedback",
        path="verification",
        may=_in(_WORKING, "unit", "lead", "supervisor"),
    ),
    "PlanTicket": _of_the_unit("办理方案", "Make a plan", "plan"),
    "ReviewPlan": ActionRow(
        name=("审核方案", "Review the plan"),
        service="feedback",
        path="plan-review",
        may=_in(_WORKING, "lead", "supervisor"),
    ),
    "ReportMeasure": _of_the_unit("报告措施", "Report a measure", "measures"),
    "ReportProgress": _of_the_unit("办理进展", "Report progress", "progress"),
    "RecordContact": _of_the_unit("记录联系", "Record a contact", "contact"),
    "AskReporter": _of_the_unit("询问反映人", "Ask the reporter", "question"),
    "CompleteTicket": _of_the_unit("办结", "Complete", "completion"),
    "ReviewCompletion": ActionRow(
        name=("验收", "Review the work"),
        service="feedback",
        path="review",
        may=_in((_S.UNDER_REVIEW,), "unit", "head", "lead", "leader", "supervisor"),
    ),
    "AskProgress": ActionRow(
        name=("催问进展", "Ask for progress"),
        service="feedback",
        path="progress-request",
        may=_in(_WORKING, "lead", "supervisor"),
    ),
    "RecordAttempt": ActionRow(
        name=("记录未接通", "Record an attempt"),
        service="feedback",
        path="look-back-attempt",
        may=_in((_S.AWAITING_EVALUATION,), "clerk", "lead", "supervisor"),
    ),
    "RecordLookBack": ActionRow(
        name=("回访", "Look back"),
        service="feedback",
        path="look-back",
        may=_in((_S.AWAITING_EVALUATION,), "clerk", "lead", "supervisor"),
    ),
    "ReopenTicket": ActionRow(
        name=("复号", "Reopen"), service="feedback", path="reopening", may=_in((_S.STRUCK_OFF,), "supervisor")
    ),
    "RecordAccountability": ActionRow(
        name=("追责问责", "Record who was held to account"),
        service="feedback",
        path="accountability",
        may=_in((*_IN_HAND, _S.WITHDRAWN), "supervisor"),
    ),
    "RecordRule": ActionRow(
        name=("建章立制", "Record a rule that was made"),
        service="feedback",
        path="rules",
        may=_in((*_IN_HAND, _S.WITHDRAWN), "unit", "lead", "supervisor"),
    ),
    "CheckTicket": ActionRow(
        name=("列入抽查", "Put on the list of checks"),
        service="feedback",
        path="checks",
        may=_in((*_IN_HAND, _S.WITHDRAWN), "supervisor"),
    ),
    "RecordCheck": ActionRow(
        name=("抽查结果", "Record a check"),
        service="feedback",
        path="check-result",
        may=_in((*_IN_HAND, _S.WITHDRAWN), "supervisor"),
    ),
}
"""Type of the request → its row; each is sent as POST /v1/tickets/{number}/<path>."""


def of_role(role: str) -> Iterator[tuple[str, ActionRow]]:
    """What a role may ever ask for."""
    return ((request, row) for request, row in ACTIONS.items() if role in row.roles)


def allows(row: ActionRow, role: str, state: TicketState) -> bool:
    """Whether the role may ask for it where the matter stands."""
    return role in row.may.get(state, ())
