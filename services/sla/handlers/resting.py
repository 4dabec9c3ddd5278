"""The clock of the work rests while others look at the work, whose own clocks run, and goes on afterwards (C3)."""

from dataclasses import replace
from datetime import datetime

from services.sla.domain import levels, limits, resting
from services.sla.domain import sheet as sheets
from services.sla.domain.more_time import UNDER_REVIEW
from services.sla.domain.sheet import APPROVE_BY, PLAN_REVIEW_BY, REVIEW_BY, ClockSheet, SheetClock, Start
from services.sla.handlers import statements
from services.sla.handlers.clocks import WORK, ClockHandlers, Said, clock_stopped, clocks_stopped, taken_back


class RestingClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def _reviewed(self, sheet: ClockSheet, now: datetime) -> Said:
        """Clocks and holdings as the review now stands: each level outside the unit whose turn it is has its own.

        An urgent matter has none of them: only substantive action stops its day (A9).
        """
        sheet, ended = self._levels_ended(sheet, now)
        if not levels.looking(sheet.levels):
            return sheet, ended
        unit = sheet.responsible
        away = levels.away_with(sheet.levels, unit)
        sheet = sheets.hand_over(sheet, away or unit, now, reviewing=bool(away))
        sheet, work = self._rested(sheet, now) if away and not sheet.urgent else self._gone_on(sheet, now)
        sheet, begun = self._levels_begun(sheet, unit, now)
        return sheet, (*ended, *work, *begun)

    def _levels_ended(self, sheet: ClockSheet, now: datetime) -> Said:
        """The clocks of levels that have spoken stop; of an urgent matter all."""
        looking = () if sheet.urgent else levels.looking(sheet.levels)
        facts: Said = sheet, ()
        for nth, each in enumerate(sheet.levels):
            if each.clock and nth not in looking:
                stopped, said = clock_stopped(facts[0], each.clock, now, "reviewed")
                facts = replace(stopped, levels=levels.timed(stopped.levels, nth, "")), (*facts[1], *said)
        return facts

    def _levels_begun(self, sheet: ClockSheet, unit: str, now: datetime) -> Said:
        facts: Said = sheet, ()
        for nth in () if sheet.urgent else levels.looking(sheet.levels):
            level = sheet.levels[nth]
            if level.clock or level.reviewer == unit:
                continue
            asked = Start(REVIEW_BY, level.reviewer, "", limits.reviewing(level.working_days))
            begun, said = self._started(facts[0], asked, now)
            facts = replace(begun, levels=levels.timed(begun.levels, nth, begun.clocks[-1].id)), (*facts[1], *said)
        return facts

    def _plan_review_over(self, sheet: ClockSheet, now: datetime, reason: str) -> Said:
        """Whoever reviews the plan has no time for it any more, and the unit has the matter again."""
        if not sheet.running(PLAN_REVIEW_BY):
            return sheet, ()
        sheet = sheets.hand_over(sheet, sheet.responsible, now)
        return clocks_stopped(sheet, now, (PLAN_REVIEW_BY,), reason)

    def _rested(self, sheet: ClockSheet, now: datetime, reason: str = UNDER_REVIEW) -> Said:
        """The clock of the work stops, and with it what more time was asked for and is not decided."""
        running = next((each for each in sheet.running(*WORK) if resting.may_rest(each)), None)
        if running is None:
            return sheet, ()
        sheet, facts = clocks_stopped(sheet, now, (*WORK, APPROVE_BY), reason)
        return replace(sheet, resting=running.id), facts

    def _gone_on(self, sheet: ClockSheet, now: datetime, ground: str = UNDER_REVIEW) -> Said:
        """The clock that rests goes on as a new one; that of a matter that became urgent begins anew, in minutes."""
        rests = next((each for each in sheet.clocks if each.id == sheet.resting), None)
        sheet = replace(sheet, resting="")
        if rests is None:
            return sheet, ()
        if sheet.urgent:
            asked = Start(rests.kind, rests.unit, rests.lead_unit, self._ladder(sheet, now).complete_urgent)
            return self._started(sheet, asked, now)
        return self._with_rest(*resting.gone_on(sheet, rests, now, ground), rests, now)

    def _with_rest(self, sheet: ClockSheet, clock: SheetClock, rests: SheetClock, now: datetime) -> Said:
        """``rests``: the clock as it stopped."""
        sheet, moved, untrue = self._again(sheet, clock, now)
        sheet, withdrawn = taken_back(sheet, untrue, clock.more[-1].ground, now)
        over = statements.pause_ended(replace(moved, due=rests.due), moved.more[-1], moved.due)
        return sheet, (statements.deadline_set(moved), over, *withdrawn)
