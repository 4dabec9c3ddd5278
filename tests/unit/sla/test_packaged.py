"""What is published is what is packaged; what others publish stands over it, and old editions stay explainable."""

import asyncio
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from contracts.envelope import Body
from contracts.messages.routing import UnitPublished
from contracts.messages.sla import CalendarPublished
from contracts.messages.standards import StandardPublished
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.sla.adapters import packaged, published
from services.sla.adapters.published import PublishedCalendars, PublishedCatalogue
from services.sla.domain import standards
from services.sla.domain.calendar import Calendar
from services.sla.domain.ladder import OURS
from services.sla.settings import LadderSettings
from services.sla.workers.calendars import watching_the_calendar
from tests.facts.sla import calendar_published
from tests.harness import MONDAY
from tests.unit.sla.values import CN

CLOCK = Clock(wall=lambda: MONDAY)
MODELS: list[type[Body]] = [CalendarPublished, StandardPublished, UnitPublished]


class PublishedStandardsAndYears:
    """A configuration topic and who reads it."""

    def __init__(self, log: InMemoryLog | None = None) -> None:
        self.log = log or InMemoryLog()
        self.configuration = Configuration(InMemoryFollower(self.log, "configuration"), MODELS)
        self.calendars = PublishedCalendars(self.configuration)
        self.catalogue = PublishedCatalogue(self.configuration)

    async def publish(self, key: str, body: Body) -> None:
        self.log.append(publication(key, body, "sla", CLOCK))
        await self.configuration.catch_up()

    async def announce(self, body: CalendarPublished) -> None:
        await self.publish(packaged.calendar_key(body.code, body.year, body.version), body)


def year(
    code: str, asked: int, version: str, *, off: tuple[str, ...], works: tuple[str, ...] = ()
) -> CalendarPublished:
    """A year as somebody publishes it."""
    return calendar_published(code=code, year=asked, version=version, days_off=off, workdays=works)


async def test_what_is_packaged_published_and_folded_is_the_same_calendar() -> None:
    desk = PublishedStandardsAndYears()
    for key, body in packaged.publications():
        await desk.publish(key, body)
    assert desk.calendars.current("431226") == CN
    assert list(desk.catalogue.standards()) == list(packaged.standards())


async def test_without_a_publication_the_packaged_one_stands() -> None:
    desk = PublishedStandardsAndYears()
    assert desk.calendars.current("431226") == CN
    assert desk.catalogue.standards() == packaged.standards()
    assert desk.catalogue.units() == ()


async def test_a_notice_ends_the_provisional_year_and_the_old_edition_is_still_there() -> None:
    desk = PublishedStandardsAndYears()
    desk.calendars.current("431226")
    await desk.announce(year("cn", 2027, "cn-2027.1", off=("2027-01-04",), works=("2027-01-09",)))
    new = desk.calendars.current("431226")
    assert (new.version, 2027 in new.years) == ("cn-2026.1+cn-2027:cn-2027.1", True)
    assert new.works(date(2027, 1, 9))
    assert new.works(date(2026, 10, 10)), "what was announced before stays"
    assert desk.calendars.edition("cn-2026.1") == CN
    assert desk.calendars.edition(new.version) == new
    assert desk.calendars.edition("cn-1999.1") is None
    assert desk.calendars.edition("cn-2026.1+cn-2027:cn-2027.9") is None


async def test_a_countys_own_day_is_only_its_own() -> None:
    desk = PublishedStandardsAndYears()
    await desk.announce(year("431226", 2026, "1", off=("2026-04-01",)))
    await desk.announce(year("431228", 2026, "1", off=("2026-04-02",)))
    days = [date(2026, 4, 1), date(2026, 4, 2)]
    found = {county: desk.calendars.current(county) for county in ("431226", "431228", "431225")}
    assert {county: [each.works(on) for on in days] for county, each in found.items()} == {
        "431226": [False, True],
        "431228": [True, False],
        "431225": [True, True],
    }
    assert [each.version for each in found.values()] == [
        "cn-2026.1+431226-2026:1", "cn-2026.1+431228-2026:1", "cn-2026.1",
    ]  # fmt: skip
    assert desk.calendars.current("431226100") == found["431226"], "a township is in its county"


async def test_a_process_that_has_just_started_knows_every_earlier_edition() -> None:
    desk, seen = PublishedStandardsAndYears(), list[Calendar]()
    for version, off in (("1", "2026-04-01"), ("2", "2026-04-02"), ("10", "2026-04-03")):
        await desk.announce(year("431226", 2026, version, off=(off,)))
        seen.append(desk.calendars.current("431226"))
    late = PublishedStandardsAndYears(desk.log)
    await late.configuration.catch_up()
    assert [late.calendars.edition(each.version) for each in seen] == seen
    assert late.calendars.current("431226") == seen[-1]


async def test_the_edition_said_last_stands_also_when_an_earlier_one_is_said_again() -> None:
    desk = PublishedStandardsAndYears()
    first, second = (year("431226", 2026, version, off=("2026-04-01",)) for version in ("1", "2"))
    for each in (first, second, first):
        await desk.announce(each)
    assert desk.calendars.current("431226").version == "cn-2026.1+431226-2026:1"


async def test_what_is_packaged_may_be_said_again_and_stands_below_what_somebody_published() -> None:
    desk = PublishedStandardsAndYears()
    await desk.announce(year("cn", 2026, "cn-2026.9", off=("2026-04-01",)))
    for key, body in packaged.publications():
        await desk.publish(key, body)
    assert desk.calendars.current("431226").version == "cn-2026.1+cn-2026:cn-2026.9"


