"""What is asked about checks of a matter (E8)."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import draws
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.check import checks
from services.feedback.domain.check.checks import CheckResult
from services.feedback.handlers.evaluation import asker_of
from services.feedback.handlers.gate import NOBODY_COUNTED, rework
from services.feedback.handlers.shared import answer, refusal


class CheckHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return on(draws.CheckTicket, self.on_check_ticket), on(draws.RecordCheck, self.on_record_check)

    def on_check_ticket(
        self, document: Case | None, message: Message[draws.CheckTicket], _now: datetime
    ) -> Result[Case]:
        """待查: drawn, or by hand."""
        body = message.body
        case = checks.open_check(document, body.draw, body.due)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (draws.CheckOpened(**dict(body)),), answer(case))

    def on_record_check(
        self, document: Case | None, message: Message[draws.RecordCheck], now: datetime
    ) -> Result[Case]:
        """检查结果: a matter that failed goes back to work."""
        body = message.body
        found = CheckResult(body.draw, body.method, body.passed, body.ground, body.correct_by)
        checked = checks.record(document, found, asker_of(message.actor), now)
        if isinstance(checked, CaseRefused):
            return refusal(checked)
        again = (rework(checked.case, NOBODY_COUNTED, body.ground),) if checked.again else ()
        return Change(checked.case, (draws.CheckRecorded(**dict(body)), *again), answer(checked.case))
