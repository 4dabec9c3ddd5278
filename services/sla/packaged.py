"""The calendar and the standards that come with the product (the seed of what is published), and what is published."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import structlog

from contracts.envelope import Body
from contracts.messages.routing import UnitPublished
from contracts.messages.sla import CalendarPublished, StandardPublished
from runtime.process.configuration import Configuration
from services.sla.domain.calendar import Calendar
from services.sla.domain.limits import Limit
from services.sla.domain.standards import Standard, faults

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
    """The newest packaged edition."""
    return editions()[-1]


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


def _may_be_offered(key: str, published: StandardPublished) -> bool:
    wrong = faults(standard_of(published))
    if wrong:
        log.error("standard_refused", key=key, faults=wrong)
    return not wrong


def calendar_key(code: str, year: int, version: str) -> str:
    """Each edition of a year has a key of its own in the configuration, so that none is ever forgotten."""
    return f"calendar/{code}-{year}@{version}"


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
    yield from ((f"standard/{each.standard.code}", each) for each in standards())


def missing(configuration: Configuration) -> Iterator[tuple[str, Body]]:
    """What of the packaged publications is not there, or is older; what somebody published since is left alone.

    An edition of a calendar has a key of its own, so it is there or not.
    """
    calendars, offered = configuration.all(CalendarPublished), configuration.all(StandardPublished)
    for key, body in publications():
        there = offered.get(key)
        is_newer = isinstance(body, StandardPublished) and there and body.standard.version > there.standard.version
        if is_newer or (key not in calendars and there is None):
            yield key, body


class PackagedCalendars:
    """The port, from the packaged data: no division has days of its own."""

    def current(self, division: str) -> Calendar:
        """The newest packaged edition."""
        return calendar()

    def edition(self, version: str) -> Calendar | None:
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

    Every edition has a key of its own in the configuration, so an earlier one is made again from its name alone: by any
    process, also after a restart.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded = -1
        self._made: dict[str, Calendar | None] = {}  # by division, and by the name of an edition

    def current(self, division: str) -> Calendar:
        """Made once for each division and version of the configuration."""
        made = self._once(division, lambda: self._now(division))
        assert made is not None, "there is always a packaged one below"
        return made

    def _now(self, division: str) -> Calendar:
        return _overlaid(calendar(), [each for each in self._published() if _holds_in(division, each)])

    def edition(self, version: str) -> Calendar | None:
        """The edition of this name, made of the same publications; None when one of them was never published here."""
        return self._once(version, lambda: self._again(version))

    def _again(self, version: str) -> Calendar | None:
        base = super().edition(version.partition(JOINT)[0])
        named = frozenset(version.split(JOINT)[1:])
        if base is None:
            return None
        made = _overlaid(base, [each for each in self._published() if _label(each) in named])
        return made if made.version == version else None

    def _once(self, asked: str, make: Callable[[], Calendar | None]) -> Calendar | None:
        if self._folded != self._configuration.version:
            self._folded, self._made = self._configuration.version, {}
        if asked not in self._made and len(self._made) < KEPT_AT_MOST:
            self._made[asked] = make()
        return self._made[asked] if asked in self._made else make()

    def _published(self) -> list[CalendarPublished]:
        """In the order in which it was said last."""
        return [each for each in self._configuration.all(CalendarPublished).values() if not each.provisional]


def _holds_in(division: str, published: CalendarPublished) -> bool:
    return published.code == COUNTRY or division.startswith(published.code)


def _is_packaged(published: CalendarPublished) -> bool:
    return published.code == COUNTRY and published.version in {each.version for each in editions()}


def _label(published: CalendarPublished) -> str:
    """cn-2027:cn-2027.1, 431226-2026:own-1: what this publication adds to the name of a calendar."""
    return f"{published.code}-{published.year}:{published.version}"


def _overlaid(base: Calendar, published: Iterable[CalendarPublished]) -> Calendar:
    """The packaged calendar, then the country's published years, then those of the divisions above, widest first.

    The last publication of a year stands. The name says all that went into the calendar.
    """
    newest = {(each.code, each.year): each for each in published if not _is_packaged(each)}
    ordered = sorted(newest.values(), key=lambda each: (each.code != COUNTRY, len(each.code), each.code, each.year))
    made = _with_years(base, [each for each in ordered if each.code == COUNTRY])
    for each in ordered:
        if each.code != COUNTRY:
            made = made.with_days(_label(each), _named([each], "days_off"), _named([each], "workdays"))
    return made


def _with_years(base: Calendar, published: Sequence[CalendarPublished]) -> Calendar:
    """Published years take the place of packaged ones."""
    replaced = {each.year for each in published}
    return Calendar(
        version=JOINT.join((base.version, *map(_label, published))),
        years=base.years | replaced,
        days_off=_without(base.days_off, replaced) | _named(published, "days_off"),
        workdays=_without(base.workdays, replaced) | _named(published, "workdays"),
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
        self._folded, self._offered = -1, standards()

    def standards(self) -> Sequence[StandardPublished]:
        """The newest of each code, without those that may not be promised: these are named in the log."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(StandardPublished).items()
            self._offered = tuple(each for key, each in published if _may_be_offered(key, each)) or standards()
        return self._offered

    def units(self) -> Sequence[UnitPublished]:
        """The units that have been published."""
        return tuple(self._configuration.all(UnitPublished).values())
