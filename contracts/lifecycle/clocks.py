"""The kinds of clock as rows: what each runs from, what its due instant is about, in which states it makes a light."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.lifecycle.states import STATES, Phase, TicketState
from contracts.vocabulary import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A kind of clock. ``begins``: the event it runs from, for explanations. ``counts_in``: the states in which it
    makes a light. ``starts_with``: the states that never begin without one. ``promised``: reporters hear when it moves.
    ``unannounced``: nobody is told of its colours, nor ordered: its end comes by itself. ``unordered``: whoever is late
    is told, and ordered only where a published ladder says so.
    """

    name: Pair
    begins: Pair
    phase: Phase
    counts_in: tuple[TicketState, ...]
    starts_with: tuple[TicketState, ...] = ()
    promised: bool = False
    unannounced: bool = False
    unordered: bool = False


def _planning(name: Pair, begins: Pair, phase: Phase = Phase.COMPLETION, *, unannounced: bool = False) -> ClockRow:
    at_work = TicketState.IN_HAND, TicketState.REWORK
    return ClockRow(name=name, begins=begins, phase=phase, counts_in=at_work, unannounced=unannounced)


def _deciding(name: Pair, begins: Pair) -> ClockRow:
    return ClockRow(name=name, begins=begins, phase=Phase.DECISION, counts_in=())


CLOCKS: Mapping[str, ClockRow] = {
    "assign_by": ClockRow(
        name=("交办时限", "To be handed out by"),
        begins=("转入待交办", "coming to the desk that hands out"),
        phase=Phase.ACCEPTANCE,
        counts_in=(TicketState.REGISTERED, TicketState.QUEUED, TicketState.DISPUTED),
        starts_with=(TicketState.QUEUED, TicketState.DISPUTED),
    ),
    "accept_by": ClockRow(
        name=("受理时限", "To be accepted by"),
        begins=("交办", "assignment"),
        phase=Phase.ACCEPTANCE,
        counts_in=(TicketState.ASSIGNED,),
        starts_with=(TicketState.ASSIGNED,),
    ),
    # before acceptance only an urgent matter's, which no return stops
    "complete_by": ClockRow(
        name=("办结时限", "To be completed by"),
        begins=("受理", "acceptance"),
        phase=Phase.COMPLETION,
        counts_in=(
            TicketState.REGISTERED,
            TicketState.QUEUED,
            TicketState.ASSIGNED,
            TicketState.DISPUTED,
            TicketState.IN_HAND,
            TicketState.UNDER_REVIEW,
        ),
        promised=True,
    ),
    "rework_by": ClockRow(
        name=("重办时限", "To be done again by"),
        begins=("重办", "the order to rework"),
        phase=Phase.COMPLETION,
        counts_in=(TicketState.REWORK, TicketState.UNDER_REVIEW),
        starts_with=(TicketState.REWORK,),
        promised=True,
    ),
    # of a level outside the unit, while the clock of the work rests: no overdue matter hides at a reviewer's
    "review_by": ClockRow(
        name=("验收时限", "To be reviewed by"),
        begins=("送交验收", "coming to the reviewer"),
        phase=Phase.COMPLETION,
        counts_in=(TicketState.UNDER_REVIEW,),
    ),
    # of the unit: to be late with a plan is not to be late with the work
    "plan_by": _planning(
        ("方案制定时限", "Plan to be made by"), ("受理或方案退回", "acceptance, or the plan sent back"), Phase.DECISION
    ),
    # of the unit: a word to the reporters, whatever becomes of the work; it runs on beside it (ADR 49)
    "contact_by": ClockRow(
        name=("即时沟通时限", "Reporters to be contacted by"),
        begins=("受理", "acceptance"),
        phase=Phase.DECISION,
        counts_in=(TicketState.IN_HAND,),
        unordered=True,
    ),
    # of whoever reviews a plan, while the clock of the work rests: nothing overdue hides at a reviewer's
    "plan_review_by": _planning(
        ("方案审核时限", "Plan to be reviewed by"), ("方案送审", "the plan coming to its reviewer")
    ),
    # of what an approved plan or a joint conference holds back, while the clock of the work rests
    "held_until": _planning(("暂缓期限", "Held back until"), ("暂缓办理", "holding it back"), unannounced=True),
    # of whoever decides: the clock that more time is asked for runs on
    "approve_by": _deciding(("批复时限", "To be decided by"), ("申请延长或中止", "asking for more time")),
    # of who was ordered: it answers item by item
    "answer_by": _deciding(("督办答复时限", "To be answered by"), ("督办", "the supervision order")),
}
"""Kind → its row. A reader that meets a kind of a later build lets it count wherever somebody has to do something."""

CLOCK_NAMES: Mapping[str, Pair] = {kind: row.name for kind, row in CLOCKS.items()}
PROMISED = tuple(kind for kind, row in CLOCKS.items() if row.promised)
"""The clocks of the work, of which reporters were promised the end; the others are between desks, units, reviewers."""
UNANNOUNCED = tuple(kind for kind, row in CLOCKS.items() if row.unannounced)

UNORDERED = tuple(kind for kind, row in CLOCKS.items() if row.unordered)


def counts(kind: str, state: TicketState) -> bool:
    """Whether a clock of this kind makes a light in this state: none does where nobody has to do anything."""
    row = CLOCKS.get(kind)
    return STATES[state].waits_for is not None if row is None else state in row.counts_in


def clocks_of(phase: Phase) -> tuple[str, ...]:
    """The kinds of clock whose due instant is about this phase."""
    return tuple(kind for kind, row in CLOCKS.items() if row.phase is phase)
