"""Clocks of the review of the work: of each level outside the unit; the unit's own rests meanwhile (C3, E4)."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.reviews import CompletionSubmitted, ReviewPassed, ReviewRejected
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import levels
from services.sla.domain import sheet as sheets
from services.sla.domain.levels import SheetLevel
from services.sla.domain.sheet import PLAN_BY, REVIEW_BY, ClockSheet
from services.sla.handlers.clocks import clocks_stopped
from services.sla.handlers.resting import RestingClocks


class ReviewClocks(RestingClocks):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(CompletionSubmitted, self.on_completion_submitted),
            on(ReviewPassed, self.on_review_passed),
            on(ReviewRejected, self.on_review_rejected),
        )

    def on_completion_submitted(
        self, document: ClockSheet | None, message: Message[CompletionSubmitted], now: datetime
    ) -> Result[ClockSheet]:
        """送验收: the unit's own head is still the unit; whoever else looks at it has a time for it."""
        if document is None:
            return Ignore("unknown")
        chain = tuple(SheetLevel(each.reviewer, each.working_days, each.together) for each in message.body.chain)
        sheet, unplanned = clocks_stopped(document, now, (PLAN_BY,), "submitted")
        sheet, facts = self._reviewed(replace(sheet, levels=chain), now)
        return Change(sheet, (*unplanned, *facts))

    def on_review_passed(
        self, document: ClockSheet | None, message: Message[ReviewPassed], now: datetime
    ) -> Result[ClockSheet]:
        """验收通过: the next level, or the reporters, of whom another fact tells."""
        if document is None or not document.levels:
            return Ignore("unknown")
        left = levels.passed(document.levels, message.body.level)
        return Change(*self._reviewed(replace(document, levels=left), now))

    def on_review_rejected(
        self, document: ClockSheet | None, message: Message[ReviewRejected], now: datetime
    ) -> Result[ClockSheet]:
        """验收退回: the unit has it again, and what was left of its time."""
        if document is None or not document.levels:
            return Ignore("unknown")
        sheet = sheets.hand_over(replace(document, levels=()), document.responsible, now)
        sheet, stopped = clocks_stopped(sheet, now, (REVIEW_BY,), "sent_back")
        sheet, work = self._gone_on(sheet, now)
        return Change(sheet, (*stopped, *work))
