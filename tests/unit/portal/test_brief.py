"""晨报: a day that is over, as JSON, as text, as a page; what cannot be known is said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.board import as_of, brief, day
from services.portal.reading.board.brief import parse_day
from services.portal.reading.board.day import DaySelection, DaySpan
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import HISTORY_STEPS, Step, Ticket
from services.portal.reading.ticket.fold.folding import stored
from tests.unit.portal.test_api import ServedPortal
from tests.unit.portal.test_public import browse
from tests.unit.portal.tickets import NOON, a_ticket

DAY = timedelta(days=1)
SPAN = DaySpan(date(2026, 3, 1))  # Sunday; NOON is the Monday after it
SUNDAY = datetime(2026, 3, 1, 2, tzinfo=UTC)
SATURDAY = SUNDAY - DAY
NAMED = {"category": "URB.06", "category_zh": "路灯", "category_en": "Street lights"}


def a_step(taken: Any, at: datetime, unit: str = "") -> Step:
    return stored(taken, at, unit_zh=unit, unit_en=unit)


def nth(number: int, **changed: Any) -> Ticket:
    id_ = f"{number:012d}ABCDEFGH1234AB"
    return a_ticket(id=id_, number=f"431226{number:013d}", **changed)


def late_since(due: datetime, number: int, unit: str) -> Ticket:
    """In hand since Saturday, and nothing was said of it since."""
    dated = {"registered_at": SATURDAY, "changed_at": SATURDAY, "complete_by": due, "unit_zh": unit, "unit_en": unit}
    return nth(number, state=TicketState.IN_HAND, **dated, **NAMED)


def moved_since() -> Ticket:
    """In hand and late on Sunday at a unit; completed on Monday, so that its document says nothing of it."""
    assigned, accepted = steps.AssignedStep(hop=1), steps.AcceptedStep(promise_zh="", promise_en="")
    clock = steps.ClockStartedStep(clock="complete_by", due=SUNDAY + timedelta(hours=3))
    story = (
        a_step(steps.RegisteredStep(channel="web"), SATURDAY),
        a_step(assigned, SATURDAY + timedelta(hours=1), "住建局"),
        a_step(accepted, SATURDAY + timedelta(hours=2), "住建局"),
        a_step(clock, SATURDAY + timedelta(hours=2), "住建局"),
        a_step(steps.CompletedStep(evidence=1), NOON, "住建局"),
    )
    dated = {"registered_at": SATURDAY, "changed_at": NOON, "unit_zh": "住建局"}
    return nth(3, state=TicketState.AWAITING_EVALUATION, history=story, **dated, **NAMED)


def put_a_sunday(house: ServedPortal) -> None:
    """One new, one late since Sunday, one that was late and is completed, one struck off on Sunday, one of today."""
    house.store.records.clear()
    house.put(nth(1, registered_at=SUNDAY, changed_at=SUNDAY, division="431226104", **NAMED))
    house.put(late_since(SUNDAY + timedelta(hours=1), 2, "水利局"))
    house.put(moved_since())
    struck = {"registered_at": SATURDAY, "changed_at": SUNDAY, "struck_off_at": SUNDAY}
    story = (a_step(steps.RegisteredStep(channel="web"), SATURDAY), a_step(steps.StruckOffStep(), SUNDAY))
    house.put(nth(4, state=TicketState.STRUCK_OFF, history=story, **struck, **NAMED))
    house.put(nth(5, **NAMED))


@pytest.fixture
def sunday(house: ServedPortal) -> ServedPortal:
    put_a_sunday(house)
    return house


async def test_the_brief_is_of_yesterday_with_what_changed_in_the_day(sunday: ServedPortal) -> None:
    told = (await sunday.get("/v1/brief")).json()
    assert (told["date"], told["last"], told["untold"]) == ("2026-03-01", "2026-03-01", 0)
    six = {"struck_off": 1, "awaiting_review": 0, "in_hand": 0, "overdue_unfinished": 2, "accepting": 1}
    assert told["counters"] == six | {"overdue_unaccepted": 0, "valid": 4}
    began = {"struck_off": 0, "awaiting_review": 0, "in_hand": 2, "overdue_unfinished": 0, "accepting": 1}
    assert told["before"] == began | {"overdue_unaccepted": 0, "valid": 3}
    changes = {"struck_off": 1, "awaiting_review": 0, "in_hand": -2, "overdue_unfinished": 2, "accepting": 0}
    assert told["differences"] == changes | {"overdue_unaccepted": 0}
    assert told["flow"] == {"registered": 1, "struck_off": 1}
    assert told["flow_before"] == {"registered": 3, "struck_off": 0}
    assert {(each["zh"], each["tickets"]) for each in told["late"]} == {("水利局", 1), ("住建局", 1)}
    assert told["kinds"] == [{"code": "URB.06", "zh": "路灯", "en": "Street lights", "tickets": 1}]
    assert [(each["zh"], each["tickets"]) for each in told["places"]] == [("麻阳苗族自治县", 1)]


async def test_inside_a_county_places_are_townships(sunday: ServedPortal) -> None:
    told = (await sunday.get("/v1/brief?division=431226")).json()
    assert [(each["code"], bool(each["zh"])) for each in told["places"]] == [("431226104", True)]
    assert (await sunday.get("/v1/brief?division=431226104")).json()["counters"]["valid"] == 1


@pytest.mark.parametrize(("lang", "says"), [("zh", "逾期未办结 2 (+2)"), ("en", "Overdue, unfinished 2 (+2)")])
async def test_it_is_plain_text_for_whoever_asks(sunday: ServedPortal, lang: str, says: str) -> None:
    asked = await sunday.get(f"/v1/brief?form=text&lang={lang}")
    accepted = await sunday.client.get(f"/v1/brief?lang={lang}", headers={"Accept": "text/plain"})
    assert asked.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert asked.text == accepted.text
    assert says in asked.text
    assert "水利局 1" in asked.text
    forced = await sunday.client.get("/v1/brief?form=json", headers={"Accept": "text/plain"})
    assert forced.json()["date"] == "2026-03-01"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-03-02", "day_not_over"),
        ("2026-13-01", "date_malformed"),
        ("20260301", "date_malformed"),
        ("1999-12-31", "date_malformed"),
        ("0001-01-01", "date_malformed"),
        ("yesterday", "date_malformed"),
    ],
)
async def test_a_day_that_cannot_be_told_is_refused_with_the_remedy(house: ServedPortal, typed: str, code: str) -> None:
    answer = await house.get(f"/v1/brief?date={typed}")
    told = answer.json()
    assert (answer.status_code, told["type"], told["errors"][0]["pointer"]) == (422, code, "/query/date")
    assert told["zh"]
    assert told["en"]


async def test_no_brief_of_a_place_outside_the_site(house: ServedPortal) -> None:
    assert (await house.get("/v1/brief?division=520100")).status_code == 404


async def test_counters_that_can_no_longer_be_known_are_none_and_the_rest_is_told(
    sunday: ServedPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "MOVED_AT_MOST", 1)
    told = (await sunday.get("/v1/brief")).json()
    assert (told["counters"], told["before"], told["differences"], told["late"]) == (None, None, None, [])
    assert told["flow"]["registered"] == 1
    assert "已无法算出" in (await sunday.get("/v1/brief?form=text")).text
    assert "已无法算出" in (await browse(sunday, "/brief")).text


async def test_a_day_is_looked_up_once_for_everybody(sunday: ServedPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, look = [], InMemoryTickets.day

    async def counted(self: InMemoryTickets, scope: TicketScope, span: DaySpan, *, digits: int) -> DaySelection:
        looked.append(span.day)
        return await look(self, scope, span, digits=digits)

    monkeypatch.setattr(InMemoryTickets, "day", counted)
    for _ in range(3):
        await sunday.get("/v1/brief")
    await sunday.get("/v1/brief?date=2026-02-28")
    assert looked == [date(2026, 3, 1), date(2026, 2, 28)]


def test_a_story_that_was_cut_tells_nothing_of_the_past() -> None:
    told = a_step(steps.ToldStep(what="progress", channel="sms"), NOON)
    cut = nth(1, registered_at=SATURDAY, changed_at=NOON, history=(told,) * HISTORY_STEPS)
    assert as_of.stood(cut, SUNDAY) is None
    assert day.stood([cut], SPAN.end).untold == 1
    made = brief.made(SPAN, day.seen([cut], SPAN, 6))
    assert made.counters is not None
    assert (made.untold, made.counters.valid) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "due", "late"),
    [
        ("plan_review_by", SUNDAY + DAY, False),  # the clock of the work rests
        ("held_until", SUNDAY + DAY, False),
        ("plan_review_by", SUNDAY + timedelta(hours=2), True),  # nothing overdue hides at a reviewer's
        ("contact_by", SUNDAY + DAY, True),  # beside which the work goes on
    ],
)
def test_a_clock_of_the_work_rests_beside_a_review_or_a_hold(kind: str, due: datetime, late: bool) -> None:
    before = moved_since()
    started = a_step(steps.ClockStartedStep(clock=kind, due=due), SATURDAY + timedelta(hours=5))
    story = (*before.history[:-1], started, before.history[-1])
    found = as_of.stood(nth(1, registered_at=SATURDAY, changed_at=NOON, history=story), SPAN.end)
    assert found is not None
    assert (found.state, found.overdue) == (TicketState.IN_HAND, late)


def test_a_rejection_in_a_rework_leads_back_to_the_rework() -> None:
    rejected = steps.ReviewRejectedStep(level=1, reviewer="lead", ground="thin_evidence")
    taken = (steps.ReworkStep(count=1, reason="unsolved"), steps.SubmittedStep(evidence=1, levels=1), rejected)
    story = tuple(a_step(each, SATURDAY + timedelta(hours=at)) for at, each in enumerate(taken))
    found = as_of.stood(nth(1, registered_at=SATURDAY, changed_at=NOON, history=story), SPAN.end)
    assert found is not None
    assert found.state is TicketState.REWORK


def test_a_day_is_written_in_one_way() -> None:
    assert parse_day("2026-03-01") == "2026-03-01"
    with pytest.raises(ValueError, match="written as 2026-03-01"):
        parse_day("2026-W09-7")


async def test_the_board_is_a_file_whose_rows_sum(sunday: ServedPortal) -> None:
    saved = await sunday.get("/v1/board.csv")
    assert saved.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = saved.text.removeprefix("\ufeff").strip().split("\r\n")
    figures = {row.split(",")[0]: int(row.split(",")[-1]) for row in rows}
    assert header == "counter,zh,en,tickets"
    assert sum(figures[each.value] for each in OfficialCounter) == figures["valid"] == 5
    board = (await sunday.get("/v1/board.json")).json()
    assert board["counters"]["valid"] == 5


@pytest.mark.parametrize(("lang", "says"), [("zh", "晨报"), ("en", "Morning brief")])
async def test_the_page_shows_what_the_api_answers(sunday: ServedPortal, lang: str, says: str) -> None:
    page = await browse(sunday, f"/brief?lang={lang}")
    assert page.status_code == 200
    for shown in (says, "水利局", "+2", "−2", f"/brief?date=2026-02-28&amp;lang={lang}"):
        assert shown in page.text
    assert "date=2026-03-02" not in page.text
    earlier = await browse(sunday, f"/brief?date=2026-02-28&lang={lang}")
    assert f"/brief?date=2026-03-01&amp;lang={lang}" in earlier.text


async def test_the_page_of_a_wrong_day_is_a_page(sunday: ServedPortal) -> None:
    page = await browse(sunday, "/brief?date=tomorrow")
    assert (page.status_code, "text/html" in page.headers["Content-Type"]) == (422, True)
