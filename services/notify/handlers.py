"""Notify's handlers: each fact that somebody should hear of becomes planned deliveries; receipts settle them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.feedback import (
    EvaluationReminded,
    ProgressReported,
    ReworkOrdered,
    TicketCompleted,
    TicketStruckOff,
)
from contracts.messages.intake import TicketErased, TicketRegistered, TicketScreenedOut, TicketWithdrawn
from contracts.messages.notify import DeliveryReport, DeliveryUnknown, PersonNotified, ReportDelivery
from contracts.messages.routing import AssignmentQueued, TicketAccepted, TicketAssigned, TicketReturned
from contracts.messages.sla import (
    ClockStopped,
    DeadlineMoved,
    LightChanged,
    LightWithdrawn,
    OrderWithdrawn,
    SupervisionOrdered,
)
from runtime.change import Change, Ignore, Reject, Result
from services.notify.domain import audiences
from services.notify.domain.deliveries import RESEND, STAFF, TURN, Delivery, Note, Post, Report, plan
from services.notify.domain.office_hours import CHINA
from services.notify.ports import Offices

NOT_RESENT = {
    "zh": "这条通知不能重发：已有结果，或无法保证对方只收到一次。",
    "en": "It cannot be sent again: it is settled, or it might arrive twice.",
}

PROMISED = ("complete_by", "rework_by")
"""The clocks that a reporter was promised; the others are between desks and units."""


class Handlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    def on_ticket_registered(
        self, document: Post | None, message: Message[TicketRegistered], now: datetime
    ) -> Result[Post]:
        """登记: everybody who reported gets number and code."""
        body = message.body
        before = document or Post(number=body.number, division=body.door)
        post = replace(before, voters=len(body.voters), urgent=body.urgent)
        return self._plan(message, post, now, [self._all(post, "registered")])

    def on_ticket_screened_out(
        self, document: Post | None, message: Message[TicketScreenedOut], now: datetime
    ) -> Result[Post]:
        """无效: the rule and the reason, and that it can be added to."""
        body = message.body
        post = document or Post(number=body.number, voters=len(body.voters), division=body.door)
        values = (("reason_zh", body.reason_zh), ("reason_en", body.reason_en))
        return self._plan(message, post, now, [self._all(post, "screened_out", body.round, values)])

    def on_assignment_queued(
        self, document: Post | None, message: Message[AssignmentQueued], now: datetime
    ) -> Result[Post]:
        """待交办: the desk that hands out hears what waits for it."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        where, urgent = body.division or document.division, document.urgent or body.urgent
        post = replace(document.dropping(audiences.was_somebodys_turn), division=where, urgent=urgent)
        nth = 1 + sum(item.kind == "queued" for item in post.items)
        return self._plan(message, post, now, [audiences.to_desk(post, "queued", nth, body.lead_unit)])

    def on_ticket_assigned(
        self, document: Post | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[Post]:
        """交办: the reporters and the unit hear of it."""
        body = message.body
        before = (document or Post(number=body.number)).dropping(audiences.was_somebodys_turn)
        urgent = before.urgent or body.urgent
        post = replace(before, unit=body.unit, lead_unit=body.lead_unit, division=body.division, urgent=urgent)
        values = (("unit_zh", body.unit_zh), ("unit_en", body.unit_en))
        notes = [
            self._all(post, "assigned", body.hop, values),
            Note("unit", "assigned", body.hop, to=body.unit, urgent=body.urgent, about=TURN),
        ]
        return self._plan(message, post, now, notes)

    def on_ticket_returned(
        self, document: Post | None, message: Message[TicketReturned], now: datetime
    ) -> Result[Post]:
        """退回: the desk hears that it is its turn again; of a dispute the supervision office, which decides."""
        if document is None:
            return Ignore("unknown")
        body, post = message.body, document.dropping(audiences.was_somebodys_turn)
        kind, desk = ("disputed", "") if body.disputed else ("returned", post.lead_unit)
        return self._plan(message, post, now, [audiences.to_desk(post, kind, body.count, desk)])

    def on_ticket_accepted(
        self, document: Post | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[Post]:
        """受理: the promise, with its time. What warned the unit to accept is overtaken."""
        body = message.body
        if document is None:
            return Ignore("unknown")
        values = (
            ("unit_zh", body.unit_zh),
            ("unit_en", body.unit_en),
            ("standard_zh", body.standard.name_zh),
            ("standard_en", body.standard.name_en),
            *audiences.promise(body.standard.limit, body.standard.limit_unit, urgent=body.urgent or document.urgent),
        )
        post = document.dropping(audiences.was_somebodys_turn)
        return self._plan(message, post, now, [self._all(post, "accepted", values=values)])

    def on_deadline_moved(self, document: Post | None, message: Message[DeadlineMoved], now: datetime) -> Result[Post]:
        """改期: the unit hears of it, and of what was promised to them the reporters."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        on, values = body.due.toordinal(), (("due", f"{body.due.astimezone(CHINA):%Y-%m-%d %H:%M}"),)
        to_unit = Note("unit", "deadline_moved", on, to=body.unit, values=values, about=body.clock)
        notes = [to_unit] if body.unit else []
        if body.kind in PROMISED:
            notes.append(self._all(document, "deadline_moved", on, values))
        return self._plan(message, document, now, notes)

    def on_progress_reported(
        self, document: Post | None, message: Message[ProgressReported], now: datetime
    ) -> Result[Post]:
        """进展, when it is public."""
        if document is None or not message.body.public:
            return Ignore("not_public")
        return self._plan(message, document, now, [self._all(document, "progress", message.body.index)])

    def on_ticket_completed(
        self, document: Post | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[Post]:
        """办结: each voter is asked to evaluate; a reminder that still waits for the office to open is dropped."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "evaluate", message.body.round)])

    def on_evaluation_reminded(
        self, document: Post | None, message: Message[EvaluationReminded], now: datetime
    ) -> Result[Post]:
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

    def on_rework_ordered(self, document: Post | None, message: Message[ReworkOrdered], now: datetime) -> Result[Post]:
        """重办: the reporters and the unit."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        to_unit = Note("unit", "rework", body.round, to=body.unit, urgent=document.urgent)
        notes = [self._all(document, "rework", body.round), to_unit]
        return self._plan(message, document, now, notes)

    def on_ticket_struck_off(
        self, document: Post | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Post]:
        """销号; nothing more is sent to staff."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "struck_off", message.body.round)])

    def on_ticket_withdrawn(
        self, document: Post | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Post]:
        """撤回: the receipt; nothing more is sent to staff."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "withdrawn")])

    def on_light_changed(self, document: Post | None, message: Message[LightChanged], now: datetime) -> Result[Post]:
        """亮灯: who hears of which colour is the ladder's; nobody hears twice, nor of a colour that has passed."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        hears = audiences.climb(body.new, body.unit, body.lead_unit, audiences.supervision(document))
        post = document.dropping(lambda item: audiences.is_light(item, body.clock) and item.to in hears)
        notes = [
            Note(
                audience, f"light_{body.new}", audiences.count(body.clock), to=to, urgent=body.urgent, about=body.clock
            )
            for to, audience in hears.items()
        ]
        return self._plan(message, post, now, notes)

    def on_light_withdrawn(
        self, document: Post | None, message: Message[LightWithdrawn], now: datetime
    ) -> Result[Post]:
        """灯色撤销: what was to be said of the colours that were false is not said."""
        body = message.body
        return _dropping(document, lambda item: audiences.is_light(item, body.clock, above=body.new))

    def on_clock_stopped(self, document: Post | None, message: Message[ClockStopped], now: datetime) -> Result[Post]:
        """停表: what was to be said of the clock is overtaken."""
        return _dropping(document, lambda item: item.about == message.body.clock)

    def on_supervision_ordered(
        self, document: Post | None, message: Message[SupervisionOrdered], now: datetime
    ) -> Result[Post]:
        """督办: the unit gets the order, its lead unit a copy."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        nth, values = audiences.count(body.clock) * 10 + body.level, (("order", body.order),)
        notes = [
            Note(audience, "order", nth, to=to, urgent=body.urgent, values=values, about=body.order)
            for to, audience in audiences.once((body.unit, "unit"), (body.lead_unit, "lead")).items()
        ]
        return self._plan(message, document, now, notes)

    def on_order_withdrawn(
        self, document: Post | None, message: Message[OrderWithdrawn], now: datetime
    ) -> Result[Post]:
        """督办撤销: an order that waits does not go; whoever may have it is told that it is void."""
        if document is None:
            return Ignore("unknown")
        order = message.body.order
        notes = [audiences.void(item) for item in document.items if audiences.has(item, order)]
        return self._plan(message, document.withdrawing(order), now, notes)

    def on_report_delivery(
        self, document: Post | None, message: Message[ReportDelivery], now: datetime
    ) -> Result[Post]:
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

    def on_ticket_erased(self, document: Post | None, message: Message[TicketErased], now: datetime) -> Result[Post]:
        """Nothing can be sent to a reporter any more; staff still are told."""
        if document is None:
            return Ignore("unknown")
        return Change(document.without("reporter"))

    def _all(self, post: Post, kind: str, round_: int = 1, values: tuple[tuple[str, str], ...] = ()) -> Note:
        return Note("reporter", kind, round_, people=tuple(range(post.voters)), values=values)

    def _plan(self, message: Message[Body], post: Post, now: datetime, notes: Iterable[Note]) -> Change[Post]:
        office = self._offices.office(post.division)
        return Change(post.with_planned(each for note in notes for each in plan(message.ticket, note, now, office)))


def _dropping(document: Post | None, is_overtaken: Callable[[Delivery], bool]) -> Result[Post]:
    if document is None:
        return Ignore("unknown")
    post = document.dropping(is_overtaken)
    return Ignore("nothing_waits") if post is document else Change(post)


def _nothing_new(reports: Iterable[DeliveryReport]) -> Reject:
    if any(each.outcome == RESEND for each in reports):
        return Reject("not_resent", NOT_RESENT)
    return Reject("settled", {"zh": "这条通知已有结果。", "en": "The delivery is settled."})


def _said(delivery: Delivery, report: Report) -> Body:
    shared = {
        "audience": delivery.audience,
        "person": delivery.person,
        "kind": delivery.kind,
        "round": delivery.round,
        "channel": report.channel,
        "reference": delivery.ref,
    }
    if report.outcome == "unknown":
        return DeliveryUnknown.model_validate(shared)
    return PersonNotified.model_validate(shared | {"outcome": report.outcome})
