"""The calendar and the standards that come with the product (the seed of what is published), and what is published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from contracts.envelope import Body
from contracts.facts import CalendarPublished, StandardPublished, UnitPublished
from runtime.configuration import Configuration
from services.sla.domain.calendar import Calendar

COUNTRY = "cn"
KEPT_AT_MOST = 2000  # calendars of divisions in a process; a province has some 150 counties


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
    """The newest packaged edition."""
    return editions()[-1]


@cache
def standards() -> tuple[StandardPublished, ...]:
    """The demonstration county's catalogue. Source: data/standards.json."""
    return tuple(StandardPublished.model_validate(row) for row in _plain("standards.json"))


def _plain(name: str) -> Any:
    return orjson.loads(files("services.sla").joinpath(f"data/{name}").read_bytes())


def publications() -> Iterator[tuple[str, Body]]:
    """What sla publishes, by key: the announced years of the packaged calendar, and the packaged standards."""
    known = calendar()
    for year in sorted(known.years):
        off = {on.isoformat(): name for on, name in known.days_off.items() if on.year == year}
        made_up = {on.isoformat(): name for on, name in known.workdays.items() if on.year == year}
        yield (
            f"calendar/{COUNTRY}-{year}",
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
    yield from ((f"standard/{each.standard.code}", each) for each in standards())


class PackagedCalendars:
    """The port, from the packaged data: no division has days of its own."""

    def current(self, division: str) -> Calendar:
        """The newest packaged edition."""
        return calendar()

    def edition(self, version: str, division: str) -> Calendar | None:
        """An earlier packaged edition."""
        return next((each for each in editions() if each.version == version), None)


class PackagedCatalogue:
    """The port, from the packaged data: no units."""

    def standards(self) -> Sequence[StandardPublished]:
        """The packaged standards."""
        return standards()

    def units(self) -> Sequence[UnitPublished]:
        """None are packaged here."""
        return ()


class PublishedCalendars(PackagedCalendars):
    """The packaged calendar with what has been published over it; a division's own days stand over the country's.

    Every calendar made in this process is kept by its version, so that a deadline set by an earlier one is explained by
    that one.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded = -1
        self._current: dict[str, Calendar] = {}
        self._kept: dict[str, Calendar] = {}

    def current(self, division: str) -> Calendar:
        """Made once for each division and version of the configuration."""
        if self._folded != self._configuration.version:
            self._folded, self._current = self._configuration.version, {}
        if division not in self._current and len(self._current) < KEPT_AT_MOST:
            made = _overlaid(division, self._configuration.all(CalendarPublished).values())
            self._current[division] = self._kept.setdefault(made.version, made)
        return self._current.get(division) or _overlaid(division, self._configuration.all(CalendarPublished).values())

    def edition(self, version: str, division: str) -> Calendar | None:
        """The one in force, one that was in force since this process started, or a packaged one."""
        now = self.current(division)
        return now if now.version == version else self._kept.get(version) or super().edition(version, division)


def _overlaid(division: str, published: Iterable[CalendarPublished]) -> Calendar:
    """The packaged calendar, then the country's published years, then those of the divisions above, widest first."""
    bodies = [each for each in published if not each.provisional]
    country = [each for each in bodies if each.code == COUNTRY]
    made = _with_years(calendar(), country)
    own = sorted({each.code for each in bodies if each.code != COUNTRY and division.startswith(each.code)}, key=len)
    for code in own:
        years = [each for each in bodies if each.code == code]
        version = max(each.version for each in years)
        made = made.with_days(version, _named(years, "days_off"), _named(years, "workdays"))
    return made


def _with_years(base: Calendar, published: Sequence[CalendarPublished]) -> Calendar:
    """Published years take the place of packaged ones."""
    newer = [each for each in published if each.version != base.version]
    replaced = {each.year for each in newer}
    if not newer:
        return base
    return Calendar(
        version=max(each.version for each in newer),
        years=base.years | replaced,
        days_off=_without(base.days_off, replaced) | _named(newer, "days_off"),
        workdays=_without(base.workdays, replaced) | _named(newer, "workdays"),
        sessions=base.sessions,
    )


def _without(days: Mapping[date, str], years: set[int]) -> dict[date, str]:
    return {on: name for on, name in days.items() if on.year not in years}


def _named(published: Iterable[CalendarPublished], which: str) -> dict[date, str]:
    days = ((on, each.names.get(on, "公休日")) for each in published for on in getattr(each, which))
    return {date.fromisoformat(on): name for on, name in days}


class PublishedCatalogue:
    """The port, from the configuration; the packaged standards until something is published."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def standards(self) -> Sequence[StandardPublished]:
        """The newest of each code."""
        return tuple(self._configuration.all(StandardPublished).values()) or standards()

    def units(self) -> Sequence[UnitPublished]:
        """The units that have been published."""
        return tuple(self._configuration.all(UnitPublished).values())
