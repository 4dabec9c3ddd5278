"""The calendar and the standards that come with the product (the seed of what is published), and what is published."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import structlog

from contracts.envelope import Body
from contracts.messages.sla import CalendarPublished
from contracts.messages.standards import StandardPublished
from services.sla.domain.calendar import Calendar
from services.sla.domain.limits import Limit
from services.sla.domain.standards import Standard

log = structlog.get_logger()
COUNTRY = "cn"
KEPT_AT_MOST = 4000  # calendars in a process: of divisions, and earlier ones; a province has some 150 counties
JOINT = "+"  # between what went into a calendar, in its name


@cache
def editions() -> tuple[Calendar, ...]:
    """The country's calendar as it was after each notice, oldest first. Source: data/calendar.json."""
    days_off, workdays, years, found = dict[date, str](), dict[date, str](), set[int](), list[Calendar]()
    for edition in _plain("calendar.json")["editions"]:
        for year, plain in edition["years"].items():
            years.add(int(year))
            days_off |= {date.fromisoformat(on): name for on, name in plain["days_off"].items()}
            workdays |= {date.fromisoformat(on): name for on, name in plain["workdays"].items()}
        found.append(Calendar(edition["version"], frozenset(years), dict(days_off), dict(workdays)))
    return tuple(found)


def calendar() -> Calendar:
    return editions()[-1]


@cache
def history() -> Calendar:
    """The years before the first edition: to count what is past, as imported matters and logs. Source:
    data/calendar_2004.json. No deadline rests on it, and it is not published.
    """
    plain = _plain("calendar_2004.json")
    days_off, workdays = dict[date, str](), dict[date, str]()
    for year in plain["years"].values():
        days_off |= {date.fromisoformat(on): name for on, name in year["days_off"].items()}
        workdays |= {date.fromisoformat(on): name for on, name in year["workdays"].items()}
    return Calendar(plain["version"], frozenset(map(int, plain["years"])), days_off, workdays)


def of_year(current: Calendar, year: int) -> Calendar:
    """The calendar that knows a year: the one in force, unless only the history has it."""
    return history() if year in history().years - current.years else current


@cache
def standards() -> tuple[StandardPublished, ...]:
    """The demonstration county's catalogue. Source: data/standards.json."""
    return tuple(StandardPublished.model_validate(row) for row in _plain("standards.json"))


def standard_of(published: StandardPublished) -> Standard:
    """A published standard as the rules see it."""
    body = published.standard
    points = (body.yellow_at, body.orange_at, body.yellow_left, body.orange_left)
    limit = Limit(body.limit, body.limit_unit, body.counts_from, *points)
    return Standard(
        code=body.code,
        version=body.version,
        limit=limit,
        extension_cap=body.extension_cap,
        extension_approver=body.extension_approver,
        legal_basis=body.legal_basis,
        procedure=body.procedure,
        valid_from=body.valid_from,
        duties=published.duties,
    )


def _plain(name: str) -> Any:
    return orjson.loads(files("services.sla").joinpath(f"data/{name}").read_bytes())


def calendar_key(code: str, year: int, version: str) -> str:
    """Each edition of a year has a key of its own in the configuration, so that none is ever forgotten."""
    return f"calendar/{code}-{year}@{version}"


def standard_key(code: str, version: int) -> str:
    """Each version has a key of its own, so that one published early hides none that is in force.

    Earlier builds published under ``standard/<code>``; such a key is read for ever.
    """
    return f"standard/{code}@{version}"


def publications() -> Iterator[tuple[str, Body]]:
    """What sla publishes, by key: the announced years of the packaged calendar, and the packaged standards."""
    known = calendar()
    for year in sorted(known.years):
        off = {on.isoformat(): name for on, name in known.days_off.items() if on.year == year}
        made_up = {on.isoformat(): name for on, name in known.workdays.items() if on.year == year}
        yield (
            calendar_key(COUNTRY, year, known.version),
            CalendarPublished(
                code=COUNTRY,
                year=year,
                version=known.version,
                provisional=False,
                days_off=tuple(sorted(off)),
                workdays=tuple(sorted(made_up)),
                names=off | made_up,
            ),
        )
    yield from ((standard_key(each.standard.code, each.standard.version), each) for each in standards())


class PackagedCalendars:
    """The port, from the packaged data: no division has days of its own."""

    def current(self, division: str) -> Calendar:
        return calendar()

    def edition(self, version: str) -> Calendar | None:
        return next((each for each in (history(), *editions()) if each.version == version), None)
