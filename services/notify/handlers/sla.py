"""Who hears of moved deadlines, lights and supervision orders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.envelope import Message
from contracts.lifecycle import PROMISED
from contracts.messages.ladders import StepReached
from contracts.messages.schemes import MeasureLightChanged
from contracts.messages.sla import (
    ClockStopped,
    DeadlineMoved,
    LightChanged,
    LightWithdrawn,
    MoreTimeDecided,
    OrderAnswered,
    OrderDecided,
    OrderWithdrawn,
    PauseEnded,
    SupervisionOrdered,
)
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import TURN, Delivery, TicketDeliveries
from services.notify.domain.notes import Note
from services.notify.handlers.planning import Planning

WAITING = "waiting_for_reporter"  # of vocabulary.MORE_TIME_GROUNDS: it follows from a question


class ClockNotices(Planning):
    """Handlers of what sla says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(DeadlineMoved, self.on_deadline_moved),
            on(MoreTimeDecided, self.on_more_time_decided),
            on(PauseEnded, self.on_pause_ended),
            on(LightChanged, self.on_light_changed),
            on(LightWithdrawn, self.on_light_withdrawn),
            on(MeasureLightChanged, self.on_measure_light_changed),
            on(ClockStopped, self.on_clock_stopped),
            on(StepReached, self.on_step_reached),
            on(SupervisionOrdered, self.on_supervision_ordered),
            on(OrderWithdrawn, self.on_order_withdrawn),
            on(OrderAnswered, self.on_order_answered),
            on(OrderDecided, self.on_order_decided),
        )

    def on_deadline_moved(
        self, document: TicketDeliveries | None, message: Message[DeadlineMoved], now: datetime
    ) -> Result[TicketDeliveries]:
        """改期: the unit hears of it, and of what was promised to them the reporters."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        told = "standard_applied" if body.standard else "deadline_moved"
        on, values = body.due.toordinal(), audiences.due(body.due)
        to_unit = Note("unit", told, on, to=body.unit, values=values, about=body.clock, until=body.due)
        notes = [to_unit] if body.unit else []
        if body.kind in PROMISED:
            notes.append(self._all(document, told, on, values))
        return self._plan(message, document, now, notes)

    def on_more_time_decided(
        self, document: TicketDeliveries | None, message: Message[MoreTimeDecided], now: datetime
    ) -> Result[TicketDeliveries]:
        """批准延长或中止: the reporters hear of the day that moved; who was asked something knows."""
        body = message.body
        if body.ground == WAITING:
            return Ignore("was_asked")
        return self._moved(document, message, now, "more_time", body.kind, body.before, body.due)

    def on_pause_ended(
        self, document: TicketDeliveries | None, message: Message[PauseEnded], now: datetime
    ) -> Result[TicketDeliveries]:
        """恢复计时: the day is an earlier one again."""
        body = message.body
        return self._moved(document, message, now, "pause_ended", body.kind, body.before, body.due)

    def _moved(
        self,
        document: TicketDeliveries | None,
        message: Message[Any],
        now: datetime,
        told: str,
        kind: str,
        before: datetime,
        due: datetime,
    ) -> Result[TicketDeliveries]:
        if document is None:
            return Ignore("unknown")
        if before == due or kind not in PROMISED:
            return Ignore("same_day")
        return self._plan(message, document, now, [self._all(document, told, message.seq, audiences.due(due))])

    def on_light_changed(
        self, document: TicketDeliveries | None, message: Message[LightChanged], now: datetime
    ) -> Result[TicketDeliveries]:
        """亮灯: who hears of which colour is the ladder's; nobody hears twice, nor of a colour that has passed."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        hears = audiences.climb(body.new, body.unit, body.lead_unit, document.division, body.tell)
        post = document.dropping(lambda item: audiences.is_light(item, body.clock) and item.to in hears)
        told = Note(
            "", f"light_{body.new}", audiences.count(body.clock), urgent=body.urgent, about=body.clock, until=body.due
        )
        notes = [replace(told, audience=audience, to=to) for to, audience in hears.items()]
        return self._plan(message, post, now, notes)

    def on_measure_light_changed(
        self, document: TicketDeliveries | None, message: Message[MeasureLightChanged], now: datetime
    ) -> Result[TicketDeliveries]:
        """措施亮灯: the unit hears which of its measures turned."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        values = (("measures", audiences.numbered(body.indices)),)
        kind = f"measure_{body.new}"
        note = Note("unit", kind, message.seq, to=body.unit, urgent=body.urgent, values=values, about=audiences.PLAN)
        return self._plan(message, document, now, [note])

    def on_light_withdrawn(
        self, document: TicketDeliveries | None, message: Message[LightWithdrawn], now: datetime
    ) -> Result[TicketDeliveries]:
        """灯色撤销: what was to be said of the colours that were false is not said."""
        body = message.body
        return _dropping(document, lambda item: audiences.is_light(item, body.clock, above=body.new))

    def on_clock_stopped(
        self, document: TicketDeliveries | None, message: Message[ClockStopped], now: datetime
    ) -> Result[TicketDeliveries]:
        """停表: what was to be said of the clock is overtaken."""
        return _dropping(document, lambda item: item.about == message.body.clock)

    def on_step_reached(
        self, document: TicketDeliveries | None, message: Message[StepReached], now: datetime
    ) -> Result[TicketDeliveries]:
        """督办阶梯: who hears is the ladder's; who gets the order that is given on it hears by that alone."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        hears = audiences.climb("", body.unit, body.lead_unit, document.division, body.tell)
        is_ordered = body.do == audiences.ORDERS_IT
        by_order = audiences.ordered(body.unit, body.lead_unit, body.level) if is_ordered else ()
        kind, about = "step_ordered" if is_ordered else "step", body.clock or TURN
        told = Note("", kind, message.seq, urgent=body.urgent, values=audiences.step(body.step), about=about)
        notes = [
            replace(told, audience=audience, to=to, until=body.due)
            for to, audience in hears.items()
            if to not in by_order
        ]
        return self._plan(message, document, now, notes)

    def on_supervision_ordered(
        self, document: TicketDeliveries | None, message: Message[SupervisionOrdered], now: datetime
    ) -> Result[TicketDeliveries]:
        """督办: the unit gets the order, its lead unit a copy."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        nth, values = audiences.nth_order(body.clock, body.level, message.seq), (("order", body.order),)
        asks = {"unit": tuple(each.zh for each in body.items)}
        told = Note("", "order", nth, urgent=body.urgent, values=values, about=body.order)
        notes = [
            replace(told, audience=audience, to=to, asks=asks.get(audience, ()))
            for to, audience in audiences.once((body.unit, "unit"), (body.lead_unit, "lead")).items()
        ]
        return self._plan(message, document, now, notes)

    def on_order_withdrawn(
        self, document: TicketDeliveries | None, message: Message[OrderWithdrawn], now: datetime
    ) -> Result[TicketDeliveries]:
        """督办撤销: an order that waits does not go; whoever may have it is told that it is void."""
        if document is None:
            return Ignore("unknown")
        order = message.body.order
        notes = [audiences.void(item) for item in document.items if audiences.has(item, order)]
        return self._plan(message, document.withdrawing(order), now, notes)

    def on_order_answered(
        self, document: TicketDeliveries | None, message: Message[OrderAnswered], now: datetime
    ) -> Result[TicketDeliveries]:
        """答复督办: once all items are answered the supervision office has to lift the order or send it back."""
        if document is None:
            return Ignore("unknown")
        if message.body.left:
            return Ignore("items_left")
        values = (("order", message.body.order),)
        office = audiences.supervision(document)
        note = Note("supervision", "order_answered", message.seq, to=office, values=values, about=message.body.order)
        return self._plan(message, document, now, [note])

    def on_order_decided(
        self, document: TicketDeliveries | None, message: Message[OrderDecided], now: datetime
    ) -> Result[TicketDeliveries]:
        """销督、退回重答: the unit that was ordered hears."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        values: tuple[tuple[str, str], ...] = (("order", body.order),)
        values += audiences.due(body.answer_by) if body.answer_by else ()
        kind = "order_sent_back" if body.answer_by else "order_lifted"
        note = Note("unit", kind, message.seq, to=body.unit, values=values, about=body.order)
        return self._plan(message, document, now, [note])


def _dropping(document: TicketDeliveries | None, is_overtaken: Callable[[Delivery], bool]) -> Result[TicketDeliveries]:
    if document is None:
        return Ignore("unknown")
    post = document.dropping(is_overtaken)
    return Ignore("nothing_waits") if post is document else Change(post)
