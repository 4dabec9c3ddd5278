"""Who hears of progress, completion, evaluation, rework and striking off."""

from dataclasses import replace
from datetime import datetime

from contracts.chains import open_levels
from contracts.envelope import Message
from contracts.messages.feedback import (
    EvaluationReminded,
    PlanLapsed,
    PlanMade,
    PlanReviewed,
    ProgressAsked,
    ProgressReported,
    ReporterAsked,
    ReworkOrdered,
    TicketCompleted,
    TicketStruckOff,
    TicketStuck,
)
from contracts.messages.reviews import CompletionSubmitted, ReviewPassed, ReviewRejected
from contracts.vocabulary import HELD_BY_CONFERENCE, HELD_BY_POLICY
from runtime.change import Ignore, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import STAFF, TicketDeliveries
from services.notify.domain.notes import Note
from services.notify.handlers.planning import Planning

PROGRESS = "progress"  # what is demanded when progress is asked for


class FeedbackNotices(Planning):
    """Handlers of what feedback says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(PlanMade, self.on_plan_made),
            on(PlanReviewed, self.on_plan_reviewed),
            on(PlanLapsed, self.on_plan_lapsed),
            on(ProgressAsked, self.on_progress_asked),
            on(TicketStuck, self.on_ticket_stuck),
            on(ReporterAsked, self.on_reporter_asked),
            on(ProgressReported, self.on_progress_reported),
            on(CompletionSubmitted, self.on_completion_submitted),
            on(ReviewPassed, self.on_review_passed),
            on(ReviewRejected, self.on_review_rejected),
            on(TicketCompleted, self.on_ticket_completed),
            on(EvaluationReminded, self.on_evaluation_reminded),
            on(ReworkOrdered, self.on_rework_ordered),
            on(TicketStruckOff, self.on_ticket_struck_off),
        )

    def on_plan_made(
        self, document: TicketDeliveries | None, message: Message[PlanMade], now: datetime
    ) -> Result[TicketDeliveries]:
        """制定方案: whoever reviews it is told."""
        if document is None or not message.body.reviewer:
            return Ignore("nobody_reviews")
        note = audiences.to_reviewer(document, "plan_review", message.seq, message.body.reviewer)
        return self._plan(message, document.dropping(audiences.is_plan_review), now, [note])

    def on_plan_reviewed(
        self, document: TicketDeliveries | None, message: Message[PlanReviewed], now: datetime
    ) -> Result[TicketDeliveries]:
        """方案审核: the unit drafts anew, or the reporters hear what holds the matter back."""
        if document is None:
            return Ignore("unknown")
        body, post = message.body, document.dropping(audiences.is_plan_review)
        notes = list[Note]()
        if not body.approved:
            redraft = "conference_plan" if body.by_conference else "plan_redraft"
            notes = [audiences.to_unit(post, redraft, message.seq)]
        elif body.mode == HELD_BY_CONFERENCE:
            held = "conference_held"
            notes = [audiences.to_unit(post, held, message.seq), self._all(post, held, message.seq)]
        elif body.mode == HELD_BY_POLICY:
            notes = [self._all(post, "plan_held", message.seq)]
        return self._plan(message, post, now, notes)

    def on_plan_lapsed(
        self, document: TicketDeliveries | None, message: Message[PlanLapsed], now: datetime
    ) -> Result[TicketDeliveries]:
        """恢复办理: the unit takes it up again, and the reporters hear it."""
        if document is None:
            return Ignore("unknown")
        notes = [
            audiences.to_unit(document, "plan_lapsed", message.seq),
            self._all(document, "plan_lapsed", message.seq),
        ]
        return self._plan(message, document, now, notes)

    def on_progress_asked(
        self, document: TicketDeliveries | None, message: Message[ProgressAsked], now: datetime
    ) -> Result[TicketDeliveries]:
        """催办: the unit is to say how far it is."""
        if document is None:
            return Ignore("unknown")
        note = replace(audiences.to_unit(document, "progress_asked", message.seq), asks=(PROGRESS,))
        return self._plan(message, document, now, [note])

    def on_ticket_stuck(
        self, document: TicketDeliveries | None, message: Message[TicketStuck], now: datetime
    ) -> Result[TicketDeliveries]:
        """久无进展: whoever watches over the unit."""
        if document is None:
            return Ignore("unknown")
        note = audiences.to_desk(document, "stuck", message.seq, document.lead_unit)
        return self._plan(message, document, now, [note])

    def on_reporter_asked(
        self, document: TicketDeliveries | None, message: Message[ReporterAsked], now: datetime
    ) -> Result[TicketDeliveries]:
        """请补充情况: each voter hears until when; what is asked is read on the page."""
        if document is None:
            return Ignore("unknown")
        until = audiences.due(message.body.until)
        return self._plan(message, document, now, [self._all(document, "asked", message.seq, until)])

    def on_progress_reported(
        self, document: TicketDeliveries | None, message: Message[ProgressReported], now: datetime
    ) -> Result[TicketDeliveries]:
        """进展, when it is public."""
        if document is None or not message.body.public:
            return Ignore("not_public")
        return self._plan(message, document, now, [self._all(document, "progress", message.body.index)])

    def on_completion_submitted(
        self, document: TicketDeliveries | None, message: Message[CompletionSubmitted], now: datetime
    ) -> Result[TicketDeliveries]:
        """送验收: whoever is first to look at it, or several at once."""
        if document is None:
            return Ignore("unknown")
        chain = message.body.chain
        first = [chain[nth] for nth in open_levels([each.together for each in chain], ())]
        post = document.without(*STAFF)
        return self._plan(
            message, post, now, [audiences.to_reviewer(post, "review", message.seq, each.reviewer) for each in first]
        )

    def on_review_passed(
        self, document: TicketDeliveries | None, message: Message[ReviewPassed], now: datetime
    ) -> Result[TicketDeliveries]:
        """验收通过: the next level; who was told before, because they look together, is not told again."""
        if document is None or not message.body.reviewer:
            return Ignore("nobody_is_next")
        reviewer = message.body.reviewer
        if any(item.kind == "review" and item.to == reviewer and item.state == "planned" for item in document.items):
            return Ignore("told_already")
        note = audiences.to_reviewer(document, "review", message.seq, reviewer)
        return self._plan(message, document, now, [note])

    def on_review_rejected(
        self, document: TicketDeliveries | None, message: Message[ReviewRejected], now: datetime
    ) -> Result[TicketDeliveries]:
        """验收退回: the unit goes on; nobody else is to look at it now."""
        if document is None:
            return Ignore("unknown")
        post = document.dropping(audiences.is_review)
        return self._plan(message, post, now, [audiences.to_unit(post, "review_rejected", message.seq)])

    def on_ticket_completed(
        self, document: TicketDeliveries | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[TicketDeliveries]:
        """办结: each voter is asked to evaluate; a reminder that still waits for the office to open is dropped."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "evaluate", message.body.round)])

    def on_evaluation_reminded(
        self, document: TicketDeliveries | None, message: Message[EvaluationReminded], now: datetime
    ) -> Result[TicketDeliveries]:
        """催评: those who are silent; then staff call."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        if body.look_back:
            to = audiences.supervision(document)
            note = Note("supervision", "look_back", body.round, to=to, urgent=document.urgent)
        else:
            note = Note("reporter", "remind", body.round, people=body.outstanding)
        return self._plan(message, document, now, [note])

    def on_rework_ordered(
        self, document: TicketDeliveries | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[TicketDeliveries]:
        """重办: the reporters and the unit."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        to_unit = Note("unit", "rework", body.round, to=body.unit, urgent=document.urgent)
        notes = [self._all(document, "rework", body.round), to_unit]
        return self._plan(message, document, now, notes)

    def on_ticket_struck_off(
        self, document: TicketDeliveries | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[TicketDeliveries]:
        """销号; nothing more is sent to staff."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "struck_off", message.body.round, to_others=True)])
