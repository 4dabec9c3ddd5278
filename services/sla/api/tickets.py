"""The clocks, promises and gaps that people ask for."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from contracts.identifiers import parse_number, prefix_of
from contracts.vocabulary import COLOURS
from runtime.delivery.ports import Store, Unavailable
from runtime.delivery.records import Record
from runtime.http.app import parsed
from runtime.http.problems import Refusal, not_found
from runtime.identity.tokens import Principal, scope_of
from services.sla import metrics
from services.sla.adapters.coverage import gaps_at
from services.sla.domain import explanation, ladder_lines, lines, more_time, resting, sheet
from services.sla.domain.deadlines import deadline
from services.sla.domain.ladder_lines import ClockOnLadder
from services.sla.domain.sheet import COMPLETE_BY, ClockSheet, SheetClock
from services.sla.domain.standards import Gap
from services.sla.handlers.clocks import limit_of, ordered_by_nobody
from services.sla.ports import NO_LADDERS, OUR_CHECKS, Calendars, Catalogue, Checks, Ladders, SheetScope

TICKET = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")  # Crockford base32: a ticket id


@dataclass(frozen=True, slots=True)
class ClockLookUps:
    """What the routes look at. ``now``: domain time.

    ``is_informed``: whether all that is published was read once; until then the packaged calendar may not be that of
    a division, and no standard may only mean that none was read.
    """

    store: Store[ClockSheet]
    calendars: Calendars
    catalogue: Catalogue
    now: Callable[[], datetime]
    is_informed: Callable[[], bool]
    ladders: Ladders = NO_LADDERS
    checks: Checks = OUR_CHECKS

    async def informed(self) -> None:
        """Raises Unavailable while a process that has just begun has not read what is published."""
        if not self.is_informed():
            raise Unavailable("the catalogue and the calendars are not read yet")

    async def sheet(self, asked: str, staff: Principal) -> ClockSheet:
        """The sheet of a ticket id or number. A 404 for what is not there and for what lies outside the scope."""
        sheet = (await self.record(asked, staff)).document
        assert sheet is not None, "a record without one is not found"
        return sheet

    async def record(self, asked: str, staff: Principal) -> Record[ClockSheet]:
        """The same with the key that the sheet lies under."""
        found = await self.find(asked)
        if found is None or found.document is None or not _may_see(staff, found.document):
            raise not_found()
        return found

    async def find(self, asked: str) -> Record[ClockSheet] | None:
        """The record of a ticket id or number, whoever asks. A 422 for what is neither."""
        if TICKET.fullmatch(asked):
            return (await self.store.load([asked])).get(asked)
        number = parsed(parse_number, asked, "path", "ticket")
        record = await self.store.find(prefix_of(number))
        return record if record and record.document and record.document.number == number else None

    def clocks(self, found: ClockSheet) -> dict[str, Any]:
        """The clocks with their lights as they are now, and how long each has held the matter."""
        now = self.now()
        held = {holder: int(span.total_seconds()) for holder, span in sheet.held(found, now).items()}
        shown = [_shown(found, clock, now) for clock in found.clocks]
        return {"number": found.number, "urgent": found.urgent, "at": now, "clocks": shown, "held_seconds": held}

    def preview(self, code: str, division: str, found: ClockSheet | None = None) -> dict[str, Any]:
        """By when the work would be due under a standard that is chosen now. ``runs``: the clock of the work runs
        already, as of an urgent matter, and whatever is chosen stays as it is. A 404 for what is not in force."""
        now = self.now()
        versions = [each.standard for each in self.catalogue.standards() if each.standard.code == code]
        begun = [each for each in versions if each.valid_from <= now]
        if not begun:
            raise not_found()
        standard = max(begun, key=lambda each: each.version)
        made = deadline(limit_of(standard), now, self.calendars.current(division))
        running = found.running(COMPLETE_BY) if found else ()
        due, provisional = (running[0].due, running[0].provisional) if running else (made.due, made.provisional)
        named = {"code": standard.code, "version": standard.version, "at": made.start}
        return named | {"due": due, "provisional": provisional, "runs": bool(running)}

    def explained(self, found: ClockSheet, clock: SheetClock) -> dict[str, Any]:
        """A deadline line by line, by the calendar it was set with."""
        metrics.EXPLAINED.inc()
        calendar = self.calendars.edition(clock.calendar_version)
        if calendar is None:
            metrics.UNEXPLAINED.inc()
            calendar = self.calendars.current(found.division)
        told = explanation.explain(
            clock.limit,
            clock.start,
            calendar.paused(clock.pauses),
            _event(found, clock),
            more_time.extended_by(clock.more),
            more_time.by_conference(clock.more),
        )
        again = explanation.recompute(told)
        is_equal = again == clock.due
        metrics.MISMATCHED.inc(0 if is_equal else 1)
        return {
            "clock": clock.id,
            "kind": clock.kind,
            "unit": clock.unit,
            "due": clock.due,
            "lines": [asdict(line) for line in lines.of(told, self._ladder_of(found, clock))],
            "steps": asdict(told),
            "recomputed": again,
            "equal": is_equal,
        }

    def _ladder_of(self, found: ClockSheet, clock: SheetClock) -> tuple[lines.ExplanationLine, ...]:
        """The steps of the ladder that hang on a clock."""
        asked = ClockOnLadder(
            clock,
            found.case(clock.kind),
            lambda at: self.ladders.rungs(found.division, at),
            self.now(),
            ordered=not ordered_by_nobody(found, clock.unit),
        )
        return ladder_lines.of(asked)

    def reach(self, staff: Principal, division: str) -> SheetScope:
        """What of the sheets somebody may ask for, within a division; a 403 for one that is not theirs."""
        scope = scope_of(staff)
        if scope.division.startswith(division):
            return SheetScope(scope.division, scope.unit)
        if not division.startswith(scope.division):
            zh, en = (
                "区划超出您的权限范围，请改选或不填。",
                "The division is outside your scope: choose another, or none.",
            )
            raise Refusal(403, "outside_your_scope", zh, en)
        return SheetScope(division, scope.unit)

    def unit_names(self) -> dict[str, str]:
        """The Chinese name of each unit that has been published."""
        return {unit.code: unit.name_zh for unit in self.catalogue.units()}

    def gaps(self) -> tuple[Gap, ...]:
        """Duties without a standard, of the units in force."""
        found = gaps_at(self.catalogue, self.now())
        for kind, general in (("none", False), ("general", True)):
            metrics.GAPS.labels(kind).set(sum(gap.general == general for gap in found))
        return found


def _may_see(staff: Principal, found: ClockSheet) -> bool:
    """A unit sees the matters that it has, and those that it brought to an end; not those that it gave back."""
    return scope_of(staff).allows(found.division, found.responsible)


def _shown(found: ClockSheet, clock: SheetClock, now: datetime) -> dict[str, Any]:
    colour = sheet.light(clock.instants, now) if clock.stopped is None else sheet.passed(clock.instants, clock.stopped)
    colour, orange = max(colour, clock.at_first), clock.orange_begins
    state = resting.state_at(found, clock, now)
    return asdict(clock) | {"state": state, "light": COLOURS[colour], "orange": orange}


def _event(found: ClockSheet, clock: SheetClock) -> tuple[str, str]:
    """Clocks that start in one step start with the first of them: an urgent matter's day with its first assignment."""
    together = (each for each in found.clocks if found.urgent and each.start == clock.start)
    first = next(together, clock)
    return explanation.EVENTS.get(first.limit.standard) or explanation.EVENTS[first.kind]
