"""The states of a ticket as rows: who holds the baton in each, where it is counted, and the legal moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.vocabulary import Pair


class TicketState(StrEnum):
    """Where a ticket stands. A light is never a state."""

    INVALID = "invalid"
    REGISTERED = "registered"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    IN_HAND = "in_hand"
    UNDER_REVIEW = "under_review"
    AWAITING_EVALUATION = "awaiting_evaluation"
    REWORK = "rework"
    STRUCK_OFF = "struck_off"
    WITHDRAWN = "withdrawn"


class Lane(StrEnum):
    """A column of the live board: 登记 → 交办 → 受理 → 办理 → 评价 → 销号."""

    REGISTERED = "registered"
    ASSIGNING = "assigning"
    ACCEPTING = "accepting"
    HANDLING = "handling"
    EVALUATING = "evaluating"
    STRUCK_OFF = "struck_off"


class OfficialCounter(StrEnum):
    """The six counters of the public board (E11) in their official order; they sum to all valid tickets."""

    STRUCK_OFF = "struck_off"
    AWAITING_REVIEW = "awaiting_review"
    IN_HAND = "in_hand"
    OVERDUE_UNFINISHED = "overdue_unfinished"
    ACCEPTING = "accepting"
    OVERDUE_UNACCEPTED = "overdue_unaccepted"


class Phase(StrEnum):
    """What the due instant of a clock is about: a unit's acceptance, the end of the work, a decision beside them."""

    ACCEPTANCE = "acceptance"
    COMPLETION = "completion"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """A state. ``holder``: the service that may change it. ``counter``, and past its due instant ``overdue``: where it
    is counted; None: outside the six. ``lane``: its column on the board, None: not on it. ``waits_for``: whose due
    instant makes it overdue; None: nobody has to do anything.
    """

    name: Pair
    holder: str
    counter: OfficialCounter | None = None
    overdue: OfficialCounter | None = None
    lane: Lane | None = None
    waits_for: Phase | None = None


_ACCEPTING = OfficialCounter.ACCEPTING, OfficialCounter.OVERDUE_UNACCEPTED
_IN_HAND = OfficialCounter.IN_HAND, OfficialCounter.OVERDUE_UNFINISHED


def _accepting(name: Pair, lane: Lane) -> StateRow:
    counter, overdue = _ACCEPTING
    return StateRow(
        name=name, holder="routing", counter=counter, overdue=overdue, lane=lane, waits_for=Phase.ACCEPTANCE
    )


def _working(name: Pair) -> StateRow:
    counter, overdue = _IN_HAND
    return StateRow(
        name=name, holder="feedback", counter=counter, overdue=overdue, lane=Lane.HANDLING, waits_for=Phase.COMPLETION
    )


STATES: Mapping[TicketState, StateRow] = {
    TicketState.INVALID: StateRow(name=("不予受理", "Not valid"), holder="intake"),
    TicketState.REGISTERED: _accepting(("已登记", "Registered"), Lane.REGISTERED),
    TicketState.QUEUED: _accepting(("待交办", "Waiting for a unit"), Lane.ASSIGNING),
    TicketState.ASSIGNED: _accepting(("待受理", "Waiting to be accepted"), Lane.ACCEPTING),
    TicketState.DISPUTED: _accepting(("待裁定", "Disputed, to be decided"), Lane.ASSIGNING),
    TicketState.IN_HAND: _working(("办理中", "In hand")),
    TicketState.UNDER_REVIEW: StateRow(
        name=("待验收", "Under review"),
        holder="feedback",
        counter=OfficialCounter.AWAITING_REVIEW,
        overdue=OfficialCounter.OVERDUE_UNFINISHED,
        lane=Lane.HANDLING,
        waits_for=Phase.COMPLETION,
    ),
    TicketState.AWAITING_EVALUATION: StateRow(
        name=("待评价", "Waiting for evaluation"),
        holder="feedback",
        counter=OfficialCounter.AWAITING_REVIEW,
        lane=Lane.EVALUATING,
    ),
    TicketState.REWORK: _working(("重办中", "Being done again")),
    TicketState.STRUCK_OFF: StateRow(
        name=("已销号", "Struck off"), holder="feedback", counter=OfficialCounter.STRUCK_OFF, lane=Lane.STRUCK_OFF
    ),
    TicketState.WITHDRAWN: StateRow(name=("已撤回", "Withdrawn"), holder=""),
}

