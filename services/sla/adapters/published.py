"""What is published of standards and calendars; the packaged ones until something is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import structlog

from contracts.catalogue import consumed_by
from contracts.envelope import Body
from contracts.messages.ladders import LadderPublished
from contracts.messages.routing import UnitPublished
from contracts.messages.sla import CalendarPublished
from contracts.messages.standards import StandardPublished
from contracts.office_hours import seasons_of
from contracts.vocabulary import StatutoryDay
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force
from runtime.process.platform import Platform
from services.sla.adapters.packaged import (
    COUNTRY,
    JOINT,
    KEPT_AT_MOST,
    PackagedCalendars,
    calendar,
    editions,
    publications,
    standard_of,
    standards,
)
from services.sla.domain import rungs
from services.sla.domain.calendar import Calendar
from services.sla.domain.rungs import Rung
from services.sla.domain.standards import faults

log = structlog.get_logger()


def _may_be_offered(key: str, published: StandardPublished) -> bool:
    wrong = faults(standard_of(published))
    if wrong:
        log.error("standard_refused", key=key, faults=wrong)
    return not wrong


def missing(configuration: Configuration) -> Iterator[tuple[str, Body]]:
    """What of the packaged publications is not there, or is older; what somebody published since is left alone.

    Editions of calendars and versions of standards have keys of their own, so each is there or not; a standard that was
    published in a newer version, under whatever key, needs no older one beside it.
    """
    calendars, newest = configuration.all(CalendarPublished), _newest(configuration)
    for key, body in publications():
        is_there = (
            newest.get(body.standard.code, 0) >= body.standard.version
            if isinstance(body, StandardPublished)
            else key in calendars
        )
        if not is_there:
            yield key, body


def _newest(configuration: Configuration) -> dict[str, int]:
    versions: dict[str, int] = {}
    for each in configuration.all(StandardPublished).values():
        versions[each.standard.code] = max(versions.get(each.standard.code, 0), each.standard.version)
    return versions


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
        return _overlaid(calendar(), [each for each in self._published() if holds_in(division, each)])

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

    def with_more(self, division: str, more: Iterable[CalendarPublished]) -> Calendar:
        """What the calendar of a division would be if these were published, too."""
        known = [each for each in self._published() if holds_in(division, each)]
        return _overlaid(calendar(), [*known, *more])

    def _published(self) -> list[CalendarPublished]:
        """In the order in which it was said last."""
        return [each for each in self._configuration.all(CalendarPublished).values() if not each.provisional]


def holds_in(division: str, published: CalendarPublished) -> bool:
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
    return replace(made, seasons=seasons_of(ordered))


def _with_years(base: Calendar, published: Sequence[CalendarPublished]) -> Calendar:
    """Published years take the place of packaged ones. The last year says what is off in those not announced."""
    replaced = {each.year for each in published}
    return Calendar(
        version=JOINT.join((base.version, *map(_label, published))),
        years=base.years | replaced,
        days_off=_without(base.days_off, replaced) | _named(published, "days_off"),
        workdays=_without(base.workdays, replaced) | _named(published, "workdays"),
        sessions=base.sessions,
        statutory=_statutory(published[-1]) if published and published[-1].year >= max(base.years) else base.statutory,
    )


def _statutory(published: CalendarPublished) -> tuple[StatutoryDay, ...]:
    return tuple(StatutoryDay(each.on, each.name, each.since) for each in published.fixed)


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
        """All versions, without those that may not be promised: these are named in the log."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(StandardPublished).items()
            self._offered = tuple(each for key, each in published if _may_be_offered(key, each)) or standards()
        return self._offered

    def units(self) -> Sequence[UnitPublished]:
        """The units that have been published."""
        return tuple(self._configuration.all(UnitPublished).values())


class PublishedLadders:
    """The port, from the configuration. A ladder with faults is named in the log and does not hold."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded, self._sound = -1, tuple[LadderPublished, ...]()

    def rungs(self, division: str, at: datetime) -> Sequence[Rung]:
        """Of the narrowest division around it that published one, the newest that has begun."""
        return rungs_in_force(self.sound(), division, at)

    def sound(self) -> tuple[LadderPublished, ...]:
        """All that may hold, of whatever division and instant."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(LadderPublished).items()
            self._sound = tuple(each for key, each in published if _may_hold(key, each))
        return self._sound


def rungs_in_force(ladders: Iterable[LadderPublished], division: str, at: datetime) -> Sequence[Rung]:
    """Of the narrowest division around it that has a ladder, the newest that has begun."""
    found = in_force(ladders, lambda each: each.division, division, at)
    return _rungs(found) if found else ()


def _may_hold(key: str, published: LadderPublished) -> bool:
    wrong = rungs.faults(_rungs(published))
    if wrong:
        log.error("ladder_refused", key=key, faults=wrong)
    return not wrong


def _rungs(published: LadderPublished) -> tuple[Rung, ...]:
    return tuple(Rung(**dict(each)) for each in published.steps)


def configuration_of(platform: Platform) -> Configuration:
    """The folded configuration, one per process."""
    return platform.once(_configuration)


def _configuration(platform: Platform) -> Configuration:
    return Configuration(platform.follower("configuration"), consumed_by("sla", "configuration"))


def calendars_of(platform: Platform) -> PublishedCalendars:
    """The calendars, one object per process: it keeps the editions that it has seen."""
    return platform.once(_calendars)


def _calendars(platform: Platform) -> PublishedCalendars:
    return PublishedCalendars(configuration_of(platform))
