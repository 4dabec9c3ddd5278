"""More time for a clock: asked for, granted or not, over (C6)."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Actor, Body, Message
from contracts.messages.feedback import ReporterAsked
from contracts.messages.intake import TicketSupplemented
from contracts.messages.sla import AskMoreTime, DecideMoreTime, EndPause
from contracts.vocabulary import EVIDENCE, supervision_of
from runtime.change import Change, Ignore, Reject, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import more_time
from services.sla.domain.limits import MINUTES
from services.sla.domain.more_time import MoreTime, MoreTimeRefused, WantedTime
from services.sla.domain.sheet import ACCEPT_BY, APPROVE_BY, CONTACT_BY, ClockSheet, SheetClock, Start, lead_of
from services.sla.handlers import statements
from services.sla.handlers.clocks import WORK, ClockHandlers, Said, clocks_stopped

TAKES_MORE = (ACCEPT_BY, *WORK)
LEAD, SUPERVISOR = "lead", "supervisor"


class MoreTimeClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(AskMoreTime, self.on_ask_more_time),
            on(DecideMoreTime, self.on_decide_more_time),
            on(EndPause, self.on_end_pause),
            on(ReporterAsked, self.on_reporter_asked),
            on(TicketSupplemented, self.on_ticket_supplemented),
        )

    def on_ask_more_time(
        self, document: ClockSheet | None, message: Message[AskMoreTime], now: datetime
    ) -> Result[ClockSheet]:
        """申请: put to the approver, whose clock runs; that of the unit runs on."""
        body = message.body
        clock = document.clock(body.clock) if document else None
        if document is None or clock is None:
            return _refused(more_time.NO_CLOCK)
        if refused := self._why_not(document, clock, message, now):
            return _refused(refused)
        asked = MoreTime(
            id=f"{clock.id}m{len(clock.more) + 1}",
            how=body.how,
            ground=body.ground,
            asked=now,
            by=message.actor.principal if message.actor else "",
            approver=approver_of(document, clock),
            amount=body.amount,
            until=body.until,
        )
        sheet = document.put(replace(clock, more=(*clock.more, asked)))
        desk = _desk_of(sheet, asked)
        sheet, approve_by = self._started(sheet, Start(APPROVE_BY, desk, "", self._ladder(sheet, now).approve), now)
        facts = (statements.more_time_asked(clock, asked, desk, body), *approve_by)
        return Change(sheet, facts, {"more_time": asked.id, "approver": asked.approver})

    def _why_not(
        self, sheet: ClockSheet, clock: SheetClock, message: Message[AskMoreTime], now: datetime
    ) -> MoreTimeRefused | None:
        if message.actor is None or message.actor.unit != clock.unit:
            return more_time.NOT_YOURS
        if sheet.urgent or clock.limit.unit == MINUTES or clock.kind not in TAKES_MORE:
            return more_time.NO_MORE_TIME
        if now > clock.due:
            return more_time.PAST_DUE
        body = message.body
        shown = any(each.kind in EVIDENCE and (each.uri or each.digest) for each in body.evidence)
        asking = WantedTime(body.how, body.ground, body.amount, body.until, shown)
        calendar = self._calendars.current(sheet.division)
        return next(more_time.faults(asking, clock.more, clock.limit.cap, now, calendar), None)

    def on_decide_more_time(
        self, document: ClockSheet | None, message: Message[DecideMoreTime], now: datetime
    ) -> Result[ClockSheet]:
        """批复: granted, the clock is due anew, from the asking on; not granted, nothing has changed."""
        body = message.body
        found = _find(document, body.more_time)
        if document is None or found is None or found[1].decided is not None:
            return _refused(more_time.NOT_ASKED)
        clock, asked = found
        if not _may_decide(message.actor, document, clock, asked):
            return _refused(more_time.NOT_THE_APPROVER)
        sheet, in_time = clocks_stopped(document, now, (APPROVE_BY,), "decided")
        settled = more_time.decided(asked, now, approved=body.approved)
        granted = _with(clock, settled)
        sheet, facts = self._with_more(sheet, granted, now) if body.approved else (sheet.put(granted), ())
        due = _due(sheet, clock)
        told = statements.more_time_decided(clock, settled, due, body.words)
        return Change(sheet, (*in_time, told, *facts), {"due": due.isoformat()})

    def on_end_pause(
        self, document: ClockSheet | None, message: Message[EndPause], now: datetime
    ) -> Result[ClockSheet]:
        """恢复计时: the ground is gone. Whoever asked for the pause may say so, and whoever may approve it."""
        found = _find(document, message.body.more_time)
        if document is None or found is None or not found[1].runs_at(now):
            return _refused(more_time.NO_PAUSE)
        clock, asked = found
        is_own = message.actor is not None and message.actor.unit == clock.unit
        if not is_own and not _may_decide(message.actor, document, clock, asked):
            return _refused(more_time.NOT_YOURS)
        sheet, facts = self._pause_ended(document, clock, asked, now)
        return Change(sheet, facts, {"due": _due(sheet, clock).isoformat()})

    def on_reporter_asked(
        self, document: ClockSheet | None, message: Message[ReporterAsked], now: datetime
    ) -> Result[ClockSheet]:
        """等待补充: the clock of the work rests until the answer, ten working days at most; nobody approves it.

        Whoever asks has spoken to the reporters.
        """
        if document is None:
            return Ignore("nothing_waits")
        sheet, spoken = clocks_stopped(document, now, (CONTACT_BY,), "asked")
        clock = next((each for each in sheet.running(*WORK) if _may_wait(each)), None)
        sheet, waits = self._waits(sheet, clock, message.body.until, now) if clock else (sheet, ())
        return Change(sheet, (*spoken, *waits)) if spoken or waits else Ignore("nothing_waits")

    def _waits(self, sheet: ClockSheet, clock: SheetClock, until: datetime, now: datetime) -> Said:
        latest = more_time.latest_end(now, more_time.LONGEST_WAIT, self._calendars.current(sheet.division))
        waits = _waiting(clock, now, min(until, latest))
        sheet, facts = self._with_more(sheet, replace(clock, more=(*clock.more, waits)), now)
        return sheet, (statements.more_time_decided(clock, waits, _due(sheet, clock), ""), *facts)

    def on_ticket_supplemented(
        self, document: ClockSheet | None, message: Message[TicketSupplemented], now: datetime
    ) -> Result[ClockSheet]:
        """The reporters answered: the clock goes on."""
        for clock in document.running(*WORK) if document else ():
            waits = next((each for each in clock.more if each.ground == more_time.WAITING and each.runs_at(now)), None)
            if document is not None and waits is not None:
                return Change(*self._pause_ended(document, clock, waits, now))
        return Ignore("nothing_waits")

    def _pause_ended(
        self, sheet: ClockSheet, clock: SheetClock, pause: MoreTime, now: datetime
    ) -> tuple[ClockSheet, tuple[Body, ...]]:
        sheet, facts = self._with_more(sheet, _with(clock, replace(pause, ended=now)), now)
        return sheet, (statements.pause_ended(clock, pause, _due(sheet, clock)), *facts)


def _waiting(clock: SheetClock, now: datetime, until: datetime) -> MoreTime:
    """The pause while the reporters answer."""
    return more_time.followed(f"{clock.id}m{len(clock.more) + 1}", more_time.WAITING, now, until)


def _may_wait(clock: SheetClock) -> bool:
    waited = sum(each.ground == more_time.WAITING for each in clock.more)
    return clock.limit.unit != MINUTES and waited < more_time.WAITS_AT_MOST


def approver_of(sheet: ClockSheet, clock: SheetClock) -> str:
    """The role that decides: as the standard says, one level up at least; the lead unit only where there is another."""
    lead = lead_of(sheet)
    named = clock.limit.approver
    return SUPERVISOR if named == SUPERVISOR or not lead or lead == clock.unit else LEAD


def _desk_of(sheet: ClockSheet, asked: MoreTime) -> str:
    """The account that is told of the clock of the decision."""
    return lead_of(sheet) if asked.approver == LEAD else supervision_of(sheet.division)


def _may_decide(actor: Actor | None, sheet: ClockSheet, clock: SheetClock, asked: MoreTime) -> bool:
    """The role that has to, or one above it, for this division; never whoever asked, or their unit."""
    if actor is None or actor.principal == asked.by or (actor.unit and actor.unit == clock.unit):
        return False
    roles = (LEAD, SUPERVISOR) if asked.approver == LEAD else (SUPERVISOR,)
    return actor.role in roles and bool(actor.division) and sheet.division.startswith(actor.division)


def _find(sheet: ClockSheet | None, asked: str) -> tuple[SheetClock, MoreTime] | None:
    """The running clock and what was asked for it."""
    running = sheet.running() if sheet else ()
    return next(((clock, each) for clock in running for each in clock.more if each.id == asked), None)


def _with(clock: SheetClock, settled: MoreTime) -> SheetClock:
    return replace(clock, more=tuple(settled if each.id == settled.id else each for each in clock.more))


def _due(sheet: ClockSheet, clock: SheetClock) -> datetime:
    now = sheet.clock(clock.id)
    return now.due if now else clock.due


def _refused(why: MoreTimeRefused) -> Reject:
    return Reject(why.code, {"zh": why.zh, "en": why.en})
