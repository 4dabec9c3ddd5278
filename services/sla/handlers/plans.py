"""Clocks of plans: to make one, to review it; what a plan holds back rests until its date (C3, E2)."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import PlanLapsed, PlanMade, PlanReviewed
from contracts.values import HandlingStandard
from contracts.vocabulary import HELD
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import limits, resting
from services.sla.domain import sheet as sheets
from services.sla.domain.more_time import HELD_BACK
from services.sla.domain.sheet import HELD_UNTIL, PLAN_BY, PLAN_REVIEW_BY, RED, ClockSheet, Start, light
from services.sla.handlers import measures
from services.sla.handlers.clocks import WORK, Said, clock_stopped, clocks_stopped, limit_of
from services.sla.handlers.resting import RestingClocks


class PlanClocks(RestingClocks):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(PlanMade, self.on_plan_made),
            on(PlanReviewed, self.on_plan_reviewed),
            on(PlanLapsed, self.on_plan_lapsed),
        )

    def on_plan_made(
        self, document: ClockSheet | None, message: Message[PlanMade], now: datetime
    ) -> Result[ClockSheet]:
        """制定方案: while it is reviewed the clock of the work rests, unless it is red; a later one overtakes it."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        sheet, made = clocks_stopped(document, now, (PLAN_BY,), "planned")
        sheet, over = self._plan_review_over(measures.planned(sheet, body), now, "planned_anew")
        if body.reviewer and not document.urgent:
            sheet, facts = self._with_reviewer(sheet, body, now)
        else:
            sheet, facts = self._gone_on(sheet, now) if over else (sheet, ())
        sheet, timed = (sheet, ()) if body.reviewer else measures.timed(sheet, body.version, self._schemes, now)
        return Change(sheet, (*made, *over, *facts, *timed)) if sheet != document else Ignore("nobody_reviews")

    def _with_reviewer(self, sheet: ClockSheet, body: PlanMade, now: datetime) -> Said:
        sheet = sheets.hand_over(sheet, body.reviewer, now, reviewing=True)
        is_red = any(light(each.instants, now) == RED for each in sheet.running(*WORK))
        sheet, rested = (sheet, ()) if is_red else self._rested(sheet, now)
        asked = Start(PLAN_REVIEW_BY, body.reviewer, "", limits.reviewing_plan(body.review_limit))
        sheet, begun = self._started(sheet, asked, now)
        return sheet, (*rested, *begun)

    def on_plan_reviewed(
        self, document: ClockSheet | None, message: Message[PlanReviewed], now: datetime
    ) -> Result[ClockSheet]:
        """方案审核: the work goes on, unless the plan holds it back, as of an urgent matter none does. One that is sent
        back has a time to be drafted anew.
        """
        if document is None:
            return Ignore("unknown")
        body = message.body
        sheet, waiting = clocks_stopped(document, now, (PLAN_BY,), "reviewed")
        sheet, over = self._plan_review_over(sheet, now, "reviewed")
        if body.approved and body.mode in HELD and not document.urgent:
            sheet, facts = self._held_back(sheet, body, now)
        else:
            sheet, facts = self._gone_on(sheet, now) if over else (sheet, ())
        sheet, redraft = (sheet, ()) if body.approved else self._plan_asked(sheet, now)
        sheet, timed = measures.timed(sheet, body.version, self._schemes, now) if body.approved else (sheet, ())
        return Change(sheet, (*waiting, *over, *facts, *redraft, *timed)) if sheet != document else Ignore("runs_on")

    def _held_back(self, sheet: ClockSheet, body: PlanReviewed, now: datetime) -> Said:
        """The clock of the work rests, and one runs until the date of review. A build that named no date had none."""
        if any(map(resting.rested_enough, sheet.running(*WORK))):
            return sheet, ()
        if body.until is None:
            return clocks_stopped(sheet, now, WORK, body.mode)
        sheet, rested = self._rested(sheet, now, body.mode)
        sheet, in_minutes = clocks_stopped(sheet, now, WORK, body.mode)
        sheet, before = hold_over(sheet, now, body.mode)
        if not (sheet.resting or in_minutes or before):
            return sheet, ()
        asked = Start(HELD_UNTIL, sheet.responsible, sheets.lead_of(sheet), limits.held(body.until))
        sheet, begun = self._started(sheet, asked, now)
        return sheet, (*rested, *in_minutes, *before, *begun)

    def on_plan_lapsed(
        self, document: ClockSheet | None, message: Message[PlanLapsed], now: datetime
    ) -> Result[ClockSheet]:
        """恢复办理: the promise goes on from its original start, without the days for which it was held back; where a
        plan is asked for, there is a time to make the next.
        """
        if document is None:
            return Ignore("unknown")
        sheet, over = hold_over(document, now, "lapsed")
        sheet, work = self._gone_on(sheet, now, HELD_BACK)
        sheet, anew = (sheet, ()) if work else self._anew(sheet, message.body.standard, now)
        sheet, plan = self._plan_asked(sheet, now) if _lacks_a_plan(sheet) else (sheet, ())
        return Change(sheet, (*over, *work, *anew, *plan)) if sheet != document else Ignore("runs_on")

    def _anew(self, sheet: ClockSheet, standard: HandlingStandard, now: datetime) -> Said:
        """What did not rest begins anew: a limit in minutes, and what an earlier build held back."""
        last = next((clock for clock in reversed(sheet.clocks) if clock.kind in WORK), None)
        if last is None or last.is_running:
            return sheet, ()
        limit = self._ladder(sheet, now).complete_urgent if sheet.urgent else limit_of(standard)
        return self._started(sheet, Start(last.kind, last.unit, last.lead_unit, limit), now)


def _lacks_a_plan(sheet: ClockSheet) -> bool:
    """Whether the unit is at work on a matter of which a plan is asked for, and no time for it runs."""
    return sheet.plan_asked and bool(sheet.running(*WORK)) and not sheet.running(PLAN_BY)


def hold_over(sheet: ClockSheet, now: datetime, reason: str) -> Said:
    """The clock of the hold stops, by its date at the latest: that a knock comes a moment later is nobody's fault."""
    facts: Said = sheet, ()
    for clock in sheet.running(HELD_UNTIL):
        stopped, said = clock_stopped(facts[0], clock.id, min(now, clock.due), reason)
        facts = stopped, (*facts[1], *said)
    return facts
