"""One pure method per message: clocks start and stop; knocks turn colours."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from contracts import vocabulary
from contracts.envelope import Body, Message, WakeUp
from contracts.lifecycle import CLOCKS, Phase, clocks_of
from contracts.messages.feedback import ReworkOrdered, TicketCompleted, TicketStruckOff
from contracts.messages.intake import TicketWithdrawn
from contracts.messages.routing import AssignmentQueued, TicketAccepted, TicketAssigned, TicketReturned
from contracts.values import HandlingStandard
from runtime.change import Change, Ignore, Result
from services.sla.domain import sheet as sheets
from services.sla.domain import transitions
from services.sla.domain.deadlines import deadline, due_at, is_stale
from services.sla.domain.ladder import Ladder
from services.sla.domain.limits import LONGEST, Limit
from services.sla.domain.sheet import ACCEPT_BY, ASSIGN_BY, COMPLETE_BY, REWORK_BY, ClockSheet, Start
from services.sla.domain.transitions import OrderPolicy, Transition, Turned
from services.sla.handlers import statements
from services.sla.ports import Calendars

WORK = clocks_of(Phase.COMPLETION)
ALL = tuple(CLOCKS)
Said = tuple[ClockSheet, tuple[Body, ...]]


class SlaHandlers:
    """Pure: (document, message, now) → what comes of it. ``calendars`` gives the calendar by value."""

    def __init__(self, calendars: Calendars, policy: OrderPolicy, ladder: Ladder) -> None:
        self._calendars, self._policy, self._ladder = calendars, policy, ladder

    def on_assignment_queued(
        self, document: ClockSheet | None, message: Message[AssignmentQueued], now: datetime
    ) -> Result[ClockSheet]:
        """待交办: the lead unit that is named has so long to hand it out; the supervision office where none is."""
        body = message.body
        sheet = document or ClockSheet(body.number, body.division)
        division, urgent = body.division or sheet.division, sheet.urgent or body.urgent
        sheet = replace(sheet, number=sheet.number or body.number, division=division, urgent=urgent)
        desk = body.lead_unit or vocabulary.supervision_of(division)
        return Change(*self._to_desk(sheet, now, (desk, desk), disputed=False, reason="queued"))

    def on_ticket_assigned(
        self, document: ClockSheet | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[ClockSheet]:
        """交办: the unit has a working day to accept; when it is urgent half an hour, and a day until it is done.

        The day of an urgent matter runs from when it was first with somebody, a unit or a desk: the next one gets what
        is left of it.
        """
        body = message.body
        sheet, in_time = _stopped(_sheet(document, body, now), now, (ASSIGN_BY,), "assigned")
        sheet, stopped = _stopped(sheet, now, _bought_by_returning(sheet), "assigned_again")
        accept = Start(ACCEPT_BY, body.unit, body.lead_unit, self._ladder.accepting(urgent=sheet.urgent))
        sheet, accept_by = self._started(sheet, accept, now)
        sheet, day = self._day(sheet, body.unit, body.lead_unit, now)
        return Change(sheet, (*in_time, *stopped, *accept_by, *day))

    def on_ticket_accepted(
        self, document: ClockSheet | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[ClockSheet]:
        """受理: the promise begins. An urgent matter's clock runs on: "收到" buys no time."""
        body = message.body
        sheet, stopped = _stopped(_sheet(document, body, now), now, (ASSIGN_BY, ACCEPT_BY), "accepted")
        if sheet.running(COMPLETE_BY):
            return Change(sheet, stopped)
        limit = self._ladder.complete_urgent if sheet.urgent else _limit(body.standard)
        sheet, started = self._started(sheet, Start(COMPLETE_BY, body.unit, body.lead_unit, limit), now)
        return Change(sheet, (*stopped, *started))

    def on_rework_ordered(
        self, document: ClockSheet | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[ClockSheet]:
        """重办: a clock of its own."""
        if document is None:
            return Ignore("unknown")
        body, lead_unit = message.body, sheets.lead_of(document)
        limit = self._ladder.complete_urgent if document.urgent else _limit(body.standard)
        sheet, stopped = _stopped(sheets.hand_over(document, body.unit, now), now, ALL, "rework")
        sheet, started = self._started(sheet, Start(REWORK_BY, body.unit, lead_unit, limit), now)
        return Change(sheet, (*stopped, *started))

    def on_ticket_returned(
        self, document: ClockSheet | None, message: Message[TicketReturned], now: datetime
    ) -> Result[ClockSheet]:
        """退回: the unit's clocks freeze; the lead unit hands out anew, or the supervision office decides (B6).

        The day of an urgent matter runs on, and the lead unit answers for it: only substantive action stops it (A9).
        """
        if document is None:
            return Ignore("unknown")
        supervision, disputed = vocabulary.supervision_of(document.division), message.body.disputed
        lead = sheets.lead_of(document) or supervision
        desks = (supervision if disputed else lead, lead)
        return Change(*self._to_desk(document, now, desks, disputed=disputed, reason="returned"))

    def on_ticket_completed(
        self, document: ClockSheet | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[ClockSheet]:
        """办结, with evidence: the one thing that stops an urgent clock. It is with the reporters now."""
        return _handed(document, now, sheets.REPORTERS, "completed")

    def on_ticket_struck_off(
        self, document: ClockSheet | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[ClockSheet]:
        """销号."""
        return _handed(document, now, sheets.NOBODY, "struck_off")

    def on_ticket_withdrawn(
        self, document: ClockSheet | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[ClockSheet]:
        """撤回."""
        return _handed(document, now, sheets.NOBODY, "withdrawn")

    def on_wake_up(self, document: ClockSheet | None, message: Message[WakeUp], now: datetime) -> Result[ClockSheet]:
        """亮灯、督办: everything due, in order, each once; what rests on an older calendar is first set anew."""
        if document is None:
            return Ignore("unknown")
        sheet, moved = self._rebased(document, now)
        sheet, due = transitions.decide_due(sheet, now)
        if sheet == document:
            return Ignore("settled")
        return Change(sheet, (*moved, *(self._announced(sheet, each, now) for each in due)))

    def _to_desk(
        self, sheet: ClockSheet, now: datetime, desks: tuple[str, str], *, disputed: bool, reason: str
    ) -> Said:
        """The matter is with no unit: the first desk must hand it out, the second answers for an urgent one's day."""
        first, second = desks
        sheet = sheets.hand_over(sheet, sheets.DESK, now)
        sheet, stopped = _stopped(sheet, now, _bought_by_returning(sheet), reason)
        limit = self._ladder.handing_out(urgent=sheet.urgent, disputed=disputed)
        sheet, assign_by = self._started(sheet, Start(ASSIGN_BY, first, "", limit), now)
        sheet, day = self._day(sheet, second, "", now)
        return sheet, (*stopped, *assign_by, *day)

    def _day(self, sheet: ClockSheet, unit: str, lead_unit: str, now: datetime) -> Said:
        """An urgent matter's clock of work: it begins once; from then on only who answers for it changes."""
        if not sheet.urgent:
            return sheet, ()
        if not sheet.running(*WORK):
            return self._started(sheet, Start(COMPLETE_BY, unit, lead_unit, self._ladder.complete_urgent), now)
        facts = list[Body]()
        for clock in sheet.running(*WORK):
            moved = transitions.passed_on(clock, unit, lead_unit, self._orders_at(sheet, unit, max(clock.due, now)))
            sheet = sheet.put(moved)
            facts += [statements.deadline_set(moved)] if moved != clock else []
        return sheet, tuple(facts)

    def _started(self, sheet: ClockSheet, asked: Start, now: datetime) -> Said:
        reached = deadline(asked.limit, now, self._calendars.current(sheet.division))
        sheet, clock = sheets.start(sheet, asked, reached, self._orders_at(sheet, asked.unit, reached.due))
        return sheet, (statements.deadline_set(clock),)

    def _orders_at(self, sheet: ClockSheet, unit: str, due: datetime) -> tuple[datetime, ...]:
        """The supervision office orders, nobody orders it: its own clock only turns red."""
        return () if vocabulary.is_supervision(unit) else self._policy.orders_at(due, urgent=sheet.urgent)

    def _rebased(self, sheet: ClockSheet, now: datetime) -> Said:
        """The sheet by the calendar in force now: a notice, a correction, a county's own day off (C2)."""
        calendar, facts = self._calendars.current(sheet.division), list[Body]()
        for clock in sheet.running():
            if is_stale(clock.limit, clock.calendar_version, calendar):
                reached = deadline(clock.limit, clock.start, calendar)
                moved, untrue = transitions.rebase(clock, reached, self._orders_at(sheet, clock.unit, reached.due), now)
                sheet = sheet.put(moved)
                facts += [*statements.rebased(clock, moved), *statements.withdrawn(sheet, untrue, "calendar_announced")]
        return sheet, tuple(facts)

    def _announced(self, sheet: ClockSheet, due: Transition, now: datetime) -> Body:
        if isinstance(due, Turned):
            return statements.light_changed(sheet, due)
        limit = self._ladder.answering(urgent=sheet.urgent)
        return statements.ordered(sheet, due, due_at(limit, now, self._calendars.current(sheet.division)))


def _sheet(document: ClockSheet | None, body: TicketAssigned | TicketAccepted, now: datetime) -> ClockSheet:
    """The sheet, with the matter in the unit's hands, where it lies now. Once urgent, urgent."""
    sheet = document or ClockSheet(body.number, body.division)
    urgent = sheet.urgent or body.urgent
    moved = replace(sheet, number=sheet.number or body.number, division=body.division, urgent=urgent)
    return sheets.hand_over(moved, body.unit, now)


def _bought_by_returning(sheet: ClockSheet) -> tuple[str, ...]:
    """The clocks that a return, or another assignment, stops: of an urgent matter not that of the work."""
    return clocks_of(Phase.ACCEPTANCE) if sheet.urgent else ALL


def _limit(standard: HandlingStandard) -> Limit:
    """What was promised. An amount that nobody may promise is taken for the nearest that one may."""
    return Limit(
        amount=min(max(standard.limit, 1), LONGEST[standard.limit_unit]),
        unit=standard.limit_unit,
        counts_from=standard.counts_from,
        yellow_at=standard.yellow_at,
        orange_at=standard.orange_at,
        yellow_left=standard.yellow_left,
        orange_left=standard.orange_left,
        standard=f"{standard.code}@{standard.version}",
        name_zh=standard.name_zh,
        name_en=standard.name_en,
    )


def _handed(document: ClockSheet | None, now: datetime, holder: str, reason: str) -> Result[ClockSheet]:
    if document is None:
        return Ignore("unknown")
    sheet, facts = _stopped(sheets.hand_over(document, holder, now), now, ALL, reason)
    return Change(sheet, facts) if sheet != document else Ignore("nothing_runs")


def _stopped(sheet: ClockSheet, now: datetime, kinds: Collection[str], reason: str) -> Said:
    sheet, stopped = transitions.stop(sheet, now, kinds)
    return sheet, tuple(fact for each in stopped for fact in statements.stopping(sheet, each, reason))
