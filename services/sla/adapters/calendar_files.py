"""Years of a calendar that somebody wrote down from a notice, to be published: each by itself, and what cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field, StrictInt, WithJsonSchema

from contracts import office_hours
from contracts.divisions import WrittenDivision
from contracts.messages.sla import CalendarPublished
from contracts.values import OfficeSeason, OfficeSession
from contracts.vocabulary import STATUTORY_DAYS
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, PublishingPlan, WrittenEdition, WrittenPart
from runtime.values.fields import DAY, Day
from services.sla.adapters.packaged import COUNTRY, calendar_key
from services.sla.domain.calendar import SATURDAY

NAME_AT_MOST, DAYS_AT_MOST = 40, 120
_DESCRIBED = {
    "type": "object",
    "propertyNames": {"type": "string", "format": "date", "pattern": DAY},
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": NAME_AT_MOST},
    "maxProperties": DAYS_AT_MOST,
}
"""As people are told: pydantic leaves the pattern of a key out."""
NamedDays = Annotated[
    dict[Day, Annotated[str, Field(min_length=1, max_length=NAME_AT_MOST)]],
    Field(max_length=DAYS_AT_MOST),
    WithJsonSchema(_DESCRIBED),
]


class WrittenSession(WrittenPart):
    """From the opening of offices to their closing, as 08:30."""

    opens: str
    closes: str


class WrittenSeason(WrittenPart):
    """Office hours from one day of the year to another, as 05-01; of the whole year where neither is named."""

    since: str = "01-01"
    until: str = "12-31"
    sessions: Annotated[tuple[WrittenSession, ...], Field(max_length=6)]


class WrittenYear(WrittenEdition):
    """The days off and make-up workdays of a year, each with the name of its holiday.

    ``division`` None: the country's. ``sessions``: office hours by season, from this year on; what none holds stays.
    """

    year: Annotated[StrictInt, Field(ge=2000, le=2100)]
    division: WrittenDivision | None = None
    days_off: NamedDays
    workdays: NamedDays = Field(default_factory=dict)
    sessions: Annotated[tuple[WrittenSeason, ...], Field(max_length=12)] = ()

    @property
    def code(self) -> str:
        """What the publication is called by: a division, or the country."""
        return self.division or COUNTRY

    @property
    def edition(self) -> str:
        """Its name among the editions of this year: cn-2027.1."""
        return f"{self.code}-{self.year}.{self.version}"

    @property
    def key(self) -> str:
        return calendar_key(self.code, self.year, self.edition)

    def published(self, valid_from: datetime) -> CalendarPublished:
        return self.fact()

    def fact(self) -> CalendarPublished:
        """What publishes it. It holds from then on: a calendar has no other beginning."""
        off, made_up = _plain(self.days_off), _plain(self.workdays)
        return CalendarPublished(
            code=self.code,
            year=self.year,
            version=self.edition,
            provisional=False,
            days_off=tuple(sorted(off)),
            workdays=tuple(sorted(made_up)),
            names=off | made_up,
            sessions=tuple(self.seasons()),
        )

    def seasons(self) -> Iterator[OfficeSeason]:
        """The office hours as they are published."""
        for each in self.sessions:
            hours = tuple(OfficeSession(opens=one.opens, closes=one.closes) for one in each.sessions)
            yield OfficeSeason(since=each.since, until=each.until, sessions=hours)


def _plain(days: Mapping[date, str]) -> dict[str, str]:
    return {on.isoformat(): name for on, name in days.items()}


def read(raw: bytes) -> EditionFile[WrittenYear]:
    """The file, each year by itself, so that one fault hides no other."""
    return edition_files.read(
        raw, WrittenYear, lambda years: [each for nth in years for each in _faults(nth, years[nth])]
    )


def _faults(nth: int, written: WrittenYear) -> Iterator[FileFault]:
    if written.valid_from is not None:
        yield FileFault(f"/{nth}/valid_from", *FAULTS["holds_at_once"])
    for name, days in (("days_off", written.days_off), ("workdays", written.workdays)):
        yield from (FileFault(f"/{nth}/{name}/{on}", *FAULTS["other_year"]) for on in days if on.year != written.year)
    for where, code in office_hours.faults(tuple(written.seasons())):
        yield FileFault(f"/{nth}/sessions/{where}", *office_hours.FAULTS[code])
    both = written.days_off.keys() & written.workdays.keys()
    yield from (FileFault(f"/{nth}/workdays/{on}", *FAULTS["both"]) for on in sorted(both))
    if written.code == COUNTRY:
        yield from (FileFault(f"/{nth}/{where}", *FAULTS[code]) for where, code in _unlikely(written))


def _unlikely(written: WrittenYear) -> Iterator[tuple[str, str]]:
    """What no notice for the whole country says: it was typed wrongly, or left out."""
    for on in sorted(written.workdays):
        if on.year == written.year and on.weekday() < SATURDAY:
            yield f"workdays/{on}", "no_weekend"
    first = date(written.year, 1, 1)
    for on in (first + timedelta(days=n) for n in range(366)):
        if on.year == written.year and on not in written.days_off and any(each.holds(on) for each in STATUTORY_DAYS):
            yield f"days_off/{on}", "statutory_day"


FAULTS: Mapping[str, tuple[str, str]] = {
    "holds_at_once": ("日历自发布时起生效，请去掉。", "A calendar holds once it is published: leave this out."),
    "other_year": (
        "不在这一年：请核对日期，或写入那一年的新版本。",
        "Not of this year: check the date, or write it into a new version of its own year.",
    ),
    "both": ("同一天不能既放假又上班。", "A day is off or a workday: leave one of them out."),
    "no_weekend": (
        "调休上班日应为周六或周日，请核对。",
        "A make-up workday is a Saturday or a Sunday: check the date.",
    ),
    "statutory_day": ("法定节假日须放假，请补上。", "Off by statute: add it."),
    "changed": (
        "此版本已发布，内容不同；请改用新的版本号。",
        "This version is published with other content: raise the version.",
    ),
    "older": ("已发布更新的版本；请改用更大的版本号。", "A newer version is published: raise the version above it."),
}
"""By its code: what to do about it."""


def beside(file: EditionFile[WrittenYear], published: Mapping[str, CalendarPublished]) -> PublishingPlan:
    """The years beside what is published: an edition never changes, and the last one that was said of a year stands."""
    fresh = {nth: each for nth, each in file.editions.items() if each.key not in published}
    known = {nth: each for nth, each in file.editions.items() if each.key in published}
    changed = [nth for nth, each in known.items() if each.fact() != published[each.key]]
    older = [nth for nth, each in fresh.items() if each.version < _newest(each, published)]
    faults = [FileFault(f"/{nth}/version", *FAULTS["changed"]) for nth in changed]
    faults += [FileFault(f"/{nth}/version", *FAULTS["older"]) for nth in older]
    return PublishingPlan(
        {each.key: each.fact() for each in fresh.values()}, [each.key for each in known.values()], faults
    )


def _newest(written: WrittenYear, published: Mapping[str, CalendarPublished]) -> int:
    """The highest version of its year that was published in this form."""
    before = f"{written.code}-{written.year}."
    of_year = (each.version.removeprefix(before) for each in published.values() if each.version.startswith(before))
    return max((int(each) for each in of_year if each.isdecimal()), default=0)
