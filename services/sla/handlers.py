"""sla's handlers: it reacts, it never changes a ticket's state. Clocks start and stop; knocks turn colours."""

from datetime import datetime

from contracts.envelope import Body, Message, WakeUp
from contracts.facts import (
    ClockStopped,
    DeadlineSet,
    HandlingStandard,
    LightChanged,
    LightWithdrawn,
    OrderItem,
    OrderWithdrawn,
    ReworkOrdered,
    SupervisionOrdered,
    TicketAccepted,
    TicketAssigned,
    TicketCompleted,
    TicketReturned,
    TicketStruckOff,
    TicketWithdrawn,
)
from runtime.change import Change, Ignore, Result
from services.sla.domain.deadlines import Limit, deadline, due_at
from services.sla.domain.sheet import COLOURS, Clock, Ordered, Sheet, Stopped, Turned, decide_due, started, stop
from services.sla.ports import Calendars

ACCEPT = Limit(1, "working_days", "next_day", standard="accept")
URGENT_ACCEPT = Limit(30, "minutes", standard="accept-urgent")
URGENT_COMPLETE = Limit(24 * 60, "minutes", standard="complete-urgent")
ANSWER = Limit(2, "working_days", "next_day", standard="answer")
URGENT_ANSWER = Limit(60, "minutes", standard="answer-urgent")
ORDER_ITEMS = (
    ("说明超期原因", "Explain why it is overdue"),
    ("提出整改措施和责任人", "Name measures and the person responsible"),
    ("明确办结时间", "Give the date of completion"),
)


