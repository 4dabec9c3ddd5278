"""What every handler of feedback needs: the policy, whose case it is, how a refusal is said."""

from contracts.envelope import Actor
from contracts.lifecycle import TicketState
from runtime.change import Reject
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused
from services.feedback.domain.policy import EvaluationPolicy

NOT_YOURS = CaseRefused("not_yours", "此事不由您单位办理。", "The matter is not your unit's.")


class UnderPolicy:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, policy: EvaluationPolicy) -> None:
        self._policy = policy


def of_unit(document: Case | None, actor: Actor | None) -> Case | CaseRefused:
    """The case, if whoever acts is the unit that handles it."""
    if document is None:
        return NOT_WORKING
    return document if actor is not None and actor.unit == document.unit else NOT_YOURS


def refusal(refused: CaseRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})


def answer(case: Case) -> dict[str, str]:
    ended = {"round": str(case.round), "state": case.state.value}
    return ended if case.state is not TicketState.WITHDRAWN else {"state": case.state.value}
