"""联席会议: what a joint conference decides of the work binds the unit (C7)."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.conferences import ConferenceDecided
from contracts.messages.feedback import PlanReviewed
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import APPROVED, Case
from services.feedback.domain.plan import review
from services.feedback.handlers.shared import lapsed


class ConferenceObeyed:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (on(ConferenceDecided, self.on_conference_decided),)

    def on_conference_decided(
        self, document: Case | None, message: Message[ConferenceDecided], now: datetime
    ) -> Result[Case]:
        """The plan is drafted anew, or the matter is held back until a date, without a further review.

        Who drafts anew works: what was held back until now is taken up.
        """
        case = review.decide_by_conference(document, message.body.decision, message.body.until) if document else None
        if document is None or case is None:
            return Ignore("does_not_bind")
        resumed = (lapsed(case),) if review.is_held(document) and not review.is_held(case) else ()
        return Change(case, (*resumed, _reviewed(case)))


def _reviewed(case: Case) -> PlanReviewed:
    return PlanReviewed(
        version=case.plan_version,
        approved=case.plan_review == APPROVED,
        redrafts=case.redrafts,
        mode=case.plan_mode,
        by_conference=True,
        until=case.held_until if review.is_held(case) else None,
    )