ENDED = (TicketState.INVALID, TicketState.STRUCK_OFF, TicketState.WITHDRAWN)
"""States in which nobody has to do anything; a supplement or a failed check may still lead out of the first two."""

NEW = ""
"""Before the first fact."""

MOVES: Mapping[str, Mapping[str, TicketState]] = {
    NEW: {"TicketRegistered": TicketState.REGISTERED, "TicketScreenedOut": TicketState.INVALID},
    TicketState.INVALID: {
        "TicketRegistered": TicketState.REGISTERED,
        "TicketScreenedOut": TicketState.INVALID,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.REGISTERED: {"TicketAssigned": TicketState.ASSIGNED, "AssignmentQueued": TicketState.QUEUED},
    TicketState.QUEUED: {"TicketAssigned": TicketState.ASSIGNED, "TicketWithdrawn": TicketState.WITHDRAWN},
    TicketState.ASSIGNED: {
        "TicketAccepted": TicketState.IN_HAND,
        "TicketReturned": TicketState.QUEUED,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.DISPUTED: {"TicketAssigned": TicketState.ASSIGNED, "TicketWithdrawn": TicketState.WITHDRAWN},
    TicketState.IN_HAND: {
        "CompletionSubmitted": TicketState.UNDER_REVIEW,
        "TicketCompleted": TicketState.AWAITING_EVALUATION,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.UNDER_REVIEW: {
        "TicketCompleted": TicketState.AWAITING_EVALUATION,
        "ReviewRejected": TicketState.IN_HAND,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.AWAITING_EVALUATION: {
        "TicketStruckOff": TicketState.STRUCK_OFF,
        "ReworkOrdered": TicketState.REWORK,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.REWORK: {
        "CompletionSubmitted": TicketState.UNDER_REVIEW,
        "TicketCompleted": TicketState.AWAITING_EVALUATION,
        "TicketWithdrawn": TicketState.WITHDRAWN,
    },
    TicketState.STRUCK_OFF: {"ReworkOrdered": TicketState.REWORK},
    TicketState.WITHDRAWN: {},
}
"""State → the facts that may change it, and to what; a return that ends in a dispute leads to ``disputed`` instead.

Routing assigns or queues in the step in which it reads the registration, so nobody can withdraw in between.
"""

DISPUTE = (TicketState.ASSIGNED, TicketState.DISPUTED)
"""The move that a second return makes."""

REJECTION_OF_REWORK = (TicketState.UNDER_REVIEW, TicketState.REWORK)
"""The move that a rejection makes from the second round on: back to where the work came from."""

LANES: Mapping[str, Pair] = {
    Lane.REGISTERED: ("登记", "Registered"),
    Lane.ASSIGNING: ("交办", "Assignment"),
    Lane.ACCEPTING: ("受理", "Acceptance"),
    Lane.HANDLING: ("办理", "Handling"),
    Lane.EVALUATING: ("评价", "Evaluation"),
    Lane.STRUCK_OFF: ("销号", "Struck off"),
}

COUNTERS: Mapping[str, Pair] = {
    OfficialCounter.STRUCK_OFF: ("已销号", "Struck off"),
    OfficialCounter.AWAITING_REVIEW: ("办结待审核", "Awaiting review"),
    OfficialCounter.IN_HAND: ("办理中", "In hand"),
    OfficialCounter.OVERDUE_UNFINISHED: ("逾期未办结", "Overdue, unfinished"),
    OfficialCounter.ACCEPTING: ("待受理", "Awaiting acceptance"),
    OfficialCounter.OVERDUE_UNACCEPTED: ("逾期未受理", "Overdue, unaccepted"),
}

STATE_NAMES: Mapping[str, Pair] = {state.value: row.name for state, row in STATES.items()}


def waiting_for(phase: Phase) -> tuple[TicketState, ...]:
    """The states that are overdue once the due instant of this phase has passed."""
    return tuple(state for state, row in STATES.items() if row.waits_for is phase)
