"""sla's handlers: it reacts, it never changes a ticket's state. Clocks start and stop; knocks turn colours."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message, WakeUp
from contracts.facts import (
    ClockStopped,
    DeadlineMoved,
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
from services.sla.domain import sheet as sheets
from services.sla.domain import transitions
from services.sla.domain.deadlines import deadline, due_at
from services.sla.domain.limits import MINUTES, WORKING_DAYS, Limit
from services.sla.domain.sheet import ACCEPT_BY, COLOURS, COMPLETE_BY, REWORK_BY, Clock, Sheet, Start
from services.sla.domain.transitions import Ordered, Policy, Stopped, Transition, Turned, Untrue
from services.sla.ports import Calendars

ACCEPT = Limit(1, WORKING_DAYS, standard="accept")
URGENT_ACCEPT = Limit(30, MINUTES, standard="accept-urgent")
URGENT_COMPLETE = Limit(24 * 60, MINUTES, yellow_at=0.25, orange_at=0.5, standard="complete-urgent")
ANSWER = Limit(2, WORKING_DAYS, standard="answer")
URGENT_ANSWER = Limit(60, MINUTES, standard="answer-urgent")
ORDER_ITEMS = (
    ("说明超期原因", "Explain why it is overdue"),
    ("提出整改措施和责任人", "Name measures and the person responsible"),
    ("明确办结时间", "Give the date of completion"),
)
WORK = (COMPLETE_BY, REWORK_BY)
ALL = (ACCEPT_BY, *WORK)


class Handlers:
    """Pure: (document, message, now) → what comes of it. ``calendars`` gives the calendar by value."""

    def __init__(self, calendars: Calendars, policy: Policy) -> None:
        self._calendars, self._policy = calendars, policy

    def on_ticket_assigned(
        self, document: Sheet | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[Sheet]:
        """交办: the unit has a working day to accept; when it is urgent half an hour, and a day until it is done.

        The day of an urgent matter runs from its first assignment: the next unit gets what is left of it.
        """
        body = message.body
        sheet = _sheet(document, body, now)
        sheet, stopped = _stopped(sheet, now, _bought_by_returning(sheet), "assigned_again")
        accept = Start(ACCEPT_BY, body.unit, body.lead_unit, URGENT_ACCEPT if sheet.urgent else ACCEPT)
        sheet, accept_by = self._start(sheet, accept, now)
        if not sheet.urgent:
            return Change(sheet, (*stopped, accept_by))
        if sheet.running(COMPLETE_BY):
            sheet, moved = _passed_on(sheet, body.unit, body.lead_unit)
            return Change(sheet, (*stopped, accept_by, *moved))
        sheet, complete_by = self._start(sheet, Start(COMPLETE_BY, body.unit, body.lead_unit, URGENT_COMPLETE), now)
        return Change(sheet, (*stopped, accept_by, complete_by))

    def on_ticket_accepted(
        self, document: Sheet | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[Sheet]:
        """受理: the promise begins. An urgent matter's clock runs on: "收到" buys no time."""
        body = message.body
        sheet, stopped = _stopped(_sheet(document, body, now), now, (ACCEPT_BY,), "accepted")
        if sheet.running(COMPLETE_BY):
            return Change(sheet, stopped)
        limit = URGENT_COMPLETE if sheet.urgent else _limit(body.standard)
        sheet, fact = self._start(sheet, Start(COMPLETE_BY, body.unit, body.lead_unit, limit), now)
        return Change(sheet, (*stopped, fact))

    def on_rework_ordered(
        self, document: Sheet | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[Sheet]:
        """重办: a clock of its own."""
        if document is None:
            return Ignore("unknown")
        body, lead_unit = message.body, document.clocks[-1].lead_unit if document.clocks else ""
        limit = URGENT_COMPLETE if document.urgent else _limit(body.standard)
        sheet, stopped = _stopped(sheets.hand_over(document, body.unit, now), now, ALL, "rework")
        sheet, fact = self._start(sheet, Start(REWORK_BY, body.unit, lead_unit, limit), now)
        return Change(sheet, (*stopped, fact))

    def on_ticket_returned(
        self, document: Sheet | None, message: Message[TicketReturned], now: datetime
    ) -> Result[Sheet]:
        """退回: the unit's clocks freeze; it is with the desk that hands out.

        The day of an urgent matter runs on, and the lead unit answers for it: only substantive action stops it (A9).
        """
        if document is None:
            return Ignore("unknown")
        sheet = sheets.hand_over(document, sheets.DESK, now)
        sheet, stopped = _stopped(sheet, now, _bought_by_returning(sheet), "returned")
        sheet, moved = _passed_on(sheet, "", "")
        return Change(sheet, (*stopped, *moved)) if sheet != document else Ignore("nothing_runs")

    def on_ticket_completed(
        self, document: Sheet | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[Sheet]:
        """办结, with evidence: the one thing that stops an urgent clock. It is with the reporters now."""
        return _handed(document, now, sheets.REPORTERS, "completed")

    def on_ticket_struck_off(
        self, document: Sheet | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Sheet]:
        """销号."""
        return _handed(document, now, sheets.NOBODY, "struck_off")

    def on_ticket_withdrawn(
        self, document: Sheet | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Sheet]:
        """撤回."""
        return _handed(document, now, sheets.NOBODY, "withdrawn")

    def on_wake_up(self, document: Sheet | None, message: Message[WakeUp], now: datetime) -> Result[Sheet]:
        """亮灯、督办: everything due, in order, each once; a provisional deadline is first set anew."""
        if document is None:
            return Ignore("unknown")
        sheet, moved = self._rebased(document, now)
        sheet, due = transitions.decide_due(sheet, now)
        if sheet == document:
            return Ignore("settled")
        return Change(sheet, (*moved, *(self._announced(sheet, each, now) for each in due)))

    def _start(self, sheet: Sheet, asked: Start, now: datetime) -> tuple[Sheet, DeadlineSet]:
        reached = deadline(asked.limit, now, self._calendars.current(sheet.division))
        sheet, clock = sheets.start(sheet, asked, reached, self._policy.orders_at(reached.due, urgent=sheet.urgent))
        return sheet, _set(clock)

    def _rebased(self, sheet: Sheet, now: datetime) -> tuple[Sheet, tuple[Body, ...]]:
        """The sheet with its provisional clocks by the calendar that has been announced since."""
        calendar, facts = self._calendars.current(sheet.division), list[Body]()
        for clock in sheet.running():
            if clock.provisional and clock.calendar_version != calendar.version:
                reached = deadline(clock.limit, clock.start, calendar)
                orders_at = self._policy.orders_at(reached.due, urgent=sheet.urgent)
                moved, untrue = transitions.rebase(clock, reached, orders_at, now)
                sheet = sheet.put(moved)
                facts += [_set(moved), *_moved(clock, moved), *_withdrawn(sheet, untrue, "calendar_announced")]
        return sheet, tuple(facts)

    def _announced(self, sheet: Sheet, due: Transition, now: datetime) -> Body:
        return _turned(sheet, due) if isinstance(due, Turned) else self._ordered(sheet, due, now)

    def _ordered(self, sheet: Sheet, due: Ordered, now: datetime) -> SupervisionOrdered:
        limit = URGENT_ANSWER if sheet.urgent else ANSWER
        answer_by = due_at(limit, now, self._calendars.current(sheet.division))
        items = [OrderItem(index=nth, zh=zh, en=en, answer_by=answer_by) for nth, (zh, en) in enumerate(ORDER_ITEMS, 1)]
        return SupervisionOrdered(
            order=_order(sheet, due.clock, due.level),
            clock=due.clock.id,
            unit=due.clock.unit,
            lead_unit=due.clock.lead_unit,
            colour="red",
            level=due.level,
            items=tuple(items),
            urgent=sheet.urgent,
        )


def _sheet(document: Sheet | None, body: TicketAssigned | TicketAccepted, now: datetime) -> Sheet:
    """The sheet, with the matter in the unit's hands, where it lies now. Once urgent, urgent."""
    sheet = document or Sheet(body.number, body.division)
    moved = replace(sheet, division=body.division, urgent=sheet.urgent or body.urgent)
    return sheets.hand_over(moved, body.unit, now)


def _bought_by_returning(sheet: Sheet) -> tuple[str, ...]:
    """The clocks that a return, or another assignment, stops: of an urgent matter only the one for accepting."""
    return (ACCEPT_BY,) if sheet.urgent else ALL


def _passed_on(sheet: Sheet, unit: str, lead_unit: str) -> tuple[Sheet, tuple[Body, ...]]:
    """The clocks of work that run on, with who answers for them now (no unit: the lead unit), all else as it was."""
    facts = list[Body]()
    for clock in sheet.running(*WORK):
        moved = replace(clock, unit=unit or clock.lead_unit or clock.unit, lead_unit=lead_unit)
        sheet = sheet.put(moved)
        facts += [_set(moved)] if moved != clock else []
    return sheet, tuple(facts)


def _limit(standard: HandlingStandard) -> Limit:
    return Limit(
        amount=standard.limit,
        unit=standard.limit_unit,
        counts_from=standard.counts_from,
        yellow_at=standard.yellow_at,
        orange_at=standard.orange_at,
        yellow_left=standard.yellow_left,
        orange_left=standard.orange_left,
        standard=f"{standard.code}@{standard.version}",
    )


def _set(clock: Clock) -> DeadlineSet:
    plain = {
        "clock": clock.id,
        "kind": clock.kind,
        "unit": clock.unit,
        "start": clock.start,
        "due": clock.due,
        "yellow": clock.yellow,
        "orange": clock.orange,
        "red": clock.due,
        "calendar_version": clock.calendar_version,
        "provisional": clock.provisional,
        "standard": clock.limit.standard,
    }
    return DeadlineSet.model_validate(plain)


def _moved(before: Clock, clock: Clock) -> tuple[DeadlineMoved, ...]:
    plain = {
        "clock": clock.id,
        "kind": clock.kind,
        "unit": clock.unit,
        "before": before.due,
        "due": clock.due,
        "calendar_version": clock.calendar_version,
    }
    return (DeadlineMoved.model_validate(plain),) if clock.due != before.due else ()


def _turned(sheet: Sheet, due: Turned) -> LightChanged:
    clock = due.clock
    plain = {
        "clock": clock.id,
        "unit": clock.unit,
        "lead_unit": clock.lead_unit,
        "old": COLOURS[due.old],
        "new": COLOURS[due.new],
        "due": clock.due,
        "urgent": sheet.urgent,
    }
    return LightChanged.model_validate(plain)


def _order(sheet: Sheet, clock: Clock, level: int) -> str:
    """督办件 number: the ticket's number, the clock, the level."""
    return f"{sheet.number}-{clock.id}-{level}"


def _handed(document: Sheet | None, now: datetime, holder: str, reason: str) -> Result[Sheet]:
    if document is None:
        return Ignore("unknown")
    sheet, facts = _stopped(sheets.hand_over(document, holder, now), now, ALL, reason)
    return Change(sheet, facts) if sheet != document else Ignore("nothing_runs")


def _stopped(sheet: Sheet, now: datetime, kinds: Collection[str], reason: str) -> tuple[Sheet, tuple[Body, ...]]:
    sheet, stopped = transitions.stop(sheet, now, kinds)
    return sheet, tuple(fact for each in stopped for fact in _stopping(sheet, each, reason))


def _stopping(sheet: Sheet, stopped: Stopped, reason: str) -> Iterable[Body]:
    """ClockStopped, and the withdrawal of what was announced after the instant at which it really stopped."""
    clock, held = stopped.clock, int(stopped.held.total_seconds())
    yield ClockStopped(clock=clock.id, unit=clock.unit, met=clock.met, held=held, reason=reason)
    yield from _withdrawn(sheet, stopped.untrue, reason)


def _withdrawn(sheet: Sheet, untrue: Untrue, reason: str) -> Iterable[Body]:
    clock = untrue.clock
    for old, new in untrue.colours:
        plain = {"clock": clock.id, "unit": clock.unit, "old": COLOURS[old], "new": COLOURS[new], "reason": reason}
        yield LightWithdrawn.model_validate(plain)
    for level in untrue.orders:
        yield OrderWithdrawn(order=_order(sheet, clock, level), unit=clock.unit, reason=reason)
