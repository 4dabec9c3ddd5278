"""Notify's handlers: each fact that somebody should hear of becomes planned deliveries; receipts settle them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.facts import (
    DeadlineMoved,
    DeliveryUnknown,
    EvaluationReminded,
    LightChanged,
    PersonNotified,
    ProgressReported,
    ReworkOrdered,
    SupervisionOrdered,
    TicketAccepted,
    TicketAssigned,
    TicketCompleted,
    TicketErased,
    TicketRegistered,
    TicketScreenedOut,
    TicketStruckOff,
    TicketWithdrawn,
)
from contracts.requests import DeliveryReport, ReportDelivery
from runtime.change import Change, Ignore, Reject, Result
from services.notify.domain import CHINA, STAFF, Delivery, Note, Post, plan
from services.notify.ports import Offices

ESCALATION = {"yellow": ("unit", "supervision"), "orange": ("unit", "lead"), "red": ("lead", "supervision")}
"""The ladder (C7), *ours*: who hears of which colour."""

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

    def on_ticket_assigned(
        self, document: Post | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[Post]:
        """交办: the reporters and the unit hear of it."""
        body = message.body
        post = replace(
            document or Post(number=body.number), unit=body.unit, lead_unit=body.lead_unit, division=body.division
        )
        values = (("unit_zh", body.unit_zh), ("unit_en", body.unit_en))
        notes = [
            self._all(post, "assigned", body.hop, values),
            Note("unit", "assigned", body.hop, to=body.unit, urgent=body.urgent),
        ]
        return self._plan(message, post, now, notes)

    def on_ticket_accepted(
        self, document: Post | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[Post]:
        """受理: the promise."""
        body = message.body
        if document is None:
            return Ignore("unknown")
        values = (
            ("unit_zh", body.unit_zh),
            ("unit_en", body.unit_en),
            ("standard_zh", body.standard.name_zh),
            ("standard_en", body.standard.name_en),
        )
        return self._plan(message, document, now, [self._all(document, "accepted", values=values)])

    def on_deadline_moved(self, document: Post | None, message: Message[DeadlineMoved], now: datetime) -> Result[Post]:
        """改期: the unit hears of it, and of what was promised to them the reporters."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        on, values = body.due.toordinal(), (("due", f"{body.due.astimezone(CHINA):%Y-%m-%d %H:%M}"),)
        notes = [Note("unit", "deadline_moved", on, to=body.unit, values=values)] if body.unit else []
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
            to = f"{document.division[:6]}-SUP"
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
        """亮灯: who hears of which colour is the ladder's."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        units = {"unit": body.unit, "lead": body.lead_unit, "supervision": f"{document.division[:6]}-SUP"}
        clock = _count(body.clock)
        notes = [
            Note(audience, f"light_{body.new}", clock, to=units[audience], urgent=body.urgent)
            for audience in ESCALATION.get(body.new, ())
            if units[audience]
        ]
        return self._plan(message, document, now, notes)

    def on_supervision_ordered(
        self, document: Post | None, message: Message[SupervisionOrdered], now: datetime
    ) -> Result[Post]:
        """督办: the unit gets the order, its lead unit a copy."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        clock = _count(body.clock) * 10 + body.level
        values = (("order", body.order),)
        notes = [
            Note(audience, "order", clock, to=to, urgent=body.urgent, values=values)
            for audience, to in (("unit", body.unit), ("lead", body.lead_unit))
            if to
        ]
        return self._plan(message, document, now, notes)

    def on_report_delivery(
        self, document: Post | None, message: Message[ReportDelivery], now: datetime
    ) -> Result[Post]:
        """Providers' receipts. Unknown may still become known; what is final stays."""
        reports = message.body.reports
        if document is None or not any(document.find(each.reference) for each in reports):
            return Reject("no_such_delivery", {"zh": "没有这条通知。", "en": "There is no such delivery."})
        news = {each.reference: each for each in reports if document.awaits(each.reference, each.outcome)}
        if not news:
            return Reject("settled", {"zh": "这条通知已有结果。", "en": "The delivery is settled."})
        post = document.with_outcomes({ref: (each.outcome, each.channel) for ref, each in news.items()})
        said = tuple(_said(item, news[item.ref]) for item in document.items if item.ref in news)
        return Change(post, said, {"settled": str(len(news))})

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


def _count(clock: str) -> int:
    """The number of a clock within its ticket: c3 is the third."""
    return int("".join(filter(str.isdigit, clock)) or 0)


def _said(delivery: Delivery, report: DeliveryReport) -> Body:
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
