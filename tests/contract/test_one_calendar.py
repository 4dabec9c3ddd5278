"""One calendar (class J): notify tells staff on the days on which sla counts, as they were published."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from contracts.messages.sla import CalendarPublished
from contracts.values import FIXED_DAYS, OfficeSeason, OfficeSession
from contracts.vocabulary import CHINA
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.notify.adapters.published import PublishedCalendar
from services.notify.domain.office_hours import Office
from services.sla.adapters import packaged
from services.sla.adapters.published import PublishedCalendars
from tests.facts.sla import calendar_published
from tests.harness import MONDAY

COUNTY = "431226"
HALF = timedelta(minutes=30)
FIRST, LAST = date(2019, 12, 1), date(2033, 1, 31)


def china(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CHINA)


class Published:
    """Both readers of one configuration topic."""

    def __init__(self) -> None:
        self._log = InMemoryLog()
        self._known = Configuration(InMemoryFollower(self._log, "configuration"), [CalendarPublished])
        self.sla, self._notify = PublishedCalendars(self._known), PublishedCalendar(self._known)

    async def say(self, *years: CalendarPublished) -> None:
        for each in years:
            key = packaged.calendar_key(each.code, each.year, each.version)
            self._log.append(publication(key, each, "sla", Clock(wall=lambda: MONDAY)))
        await self._known.catch_up()

    def office(self) -> Office:
        return self._notify.office(COUNTY)

    def differences(self) -> list[date]:
        """The days that one reads as working days and the other does not."""
        office, calendar = self.office(), self.sla.current(COUNTY)
        days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days))
        return [day for day in days if office.works(day) != calendar.works(day)]


def packaged_years() -> list[CalendarPublished]:
    return [body for _, body in packaged.publications() if isinstance(body, CalendarPublished)]


def year(code: str, asked: int, *off: str, works: tuple[str, ...] = (), provisional: bool = False) -> CalendarPublished:
    given = {"code": code, "year": asked, "version": "own-1", "provisional": provisional}
    return calendar_published(**given, days_off=off, workdays=works)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (china(2026, 12, 31, 18), china(2027, 1, 4, 9)),
        (china(2027, 10, 1, 10), china(2027, 10, 4, 9)),
        (china(2027, 4, 30, 18), china(2027, 5, 3, 9)),
        (china(2029, 12, 31, 20), china(2030, 1, 2, 9)),
        (china(2026, 12, 31, 16), china(2026, 12, 31, 16)),
    ],
)
async def test_a_year_not_announced_is_read_by_the_statute(now: datetime, opens: datetime) -> None:
    published = Published()
    await published.say(*packaged_years())
    assert published.office().next_open(now.astimezone(UTC)) == opens
    assert Office().next_open(now.astimezone(UTC)) == opens


@pytest.mark.parametrize(
    "more",
    [
        (),
        (year("cn", 2027, "2027-01-01", "2027-01-04"),),
        (
            year("cn", 2027, "2027-02-08", works=("2027-02-06",)),
            year("4312", 2027, "2027-10-01", works=("2027-10-02",)),
        ),
        (year(COUNTY, 2028, "2028-03-06", works=("2028-10-02",)),),
        (year("43", 2026, "2026-12-30"), year("cn", 2028, provisional=True)),
    ],
)
async def test_notify_and_sla_read_every_day_alike(more: tuple[CalendarPublished, ...]) -> None:
    published = Published()
    await published.say(*packaged_years(), *more)
    assert published.differences() == []


async def test_a_statute_that_changes_is_published_and_holds_for_both() -> None:
    published, plain = Published(), year("cn", 2027)
    days = tuple(each for each in FIXED_DAYS if each.on != "10-03")
    await published.say(*packaged_years(), plain.model_copy(update={"fixed": days}))
    assert published.differences() == []
    assert published.office().works(date(2029, 10, 3))


def test_a_calendar_that_an_earlier_build_published_has_the_statute() -> None:
    old = {"code": "cn", "year": 2026, "version": "1", "provisional": False, "days_off": [], "workdays": []}
    assert CalendarPublished.model_validate(old).fixed == FIXED_DAYS


def season(*spans: tuple[str, str], since: str = "01-01", until: str = "12-31") -> OfficeSeason:
    hours = tuple(OfficeSession(opens=opens, closes=closes) for opens, closes in spans)
    return OfficeSeason(since=since, until=until, sessions=hours)


MORNING, AFTERNOON, SHORT = ("08:30", "12:00"), ("14:30", "17:30"), ("10:00", "15:00")
LONG = (MORNING, AFTERNOON)
SUMMER = season(*LONG, since="05-01", until="09-30")


def with_hours(code: str, asked: int, *seasons: OfficeSeason) -> CalendarPublished:
    return year(code, asked).model_copy(update={"sessions": seasons})


def usual(reader: str, on: date) -> tuple[tuple[time, time], ...]:
    """What each of them always had: sla an hour at noon."""
    return Office().sessions_on(on) if reader == "notify" else packaged.calendar().sessions_on(on)


@pytest.mark.parametrize(
    ("said", "on", "hours"),
    [
        ([], date(2026, 7, 1), ()),
        ([with_hours(COUNTY, 2026, SUMMER)], date(2026, 7, 1), LONG),
        ([with_hours(COUNTY, 2026, SUMMER)], date(2026, 4, 30), ()),
        ([with_hours(COUNTY, 2026, SUMMER)], date(2026, 9, 30), LONG),
        ([with_hours(COUNTY, 2026, SUMMER)], date(2031, 7, 1), LONG),
        ([with_hours(COUNTY, 2026, SUMMER)], date(2025, 7, 1), ()),
        ([with_hours("431225", 2026, SUMMER)], date(2026, 7, 1), ()),
        (
            [with_hours("4312", 2026, season(SHORT)), with_hours(COUNTY, 2026, SUMMER)],
            date(2026, 7, 1),
            (MORNING, AFTERNOON),
        ),
        ([with_hours(COUNTY, 2026, SUMMER), with_hours("4312", 2026, season(SHORT))], date(2026, 12, 1), (SHORT,)),
        (
            [with_hours("cn", 2028, season(SHORT)), with_hours("4312", 2026, SUMMER)],
            date(2028, 7, 3),
            (MORNING, AFTERNOON),
        ),
        ([with_hours(COUNTY, 2026, season(SHORT)), with_hours(COUNTY, 2027, SUMMER)], date(2026, 7, 1), (SHORT,)),
        ([with_hours(COUNTY, 2026, season(SHORT)), with_hours(COUNTY, 2027, SUMMER)], date(2027, 12, 1), ()),
        ([with_hours(COUNTY, 2026, season(SHORT)), year(COUNTY, 2027)], date(2027, 7, 1), (SHORT,)),
        ([with_hours(COUNTY, 2026, season(AFTERNOON, MORNING))], date(2026, 7, 1), ()),
        ([with_hours(COUNTY, 2026, season(SHORT, since="11-15", until="02-28"))], date(2027, 1, 4), (SHORT,)),
    ],
)
async def test_notify_and_sla_have_one_reading_of_office_hours(
    said: list[CalendarPublished], on: date, hours: tuple[tuple[str, str], ...]
) -> None:
    published = Published()
    await published.say(*packaged_years(), *said)
    read = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in hours)
    found = {"notify": published.office().sessions_on(on), "sla": published.sla.current(COUNTY).sessions_on(on)}
    assert found == {reader: read or usual(reader, on) for reader in found}


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (china(2026, 7, 1, 8), china(2026, 7, 1, 8) + HALF),
        (china(2026, 7, 1, 9), china(2026, 7, 1, 9)),
        (china(2026, 7, 1, 12), china(2026, 7, 1, 14) + HALF),
        (china(2026, 7, 3, 18), china(2026, 7, 6, 8) + HALF),
        (china(2026, 4, 30, 17), china(2026, 5, 6, 8) + HALF),
        (china(2026, 4, 30, 16), china(2026, 4, 30, 16)),
    ],
)
async def test_staff_are_told_in_the_hours_of_the_season_and_clocks_count_in_them(
    now: datetime, opens: datetime
) -> None:
    published = Published()
    await published.say(*packaged_years(), with_hours(COUNTY, 2026, SUMMER))
    assert published.office().next_open(now.astimezone(UTC)) == opens
    minute = timedelta(minutes=1)
    assert published.sla.current(COUNTY).after_office_time(now.astimezone(UTC), minute) == opens + minute


async def test_hours_that_are_published_make_another_edition_and_an_earlier_one_keeps_its_own() -> None:
    published = Published()
    await published.say(*packaged_years(), with_hours(COUNTY, 2026, SUMMER))
    before, july = published.sla.current(COUNTY), date(2026, 7, 1)
    later = with_hours(COUNTY, 2026, season(SHORT)).model_copy(update={"version": "own-2"})
    await published.say(later)
    now = published.sla.current(COUNTY)
    assert now.version != before.version
    assert now.sessions_on(july) == ((time(10), time(15)),)
    again = published.sla.edition(before.version)
    assert again is not None
    assert again.sessions_on(july) == before.sessions_on(july)


async def test_a_slot_at_which_a_county_is_closed_is_told_at_its_next_opening() -> None:
    published = Published()
    await published.say(*packaged_years(), with_hours(COUNTY, 2026, SUMMER))
    office = replace(published.office(), slots=(time(9), time(14)))
    assert office.next_slot(china(2026, 7, 1, 10).astimezone(UTC)) == china(2026, 7, 1, 14) + HALF
    assert office.next_slot(china(2026, 4, 29, 10).astimezone(UTC)) == china(2026, 4, 29, 14)
