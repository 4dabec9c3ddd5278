"""What a vote makes of a matter: struck off, rework, or nothing yet."""

from contracts import values
from contracts.envelope import Body
from contracts.messages import feedback
from runtime.change import Change, Reject
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.evaluation.gate import Tally, Verdict
from services.feedback.handlers.shared import answer, refusal

NOBODY_COUNTED = Tally(0, 0, 0, filer_heard=False)


def through_the_gate(counted: rounds.Counted | CaseRefused, fact: Body) -> Change[Case] | Reject:
    """The vote, and what it makes of the matter."""
    if isinstance(counted, CaseRefused):
        return refusal(counted)
    return Change(counted.case, (fact, *outcome(counted)), answer(counted.case))


def outcome(counted: rounds.Counted) -> tuple[Body, ...]:
    """Open: struck off. Shut: rework. Pending: nothing yet."""
    case, tally = counted.case, counted.tally
    match counted.verdict:
        case Verdict.OPEN:
            struck_off = feedback.TicketStruckOff(
                number=case.number, round=case.round, votes=tally.votes, satisfied=tally.satisfied, unit=case.unit
            )
            return (struck_off,)
        case Verdict.SHUT:
            return (rework(case, tally, counted.reason),)
        case Verdict.PENDING:
            return ()


def rework(case: Case, tally: Tally, reason: str) -> feedback.ReworkOrdered:
    """重办: ``case`` is the one after the decision, in its fresh round."""
    return feedback.ReworkOrdered(
        round=case.round,
        unit=case.unit,
        votes=tally.votes,
        dissatisfied=tally.dissatisfied,
        reason=reason,
        count=case.reworks,
        reviewer=rounds.reviewer_of(case),
        standard=values.HandlingStandard.model_validate_json(case.standard),
    )
