"""What providers report of what was sent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.notify import DeliveryReport, DeliveryUnknown, PersonNotified, ReportDelivery
from runtime.change import Reject, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import RESEND, Delivery, Report, TicketDeliveries
from services.notify.handlers.planning import Planning

NOT_RESENT = {
    "zh": "这条通知不能重发：已有结果，或无法保证对方只收到一次。",
    "en": "It cannot be sent again: it is settled, or it might arrive twice.",
}


class Receipts(Planning):
    """Handlers of what the sender says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (on(ReportDelivery, self.on_report_delivery),)

    def on_report_delivery(
        self, document: TicketDeliveries | None, message: Message[ReportDelivery], now: datetime
    ) -> Result[TicketDeliveries]:
        """Providers' receipts. Unknown may still become known, or go again; what is final stays."""
        reports = message.body.reports
        if document is None or not any(document.find(each.reference) for each in reports):
            return Reject("no_such_delivery", {"zh": "没有这条通知。", "en": "There is no such delivery."})
        all_said = {each.reference: Report(each.outcome, each.channel, each.attempt) for each in reports}
        news = {ref: each for ref, each in all_said.items() if document.awaits(ref, each, now)}
        if not news:
            return _nothing_new(reports)
        about = [(item, news[item.ref]) for item in document.items if item.ref in news]
        void = [
            audiences.void(item)
            for item, said in about
            if item.state == "withdrawn" and audiences.arrived(said.outcome)
        ]
        change = self._plan(message, document.with_reports(news), now, void)
        said = tuple(_said(item, report) for item, report in about if report.outcome != RESEND)
        return replace(change, facts=said, answer={"settled": str(len(news))})


def _nothing_new(reports: Iterable[DeliveryReport]) -> Reject:
    if any(each.outcome == RESEND for each in reports):
        return Reject("not_resent", NOT_RESENT)
    return Reject("settled", {"zh": "这条通知已有结果。", "en": "The delivery is settled."})


def _said(delivery: Delivery, report: Report) -> Body:
    if report.outcome == "unknown":
        return DeliveryUnknown(
            audience=delivery.audience,
            person=delivery.person,
            kind=delivery.kind,
            round=delivery.round,
            channel=report.channel,
            reference=delivery.ref,
        )
    return PersonNotified(
        audience=delivery.audience,
        person=delivery.person,
        kind=delivery.kind,
        round=delivery.round,
        channel=report.channel,
        reference=delivery.ref,
        outcome=report.outcome,
    )
