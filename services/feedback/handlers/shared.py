"""What every handler of feedback needs: the policy, whose case it is, how a refusal is said."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Actor, Message
from contracts.lifecycle import TicketState
from contracts.messages.feedback import PlanLapsed
from runtime.change import Reject
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused, ChainLevel, person_digest, seats_of
from services.feedback.domain.completion.completion import Exhibit
from services.feedback.domain.plan.plans import PlanRule
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.ports import NOTHING_PUBLISHED, PublishedRules

OVER_UNITS = ("lead", "supervisor")
"""Roles that look into the matters of other units."""
NOT_YOURS = CaseRefused("not_yours", "此事不由您单位办理。", "The matter is not your unit's.")


class UnderPolicy:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, policy: EvaluationPolicy, rules: PublishedRules = NOTHING_PUBLISHED) -> None:
        self._policy, self._rules = policy, rules

    def _chain(self, case: Case, at: datetime) -> tuple[ChainLevel, ...]:
        return () if case.is_urgent else self._rules.chain(case.division, case.category_code, at)

    def _plan_rule(self, case: Case, at: datetime) -> PlanRule:
        return self._rules.plan_rule(case.division, case.category_code, standard_of(case), at)


def standard_of(case: Case) -> str:
    """The code of the standard under which the unit accepted."""
    return values.HandlingStandard.model_validate_json(case.standard).code


def lapsed(case: Case) -> PlanLapsed:
    """恢复办理: that nothing holds the matter back any more, with the promise that runs on."""
    return PlanLapsed(standard=values.HandlingStandard.model_validate_json(case.standard))


def by_of(message: Message[Any]) -> str:
    """The digest of who acts, within this matter."""
    return person_digest(message.key, message.actor.principal if message.actor else "")


def seats(actor: Actor | None) -> frozenset[str]:
    """The seats that whoever acts sits in."""
    return seats_of(actor.role, actor.unit, actor.principal) if actor else frozenset()


def exhibits(evidence: Iterable[values.Evidence]) -> list[Exhibit]:
    """Evidence as the rules see it."""
    return [Exhibit(**dict(each)) for each in evidence]


def of_unit(document: Case | None, actor: Actor | None) -> Case | CaseRefused:
    """The case, if whoever acts is the unit that handles it."""
    if document is None:
        return NOT_WORKING
    return document if actor is not None and actor.unit == document.unit else NOT_YOURS


def of_unit_or_over(document: Case | None, actor: Actor | None) -> Case | CaseRefused:
    """The case, if whoever acts is the unit that handles it, or watches over units."""
    if document is not None and actor is not None and actor.role in OVER_UNITS:
        return document
    return of_unit(document, actor)


def refusal(refused: CaseRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})


def answer(case: Case) -> dict[str, str]:
    ended = {"round": str(case.round), "state": case.state.value}
    return ended if case.state is not TicketState.WITHDRAWN else {"state": case.state.value}
