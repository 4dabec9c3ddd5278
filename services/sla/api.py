"""sla's HTTP: clocks, explanations, the catalogue, the calendar. Reading only."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from fastapi import FastAPI

from contracts.identifiers import NumberMalformed, parse_number, prefix_of
from runtime.clock import Clock as TwoTimes
from runtime.http import Ready, Refusal, create_app, not_found
from runtime.ports import Store
from runtime.tokens import Gate, Principal, Staff, scope_of
from services.sla import metrics
from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import deadline, explain
from services.sla.domain.sheet import COLOURS, Clock, Sheet, holdings
from services.sla.ports import Calendars, Catalogue


def build_app(
    store: Store[Sheet], calendars: Calendars, catalogue: Catalogue, clock: TwoTimes, gate: Gate, ready: Ready
) -> FastAPI:
    """All routes of sla."""
    app = create_app("duban sla", ready)
    app.state.gate = gate

    async def sheet_of(number: str, staff: Principal) -> Sheet:
        try:
            record = await store.find(prefix_of(parse_number(number)))
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        sheet = record.document if record else None
        if sheet is None or not any(_may_see(staff, sheet, each.unit) for each in sheet.clocks):
            raise not_found()
        return sheet

    @app.get("/v1/tickets/{number}/clocks")
    async def clocks(number: str, staff: Staff) -> dict[str, Any]:
        """The clocks with their lights as they are now, and how long each unit has held the matter."""
        sheet, now = await sheet_of(number, staff), clock.now()
        held = holdings(sheet.clocks, now)
        shown = [_shown(each) | {"light": COLOURS[each.colour_at(each.stopped or now)]} for each in sheet.clocks]
        return {"clocks": shown, "held_seconds": {unit: int(span.total_seconds()) for unit, span in held.items()}}

    @app.get("/v1/tickets/{number}/explain")
    async def explanation(number: str, staff: Staff) -> dict[str, Any]:
        """Every deadline line by line, in Chinese and English, recomputed."""
        sheet = await sheet_of(number, staff)
        metrics.EXPLAINED.inc()
        return {"deadlines": [_explained(each, calendars.current()) for each in sheet.clocks]}

    @app.get("/v1/standards")
    async def standards() -> list[dict[str, Any]]:
        """办理标准: the catalogue a unit chooses from."""
        return [standard.model_dump(mode="json") for standard in catalogue.all()]

    @app.get("/v1/calendars/{year}")
    async def calendar(year: int) -> dict[str, Any]:
        """A year's days off and make-up workdays; provisional when it is not announced."""
        return _year(calendars.current(), year)

    return app


def _may_see(staff: Principal, sheet: Sheet, unit: str) -> bool:
    return scope_of(staff).allows(sheet.division, unit)


def _shown(clock: Clock) -> dict[str, Any]:
    return asdict(clock) | {"limit": asdict(clock.limit)}


def _explained(clock: Clock, calendar: Calendar) -> dict[str, Any]:
    again = deadline(clock.limit, clock.start, calendar)
    is_equal = again.due == clock.due
    metrics.MISMATCHED.inc(0 if is_equal else 1)
    lines = [asdict(line) for line in explain(clock.limit, clock.start, calendar)]
    return {
        "clock": clock.id,
        "kind": clock.kind,
        "unit": clock.unit,
        "due": clock.due,
        "lines": lines,
        "recomputed": again.due,
        "equal": is_equal,
    }


def _year(calendar: Calendar, year: int) -> dict[str, Any]:
    if not 2000 <= year <= 2100:
        raise Refusal(422, "year", "年份须在 2000 至 2100 之间。", "The year must be between 2000 and 2100.")
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    return {
        "year": year,
        "version": calendar.version,
        "provisional": year not in calendar.years,
        "days_off": [on.isoformat() for on in days if not calendar.works(on)],
        "workdays": [on.isoformat() for on in days if on in calendar.workdays],
    }
