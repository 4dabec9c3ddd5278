"""A reporter withdraws or has the identity erased."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import intake
from runtime.change import Change, Ignore, Keep, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.evaluation import rounds
from services.feedback.handlers.shared import UnderPolicy, answer, refusal


class ReporterHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(intake.WithdrawTicket, self.on_withdraw_ticket),
            on(intake.ConfirmSeat, self.on_confirm_seat),
            on(intake.TicketErased, self.on_ticket_erased),
        )

    def on_withdraw_ticket(
        self, document: Case | None, message: Message[intake.WithdrawTicket], now: datetime
    ) -> Result[Case]:
        """撤回: kept until feedback holds the baton, so that no hand-over loses it."""
        if document is None:
            return Keep()
        case = rounds.decide_withdrawal(document, message.body.voter)
        if isinstance(case, CaseRefused):
            return refusal(case)
        fact = intake.TicketWithdrawn(voter=message.body.voter, state=document.state.value)
        return Change(case, (fact,), answer(case))

    def on_confirm_seat(
        self, document: Case | None, message: Message[intake.ConfirmSeat], now: datetime
    ) -> Result[Case]:
        """确认席位: kept like a withdrawal."""
        if document is None:
            return Keep()
        case = rounds.decide_confirmation(document, message.body.voter)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (intake.SeatConfirmed(voter=message.body.voter),), answer(case))

    def on_ticket_erased(
        self, document: Case | None, message: Message[intake.TicketErased], now: datetime
    ) -> Result[Case]:
        """A case keeps no words and no identity: nothing to scrub. The codes go on working, so does the gate."""
        return Ignore("nothing_to_scrub")
