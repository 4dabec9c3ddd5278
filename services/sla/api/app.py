"""sla's HTTP: clocks, explanations, lists across matters, the catalogue, the calendar; and what is asked of clocks."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Response

from contracts.vocabulary import SeasonHours, Session
from runtime.http.app import Ready, create_app
from runtime.http.problems import Refusal, not_found
from runtime.identity.tokens import Gate, Staff, configured_scope_of
from services.sla.adapters import packaged
from services.sla.api import icalendar
from services.sla.api.lists import Division, add_lists
from services.sla.api.requests import ClockRequests, add_requests
from services.sla.api.tickets import ClockLookUps
from services.sla.domain.calendar import Calendar
from services.sla.ports import SheetLists

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of the calendars that are shown
TicketAsked = Annotated[str, Query(max_length=40, description="Id or number of the matter")]


def build_app(window: ClockRequests, sheets: SheetLists, gate: Gate, ready: Ready) -> FastAPI:
    app = create_app("duban sla", ready)
    app.state.gate = gate
    _tickets(app, window.look_ups)
    _catalogue(app, window.look_ups)
    add_lists(app, window.look_ups, sheets)
    add_requests(app, window)
    return app


def _tickets(app: FastAPI, desk: ClockLookUps) -> None:
    @app.get("/v1/tickets/{ticket}/clocks")
    async def clocks(ticket: str, staff: Staff) -> dict[str, Any]:
        """时限: by id or number; lights as they are now, and how long each has held the matter."""
        return desk.clocks(await desk.sheet(ticket, staff))

    @app.get("/v1/tickets/{ticket}/explain", dependencies=[Depends(desk.informed)])
    async def explain(
        ticket: str, staff: Staff, clock: Annotated[str, Query(pattern=r"^(c[0-9]{1,6})?$")] = ""
    ) -> dict[str, Any]:
        """Every deadline line by line, in Chinese and English, recomputed; of one ``clock`` where it is named."""
        found = await desk.sheet(ticket, staff)
        asked = [each for each in found.clocks if clock in ("", each.id)]
        if clock and not asked:
            raise not_found()
        return {"number": found.number, "deadlines": [desk.explained(found, each) for each in asked]}


def _catalogue(app: FastAPI, desk: ClockLookUps) -> None:
    published = [Depends(desk.informed)]

    @app.get("/v1/standards", dependencies=published)
    async def catalogue() -> list[dict[str, Any]]:
        """办理标准: the catalogue a unit chooses from. Public: it is what is promised."""
        by_code = sorted(desk.catalogue.standards(), key=lambda each: each.standard.code)
        return [each.standard.model_dump(mode="json") | {"duties": each.duties} for each in by_code]

    @app.get("/v1/standards/gaps", dependencies=published)
    async def gaps(staff: Staff) -> list[dict[str, Any]]:
        """Duties without a standard, within the caller's scope; ``general``: only one that fits anything."""
        scope, divisions = configured_scope_of(staff), {unit.code: unit.division for unit in desk.catalogue.units()}
        return [asdict(gap) for gap in desk.gaps() if scope.allows(divisions[gap.unit], gap.unit)]

    @app.get("/v1/standards/{code}/preview", dependencies=published)
    async def preview(
        code: Annotated[str, Path(max_length=40)], staff: Staff, ticket: TicketAsked = "", division: Division = ""
    ) -> dict[str, Any]:
        """试算: by when work would be due if the standard were chosen now, for a matter, or in a division at large."""
        found = await desk.sheet(ticket, staff) if ticket else None
        return desk.preview(code, found.division if found else division, found)

    @app.get("/v1/checks", dependencies=published)
    async def checks(division: Division = "") -> dict[str, Any]:
        """督办检查清单（五查）: what an order by hand may demand in a division now."""
        found = desk.checks.checks(division, desk.now())
        return {
            "division": division,
            "checks": [{"code": code, "zh": zh, "en": en} for code, (zh, en) in found.items()],
        }

    @app.get("/v1/calendars/{year}.ics", response_class=CalendarFile, dependencies=published)
    async def calendar_file(year: int, division: str = "") -> CalendarFile:
        """工作日历: a year for a calendar program (RFC 5545): days off and days that are worked against the week."""
        return CalendarFile(icalendar.written(_of_year(desk, year, division), year, division, desk.now()))

    @app.get("/v1/calendars/{year}", dependencies=published)
    async def calendar(year: int, division: str = "") -> dict[str, Any]:
        """A year's days off and make-up workdays; provisional when it is not announced."""
        return _year(_of_year(desk, year, division), year)


class CalendarFile(Response):
    media_type = "text/calendar; charset=utf-8"


def _of_year(desk: ClockLookUps, year: int, division: str) -> Calendar:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(422, "year", "年份须在 2000 至 2100 之间。", "The year must be between 2000 and 2100.")
    return packaged.of_year(desk.calendars.current(division), year)


def _year(calendar: Calendar, year: int) -> dict[str, Any]:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    return {
        "year": year,
        "version": calendar.version,
        "provisional": calendar.is_provisional(first, first),
        "days_off": [on.isoformat() for on in days if not calendar.works(on)],
        "workdays": [on.isoformat() for on in days if calendar.day(on).made_up],
        "office_hours": _spans(calendar.sessions),
        "seasons": [_season(each) for each in calendar.seasons if each.first <= year <= each.last],
    }


def _season(season: SeasonHours) -> dict[str, Any]:
    since, until = (f"{month:02d}-{day:02d}" for month, day in (season.since, season.until))
    return {"since": since, "until": until, "office_hours": _spans(season.sessions)}


def _spans(sessions: Iterable[Session]) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sessions]
