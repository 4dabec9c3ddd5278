"""The published calendar, as office hours."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time

from contracts.messages.sla import CalendarPublished
from contracts.office_hours import COUNTRY, seasons_of
from contracts.vocabulary import StatutoryDay, county_of
from runtime.process.configuration import Configuration
from services.notify.domain.office_hours import Office

OFFICES_AT_MOST = 5000  # counties kept; the country has fewer


class PublishedCalendar:
    """The calendars as sla published them: a county's own days stand over the country's, what is provisional waits.

    ``slots``: when digests go.
    """

    def __init__(self, configuration: Configuration, slots: tuple[time, ...] = ()) -> None:
        self._configuration, self._slots, self._version = configuration, slots, -1
        self._offices: dict[str, Office] = {}

    def office(self, division: str) -> Office:
        """Days off and make-up workdays of all years, made once for each county and change."""
        if self._version != self._configuration.version:
            self._offices, self._version = {}, self._configuration.version
        county = county_of(division)
        if county not in self._offices and len(self._offices) < OFFICES_AT_MOST:
            self._offices[county] = self._made(county)
        return self._offices.get(county) or self._made(county)

    def _made(self, county: str) -> Office:
        years = self._configuration.all(CalendarPublished).values()
        newest = {(each.code, each.year): each for each in years if _holds_in(county, each)}
        office = _country([year for year in newest.values() if year.code == COUNTRY])
        for year in sorted(newest.values(), key=lambda each: (each.code != COUNTRY, len(each.code), each.year)):
            office = office.under(_dates(year.days_off), _dates(year.workdays))
        return replace(office, slots=self._slots, seasons=seasons_of(newest.values()))


def _country(years: Sequence[CalendarPublished]) -> Office:
    """Which years are announced, and what is off in the others, as the last year says."""
    if not years:
        return Office()
    last = max(years, key=lambda each: each.year)
    statutory = tuple(StatutoryDay(each.on, each.name, each.since) for each in last.fixed)
    return Office(announced=frozenset(each.year for each in years), statutory=statutory)


def _holds_in(county: str, year: CalendarPublished) -> bool:
    return not year.provisional and (year.code == COUNTRY or county.startswith(year.code))


def _dates(days: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, days))