async def test_a_restart_publishes_only_what_is_absent_or_older() -> None:
    desk = PublishedStandardsAndYears()
    assert dict(published.missing(desk.configuration)) == dict(packaged.publications())
    for key, body in packaged.publications():
        await desk.publish(key, body)
    assert list(published.missing(desk.configuration)) == []


async def test_a_standard_in_a_newer_version_wants_no_older_one_beside_it() -> None:
    mine = packaged.standards()[0]
    newer = mine.standard.model_copy(update={"version": mine.standard.version + 1})
    desk = PublishedStandardsAndYears()
    for key, body in packaged.publications():
        if body is not mine:
            await desk.publish(key, body)
    assert [body for _, body in published.missing(desk.configuration)] == [mine]
    await desk.publish(f"standard/{newer.code}", mine.model_copy(update={"standard": newer}))
    assert list(published.missing(desk.configuration)) == []


async def test_a_standard_published_early_hides_none_that_is_in_force() -> None:
    desk, now = PublishedStandardsAndYears(), packaged.standards()[0].standard.valid_from + timedelta(days=1)
    mine = packaged.standards()[0]
    later = mine.standard.model_copy(
        update={"version": mine.standard.version + 1, "valid_from": now + timedelta(days=30)}
    )
    for body in (mine, mine.model_copy(update={"standard": later})):
        await desk.publish(packaged.standard_key(body.standard.code, body.standard.version), body)
    offered = [packaged.standard_of(each) for each in desk.catalogue.standards()]
    assert standards.in_force(offered, now)[mine.standard.code].version == mine.standard.version
    assert standards.in_force(offered, now + timedelta(days=31))[mine.standard.code].version == later.version


@pytest.mark.parametrize(
    ("wrong", "code"), [({"limit": 0}, "amount_out_of_range"), ({"limit": 9_000_000}, "amount_out_of_range")]
)
async def test_a_standard_that_may_not_be_promised_is_refused_and_named(wrong: dict[str, Any], code: str) -> None:
    desk = PublishedStandardsAndYears()
    good, bad = packaged.standards()[:2]
    await desk.publish("standard/GOOD", good)
    standard = bad.standard.model_copy(update={"extension_cap": 0} | wrong)
    await desk.publish("standard/BAD", bad.model_copy(update={"standard": standard}))
    with capture_logs() as said:
        assert [desk.catalogue.standards(), desk.catalogue.standards()] == [(good,), (good,)]
    assert [(each["event"], each["key"], each["faults"]) for each in said] == [
        ("standard_refused", "standard/BAD", (code,))
    ]


async def test_a_provisional_year_that_is_published_changes_nothing() -> None:
    desk = PublishedStandardsAndYears()
    body = year("cn", 2027, "cn-2027.0", off=("2027-01-04",)).model_copy(update={"provisional": True})
    await desk.announce(body)
    assert desk.calendars.current("431226") == CN


def test_every_key_of_the_publications_is_its_own() -> None:
    keys = [key for key, _ in packaged.publications()]
    assert len(set(keys)) == len(keys)
    assert {key.partition("/")[0] for key in keys} == {"calendar", "standard"}


@pytest.mark.parametrize(
    ("given", "orders"), [({}, 1), ({"DUBAN_ORDER_HOLD_MINUTES": "60"}, 1), ({"DUBAN_URGENT_LEVELS": "5"}, 5)]
)
def test_the_ladder_is_a_setting(given: dict[str, Any], orders: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    policy = LadderSettings().policy()
    assert LadderSettings().ladder() == OURS
    assert len(policy.orders_at(MONDAY, urgent=True)) == max(3, orders)
    expected = MONDAY.replace(hour=MONDAY.hour + int(given.get("DUBAN_ORDER_HOLD_MINUTES", 240)) // 60)
    assert policy.orders_at(MONDAY, urgent=False) == (expected,)


def test_how_long_a_desk_has_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_ASSIGN_URGENT_MINUTES", "10")
    monkeypatch.setenv("DUBAN_ARBITRATE_WORKING_DAYS", "5")
    ladder = LadderSettings().ladder()
    assert ladder.handing_out(urgent=True, disputed=False).amount == 10
    assert ladder.handing_out(urgent=False, disputed=True).amount == 5


async def test_the_last_year_that_is_announced_can_be_watched() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)  # after the first look
    await watching_the_calendar(packaged.PackagedCalendars())(stop)
    assert REGISTRY.get_sample_value("sla_calendar_last_official_year") == max(packaged.calendar().years)


@pytest.mark.parametrize("year", range(2004, 2020))
def test_a_year_of_the_history_is_what_an_independent_calendar_says(year: int) -> None:
    """Day by day; but for one make-up workday, which that calendar lacks."""
    first, known = date(year, 1, 1), packaged.history()
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    different = [on for on in days if known.works(on) != chinese_calendar.is_workday(on)]
    assert different == ([date(2005, 12, 31)] if year == 2005 else [])


def test_the_history_is_an_edition_of_its_own_on_which_nothing_rests() -> None:
    known = packaged.history()
    assert packaged.PackagedCalendars().edition(known.version) == known
    assert not known.years & packaged.calendar().years
    assert known.version not in {body.version for _, body in packaged.publications() if hasattr(body, "version")}
    assert packaged.of_year(packaged.calendar(), 2012) == known
    assert packaged.of_year(packaged.calendar(), 2020) == packaged.calendar()
    assert packaged.of_year(packaged.calendar(), 2030) == packaged.calendar()
