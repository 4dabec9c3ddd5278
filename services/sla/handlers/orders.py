"""Orders by hand, answers item by item, and what the supervision office makes of them (C7)."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.sla import AnswerOrder, DecideOrder, OrderSupervision
from contracts.values import OrderItem
from contracts.vocabulary import EVIDENCE
from runtime.change import Change, Reject, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import order_numbers, orders
from services.sla.domain import sheet as sheets
from services.sla.domain.deadlines import due_at
from services.sla.domain.limits import named
from services.sla.domain.orders import IssuedOrder, OrderedItem, OrderRefused
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers import statements
from services.sla.handlers.clocks import acts_for, clock_stopped
from services.sla.handlers.issuing import IssuingHandlers

SUPERVISOR = "supervisor"


class OrderHandlers(IssuingHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(OrderSupervision, self.on_order_supervision),
            on(AnswerOrder, self.on_answer_order),
            on(DecideOrder, self.on_decide_order),
        )

    def on_order_supervision(
        self, document: ClockSheet | None, message: Message[OrderSupervision], now: datetime
    ) -> Result[ClockSheet]:
        """立即督办: an order by hand to the unit that has the matter, with checks from the list, each by its date."""
        if document is None or not document.responsible:
            return _refused(orders.NOBODY)
        if not acts_for(message.actor, document, SUPERVISOR):
            return _refused(orders.NOT_ORDERED)
        wanted = message.body.items
        checks, dates = [each.check for each in wanted], [each.answer_by for each in wanted]
        known = self._checks.checks(document.division, now)
        if fault := orders.fault_of(checks, dates, tuple(known), now):
            return _refused(fault)
        sheet = replace(document, by_hand=document.by_hand + 1)
        order = IssuedOrder(
            number=order_numbers.by_hand(sheet.number, sheet.by_hand),
            unit=sheet.responsible,
            lead_unit=sheets.lead_of(sheet),
            items=tuple(OrderedItem(nth, each.answer_by) for nth, each in enumerate(wanted, 1)),
        )
        items = [
            OrderItem(index=nth, zh=known[each.check][0], en=known[each.check][1], answer_by=each.answer_by)
            for nth, each in enumerate(wanted, 1)
        ]
        sheet, clock = self._answering(sheet, order, named(order.due), now)
        said = statements.ordered_by_hand(sheet, order, tuple(items))
        return Change(sheet, (said, *clock), {"order": order.number})

    def on_answer_order(
        self, document: ClockSheet | None, message: Message[AnswerOrder], now: datetime
    ) -> Result[ClockSheet]:
        """答复督办: one item, with evidence; after the last one the clock stops."""
        body = message.body
        order = document.order(body.order) if document else None
        if document is None or order is None:
            return _refused(orders.NO_ORDER)
        if message.actor is None or message.actor.unit != order.unit:
            return _refused(orders.NOT_ORDERED)
        if not any(each.kind in EVIDENCE and (each.uri or each.digest) for each in body.evidence):
            return _refused(orders.EVIDENCE)
        done = orders.answered(order, body.index, now)
        if isinstance(done, OrderRefused):
            return _refused(done)
        said = statements.order_answered(done, body)
        if done.left:
            return Change(document.with_order(done), (said,), {"left": ",".join(map(str, done.left))})
        sheet, stopped = clock_stopped(document.with_order(done), done.clock, now, "answered")
        return Change(sheet, (said, *stopped), {"left": ""})

    def on_decide_order(
        self, document: ClockSheet | None, message: Message[DecideOrder], now: datetime
    ) -> Result[ClockSheet]:
        """销督、退回重答: the supervision office lifts the order, or sends it back with the next date."""
        body = message.body
        order = document.order(body.order) if document else None
        if document is None or order is None:
            return _refused(orders.NO_ORDER)
        if not acts_for(message.actor, document, SUPERVISOR):
            return _refused(orders.NOT_ORDERED)
        if body.lifted:
            done = orders.lifted(order)
            if isinstance(done, OrderRefused):
                return _refused(done)
            return Change(document.with_order(done), (statements.order_decided(done, body),))
        return self._sent_back(document, order, body, now)

    def _sent_back(self, sheet: ClockSheet, order: IssuedOrder, body: DecideOrder, now: datetime) -> Result[ClockSheet]:
        if body.answer_by is not None and body.answer_by <= now:
            return _refused(orders.PAST)
        limit = named(body.answer_by) if body.answer_by else self._ladder(sheet, now).answering(urgent=sheet.urgent)
        again = orders.sent_back(order, due_at(limit, now, self._calendars.current(sheet.division)))
        if isinstance(again, OrderRefused):
            return _refused(again)
        sheet, clock = self._answering(sheet, again, limit, now)
        facts: tuple[Body, ...] = (statements.order_decided(again, body), *clock)
        return Change(sheet, facts, {"answer_by": again.due.isoformat()})


def _refused(why: OrderRefused) -> Reject:
    return Reject(why.code, {"zh": why.zh, "en": why.en})
