"""核实 (E13): the unit at work, its lead unit or the supervision office says what is true of a matter."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import verification
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import finding, motion
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.handlers.shared import UnderPolicy, by_of, exhibits, of_unit_or_over, refusal


class FindingHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (on(verification.VerifyMatter, self.on_verify_matter),)

    def on_verify_matter(
        self, document: Case | None, message: Message[verification.VerifyMatter], now: datetime
    ) -> Result[Case]:
        """核实: what speaks for the unit at work stands once somebody outside it has found it, too."""
        case = of_unit_or_over(document, message.actor)
        if isinstance(case, CaseRefused):
            return refusal(case)
        said = _said(case, message)
        found = finding.decide_finding(case, said, now, self._policy)
        if isinstance(found, CaseRefused):
            return refusal(found)
        found = motion.moved(found, now, self._policy) if said.of_own_unit else found
        fact = verification.MatterVerified(round=found.round, stands=not found.found_by, **dict(message.body))
        return Change(found, (fact,), {"stands": str(fact.stands).lower()})


def _said(case: Case, message: Message[verification.VerifyMatter]) -> finding.Finding:
    body, actor = message.body, message.actor
    return finding.Finding(
        finding=body.finding,
        method=body.method,
        lacks_explanation=body.lacks_explanation,
        evidence=exhibits(body.evidence),
        of_own_unit=actor is not None and actor.unit == case.unit,
        by=by_of(message),
    )