class Handlers:
    """Pure: (document, message, now) → what comes of it. ``calendars`` gives the calendar by value."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    def on_ticket_assigned(
        self, document: Sheet | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[Sheet]:
        """交办: the unit has a working day to accept; half an hour when it is urgent."""
        body = message.body
        sheet = document or Sheet(body.number, body.division, body.urgent)
        sheet, stopped = stop(sheet, now)
        limit = URGENT_ACCEPT if body.urgent else ACCEPT
        sheet, fact = self._start(sheet, "accept_by", body.unit, body.lead_unit, limit, now)
        return Change(sheet, (*_stopping(sheet, stopped, "assigned_again"), fact))

    def on_ticket_accepted(
        self, document: Sheet | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[Sheet]:
        """受理: one clock stops, the promise begins."""
        body = message.body
        sheet, stopped = stop(document or Sheet(body.number, body.division, body.urgent), now)
        limit = URGENT_COMPLETE if body.urgent else _limit(body.standard)
        sheet, fact = self._start(sheet, "complete_by", body.unit, body.lead_unit, limit, now)
        return Change(sheet, (*_stopping(sheet, stopped, "accepted"), fact))

    def on_rework_ordered(
        self, document: Sheet | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[Sheet]:
        """重办: a clock of its own."""
        if document is None:
            return Ignore("unknown")
        lead_unit = document.clocks[-1].lead_unit if document.clocks else ""
        limit = URGENT_COMPLETE if document.urgent else _limit(message.body.standard)
        sheet, stopped = stop(document, now)
        sheet, fact = self._start(sheet, "rework_by", message.body.unit, lead_unit, limit, now)
        return Change(sheet, (*_stopping(sheet, stopped, "rework"), fact))

    def on_ticket_returned(
        self, document: Sheet | None, message: Message[TicketReturned], now: datetime
    ) -> Result[Sheet]:
        """退回: the unit's clock freezes."""
        return _stop(document, now, "returned")

    def on_ticket_completed(
        self, document: Sheet | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[Sheet]:
        """办结: the unit's clock stops."""
        return _stop(document, now, "completed")

    def on_ticket_struck_off(
        self, document: Sheet | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Sheet]:
        """销号."""
        return _stop(document, now, "struck_off")

    def on_ticket_withdrawn(
        self, document: Sheet | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Sheet]:
        """撤回."""
        return _stop(document, now, "withdrawn")

    def on_wake_up(self, document: Sheet | None, message: Message[WakeUp], now: datetime) -> Result[Sheet]:
        """亮灯、督办: everything due, in order, each once."""
        if document is None:
            return Ignore("unknown")
        sheet, transitions = decide_due(document, now)
        if not transitions:
            return Ignore("settled")
        facts = [self._announced(sheet, each, now) for each in transitions]
        return Change(sheet, tuple(facts))

    def _start(
        self, sheet: Sheet, kind: str, unit: str, lead_unit: str, limit: Limit, now: datetime
    ) -> tuple[Sheet, DeadlineSet]:
        reached = deadline(limit, now, self._calendars.current())
        clock = started(sheet, kind, unit, lead_unit, limit, reached)
        fact = DeadlineSet.model_validate(
            {
                "clock": clock.id,
                "kind": kind,
                "unit": unit,
                "start": clock.start,
                "due": clock.due,
                "yellow": clock.yellow,
                "orange": clock.orange,
                "red": clock.due,
                "calendar_version": reached.calendar_version,
                "provisional": reached.provisional,
                "standard": limit.standard,
            }
        )
        return sheet.put(clock), fact

    def _announced(self, sheet: Sheet, transition: Turned | Ordered, now: datetime) -> Body:
        clock = transition.clock
        if isinstance(transition, Turned):
            return LightChanged.model_validate(
                {
                    "clock": clock.id,
                    "unit": clock.unit,
                    "lead_unit": clock.lead_unit,
                    "old": COLOURS[transition.old],
                    "new": COLOURS[transition.new],
                    "due": clock.due,
                    "urgent": sheet.urgent,
                }
            )
        answer_by = due_at(URGENT_ANSWER if sheet.urgent else ANSWER, now, self._calendars.current())
        return SupervisionOrdered(
            order=_order(sheet, clock, transition.level),
            clock=clock.id,
            unit=clock.unit,
            lead_unit=clock.lead_unit,
            colour="red",
            level=transition.level,
            items=tuple(
                OrderItem(index=nth, zh=zh, en=en, answer_by=answer_by) for nth, (zh, en) in enumerate(ORDER_ITEMS, 1)
            ),
            urgent=sheet.urgent,
        )


def _limit(standard: HandlingStandard) -> Limit:
    return Limit(
        standard.limit,
        standard.limit_unit,
        standard.counts_from,
        standard.yellow_at,
        standard.orange_at,
        f"{standard.code}@{standard.version}",
    )


def _order(sheet: Sheet, clock: Clock, level: int) -> str:
    """督办件 number: the ticket's number, the clock, the level."""
    return f"{sheet.number}-{clock.id}-{level}"


def _stop(document: Sheet | None, now: datetime, reason: str) -> Result[Sheet]:
    if document is None:
        return Ignore("unknown")
    sheet, stopped = stop(document, now)
    return Change(sheet, _stopping(sheet, stopped, reason)) if stopped else Ignore("nothing_runs")


def _stopping(sheet: Sheet, stopped: Stopped | None, reason: str) -> tuple[Body, ...]:
    """ClockStopped, and the withdrawal of what was announced after the instant at which it really stopped."""
    if stopped is None:
        return ()
    clock = stopped.clock
    lights = [
        LightWithdrawn.model_validate(
            {"clock": clock.id, "unit": clock.unit, "old": COLOURS[old], "new": COLOURS[new], "reason": reason}
        )
        for old, new in stopped.false_colours
    ]
    orders = [
        OrderWithdrawn(order=_order(sheet, clock, level), unit=clock.unit, reason=reason)
        for level in stopped.false_orders
    ]
    fact = ClockStopped(clock=clock.id, unit=clock.unit, met=stopped.met, held=stopped.held, reason=reason)
    return (fact, *lights, *orders)
