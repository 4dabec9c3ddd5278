"""What providers report of what was sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.notify import (
    DeliveryReport,
    DeliveryUnknown,
    PeopleNotified,
    PersonNotified,
    PersonTold,
    ReportDelivery,
)
from runtime.change import Reject, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import REPORTER, RESEND, Delivery, Report, TicketDeliveries
from services.notify.handlers.planning import Planning

NOT_RESENT = {
    "zh": "这条通知不能重发：已有结果，或无法保证对方只收到一次。",
    "en": "It cannot be sent again: it is settled, or it might arrive twice.",
}

ARRIVED = ("sent", "delivered")

Said = tuple[Delivery, Report]


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
        all_said = {each.reference: Report(each.outcome, each.channel, each.attempt, each.letter) for each in reports}
        news = {ref: each for ref, each in all_said.items() if document.awaits(ref, each, now)}
        if not news:
            return _nothing_new(reports)
        about = [(item, news[item.ref]) for item in document.items if item.ref in news]
        void = [
            audiences.void(item)
            for item, said in about
            if item.state == "withdrawn" and audiences.arrived(said.outcome)
        ]
        change = self._plan(message, self._told(document.with_reports(news), news, now), now, void)
        said = [(item, report) for item, report in about if not _is_known(item, report)]
        return replace(change, facts=_facts(said), answer={"settled": str(len(news))})

    def _told(self, post: TicketDeliveries, news: Mapping[str, Report], now: datetime) -> TicketDeliveries:
        """What arrived of what is said to staff, by when: of what nobody knows only once somebody does."""
        arrived = {ref for ref, each in news.items() if each.outcome in ARRIVED}
        return post.told(arrived, now, outside=self._offices.office(post.division).next_open(now) > now)


def _is_known(delivery: Delivery, report: Report) -> bool:
    """Whether nobody has to be told: that it goes again, or that what was sent has arrived."""
    return report.outcome == RESEND or (delivery.state, report.outcome) == ("sent", "delivered")


def _nothing_new(reports: Iterable[DeliveryReport]) -> Reject:
    if any(each.outcome == RESEND for each in reports):
        return Reject("not_resent", NOT_RESENT)
    return Reject("settled", {"zh": "这条通知已有结果。", "en": "The delivery is settled."})


def _facts(said: Sequence[Said]) -> tuple[Body, ...]:
    """What nobody knows one by one, for a person looks at each; of reporters who were told one fact for all.

    A report without letters is of a build that knew none: a replay says of it what that build said.
    """
    unknown = [_unknown(item, report) for item, report in said if report.outcome == "unknown"]
    known = [(item, report) for item, report in said if report.outcome != "unknown"]
    if not all(report.letter for _, report in known):
        return tuple(_unknown(*each) if each[1].outcome == "unknown" else _notified(*each) for each in said)
    return (*unknown, *_together([each for each in known if each[0].audience == REPORTER]))


def _together(known: Sequence[Said]) -> Iterator[Body]:
    letters = {report.letter for _, report in known}
    if known:
        letter = next(iter(letters)) if len(letters) == 1 else ""
        yield PeopleNotified(told=tuple(_told(*each, named=not letter) for each in known), letter=letter)


def _told(delivery: Delivery, report: Report, *, named: bool) -> PersonTold:
    return PersonTold(
        audience=delivery.audience,
        person=delivery.person,
        kind=delivery.kind,
        round=delivery.round,
        channel=report.channel,
        outcome=report.outcome,
        reference=delivery.ref,
        letter=report.letter if named else "",
    )


def _unknown(delivery: Delivery, report: Report) -> Body:
    return DeliveryUnknown(
        audience=delivery.audience,
        person=delivery.person,
        kind=delivery.kind,
        round=delivery.round,
        channel=report.channel,
        reference=delivery.ref,
        letter=report.letter,
    )


def _notified(delivery: Delivery, report: Report) -> Body:
    return PersonNotified(
        audience=delivery.audience,
        person=delivery.person,
        kind=delivery.kind,
        round=delivery.round,
        channel=report.channel,
        reference=delivery.ref,
        outcome=report.outcome,
    )
