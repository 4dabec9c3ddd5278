"""追责问责、建章立制 (E12): what came of a matter for whoever was responsible, and for all that follow."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import accountability as said
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import accountability
from services.feedback.domain.accountability import HeldToAccount
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.handlers.shared import of_unit_or_over, refusal


class AccountabilityHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(said.RecordAccountability, self.on_record_accountability),
            on(said.RecordRule, self.on_record_rule),
        )

    def on_record_accountability(
        self, document: Case | None, message: Message[said.RecordAccountability], _now: datetime
    ) -> Result[Case]:
        """追责问责: the outcome is public, who it was is not."""
        body, role = message.body, message.actor.role if message.actor else ""
        held = HeldToAccount(body.outcome, body.order, body.people)
        case = accountability.decide_accountability(document, role, held)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (said.AccountabilityRecorded(**dict(body)),))

    def on_record_rule(self, document: Case | None, message: Message[said.RecordRule], _now: datetime) -> Result[Case]:
        """建章立制: by the unit at work, or whoever watches over it."""
        case = document if document is None else of_unit_or_over(document, message.actor)
        case = case if isinstance(case, CaseRefused) else accountability.decide_rule(case, message.body.scope)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (said.RuleRecorded(**dict(message.body)),))
