"""One calendar (class J): notify tells staff on the days on which sla counts, as they were published."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.messages.sla import CalendarPublished
from contracts.values import FIXED_DAYS
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
