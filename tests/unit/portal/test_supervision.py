"""督查: a division in figures, each of which opens its matters; what one API refuses is no part of the page."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from contracts.divisions import names_within
from contracts.vocabulary import COLOURS
from services.portal.pages.supervision import view
from tests.unit.portal.staffed import LINE, NEVER, StaffedDesk, staffed
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.tickets import NOON

PATH = "/desk/supervision"
UNIT, OTHER = "431226-GS", "431226-JY"
REFUSED = httpx2.Response(403, json={"type": "role_refused", "zh": "不能", "en": "no"})
SILENT = httpx2.Response(503, json={"type": "unavailable", "zh": "暂时无法服务", "en": "unavailable"})


def light_row(unit: str, name: str = "", **counts: int) -> dict[str, Any]:
    """Of a unit and of the county at once, for the page asks for both."""
    return {"unit": unit, "unit_zh": name, "county": unit[:6]} | dict.fromkeys(COLOURS, 0) | counts


def late_clock(number: str, hours: int = 3, lead: str = "", *, runs: bool = True) -> dict[str, Any]:
    at = NOON.isoformat()
    stopped = None if runs else at
    of = {"number": number, "division": "431226", "clock": "c", "kind": "complete_by", "lead_unit": lead}
    return of | {"due": at, "stopped": stopped, "overdue_seconds": hours * 3600}


def office(what: str, code: str, late: list[dict[str, Any]], name: str = "") -> dict[str, Any]:
    running = sum(each["stopped"] is None for each in late)
    longest = max(each["overdue_seconds"] for each in late)
    figures = {"overdue": len(late), "running": running, "longest_seconds": longest}
    return {what: code, f"{what}_zh": name} | figures


def report(*late: dict[str, Any]) -> dict[str, Any]:
    units = [office("unit", UNIT, list(late), "供水公司") | {"clocks": list(late)}] if late else []
    leads = [office("lead_unit", OTHER, list(late))] if late else []
    of = {"by": "day", "since": NOON.isoformat(), "as_of": NOON.isoformat(), "overdue": len(late)}
    return of | {"units": units, "lead_units": leads}


ITEM = {"number": NUMBER, "division": "431226", "unit": UNIT, "since": NOON.isoformat(), "ground": "g", "by": "timer"}
AGENDA = {"matters": [ITEM | {"ground_zh": "多次逾期", "ground_en": "late", "due": None}], "more": True}
CALL = {"number": NUMBER, "unit": UNIT, "round": 1, "attempts": 2}
LETTER = {"number": NUMBER, "reference": "r", "audience": "reporter", "person": 0, "kind": "k", "round": 1}
LETTERS = [LETTER | {"channel": "sms", "kinds": [], "ticket": "t"}]


@pytest.fixture
async def desk() -> AsyncIterator[StaffedDesk]:
    async with staffed() as there:
        there.role = "supervisor"
        rows = [light_row(OTHER, green=4), light_row(UNIT, "供水公司", red=2, yellow=1)]
        there.told |= {
            "/v1/lights": {"at": NOON.isoformat(), "by": "unit", "rows": rows},
            "/v1/overdue": report(late_clock(NUMBER)),
            "/v1/conference-agenda": AGENDA,
            "/v1/look-backs": {"calls": [CALL]},
            "/v1/deliveries/unknown": LETTERS,
            "/v1/tickets": {"now": NOON.isoformat(), "total": 1, "skip": 0, "tickets": [LINE], "next": "20260302.x"},
        }
        yield there


def test_the_worst_come_first_and_a_bar_is_as_long_as_its_matters() -> None:
    rows = [light_row("b", green=4), light_row("a", red=1, green=1), light_row("c", red=1, orange=1)]
    found = view.lights({"rows": rows}, "unit", {})
    assert [each.code for each in found] == ["c", "a", "b"]
    assert [each.bar for each in found[1:]] == [(("red", 0.0, 25.0), ("green", 25.0, 25.0)), (("green", 0.0, 100.0),)]
    assert (view.red(found), view.lights({"rows": []}, "unit", {})) == (2, [])


def test_a_county_is_named_as_people_name_it_and_an_unknown_one_by_its_code() -> None:
    rows = [light_row("", green=1) | {"county": code} for code in ("431226", "431299")]
    found = view.lights({"rows": rows}, "county", names_within("4312"))
    assert [(each.code, each.name) for each in found] == [("431226", "麻阳苗族自治县"), ("431299", "431299")]


async def test_the_place_that_is_looked_at_stands_above_by_its_name(desk: StaffedDesk) -> None:
    desk.told["/v1/lights"] = {"at": NOON.isoformat(), "rows": [light_row("", red=1) | {"county": "431226"}]}
    page = (await desk.client.get("/desk/supervision?division=431226")).text
    assert '<h1>督查 · <span lang="zh-CN">麻阳苗族自治县</span></h1>' in page


def test_a_colour_that_few_matters_show_is_seen_beside_the_many() -> None:
    (row,) = view.lights({"rows": [light_row("a", red=1, green=999)]}, "unit", {})
    assert row.bar[0] == ("red", 0.0, float(view.LEAST))


def test_a_lead_unit_is_named_with_the_clocks_below_it_the_longest_first() -> None:
    late = [late_clock("1", 2, OTHER), late_clock("2", 9, OTHER, runs=False), late_clock("3", 1, "another")]
    (lead,) = view.lead_units(report(*late), "en")
    assert [(each.number, each.over, each.runs) for each in lead.late] == [("2", "9 h", False), ("1", "2 h", True)]


def test_so_many_clocks_of_a_unit_are_shown_and_all_are_counted() -> None:
    late = [late_clock(str(nth)) for nth in range(view.LATE_ROWS + 5)]
    (unit,) = view.units(report(*late), "zh")
    assert (unit.overdue, len(unit.late)) == (view.LATE_ROWS + 5, view.LATE_ROWS)


async def test_every_figure_opens_its_matters(desk: StaffedDesk) -> None:
    page = (await desk.client.get(f"{PATH}?by=week")).text
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links >= {
        f"{PATH}/matters?unit={UNIT}&amp;light=red&amp;lang=zh",
        f"{PATH}/matters?division=431226&amp;light=green&amp;lang=zh",
        f"{PATH}?division=431226&amp;by=week&amp;lang=zh",
        f"{PATH}/overdue.csv?by=week&amp;lang=zh",
        f"/desk/{NUMBER}?lang=zh",
        f"/desk/{NUMBER}/look-back?lang=zh",
    }
    said = ("供水公司", "1 项，仍在逾期 1 项，最长 3小时", "多次逾期", "已拨 2 次未通", "发给反映人", "还有更多")
    assert [words in page for words in said] == [True] * len(said)
    (overdue,) = [each for each in desk.asked if each.url.path == "/v1/overdue"]
    assert dict(overdue.url.params) == {"by": "week"}


async def test_within_a_place_all_is_asked_of_that_place(desk: StaffedDesk) -> None:
    page = (await desk.client.get(f"{PATH}?division=431226104")).text
    asked = {each.url.path: dict(each.url.params).get("division") for each in desk.asked}
    of_a_place = ("/v1/lights", "/v1/overdue", "/v1/conference-agenda")
    assert asked == dict.fromkeys(of_a_place, "431226104")
    assert f"{PATH}/matters?unit={UNIT}&amp;division=431226104&amp;light=red" in page
    assert ("看全部" in page, "待回访" in page) == (True, False)


async def test_what_an_api_refuses_is_no_part_and_what_is_silent_says_so(desk: StaffedDesk) -> None:
    desk.role = "leader"
    desk.told |= {"/v1/look-backs": REFUSED, "/v1/deliveries/unknown": REFUSED, "/v1/overdue": SILENT}
    answer = await desk.client.get(PATH)
    assert (answer.status_code, "待回访" in answer.text, "不知是否送达" in answer.text) == (200, False, False)
    assert ("暂时无法服务" in answer.text, "供水公司" in answer.text) == (True, True)


async def test_a_division_in_which_nothing_is_late_says_so(desk: StaffedDesk) -> None:
    desk.told |= {
        "/v1/lights": {"at": NOON.isoformat(), "by": "unit", "rows": []},
        "/v1/overdue": report(),
        "/v1/conference-agenda": {"matters": [], "more": False},
        "/v1/look-backs": {"calls": []},
        "/v1/deliveries/unknown": [],
    }
    page = (await desk.client.get(f"{PATH}?lang=en")).text
    said = ("No clock runs now.", "no unit was overdue", "Nothing waits for a conference.", "Nobody is to be called.")
    assert [words in page for words in said] == [True] * len(said)


async def test_the_table_is_saved_as_the_api_has_it(desk: StaffedDesk) -> None:
    desk.told["/v1/overdue"] = httpx2.Response(200, content="\ufeffunit,number\r\n".encode())
    answer = await desk.client.get(f"{PATH}/overdue.csv?by=month")
    assert (answer.content.decode(), answer.headers["Content-Type"]) == (
        "\ufeffunit,number\r\n",
        "text/csv; charset=utf-8",
    )
    assert answer.headers["Content-Disposition"] == 'attachment; filename="overdue-month.csv"'
    assert dict(desk.asked[0].url.params) == {"by": "month", "form": "csv"}
    desk.told["/v1/overdue"] = SILENT
    assert (await desk.client.get(f"{PATH}/overdue.csv")).status_code == 503


async def test_matters_are_asked_for_by_what_was_opened_and_words_are_text(desk: StaffedDesk) -> None:
    page = (await desk.client.get(f"{PATH}/matters?unit={UNIT}&light=red&division=431226")).text
    (asked,) = desk.asked
    assert dict(asked.url.params) == {"division": "431226", "unit": UNIT, "light": "red", "limit": "50"}
    assert (NEVER in page, "&lt;script&gt;alert(1)" in page, "共 1 件" in page) == (False, True, True)
    assert f"division=431226&amp;unit={UNIT}&amp;light=red&amp;after=20260302.x&amp;lang=zh" in page
    desk.told["/v1/tickets"] = {"now": NOON.isoformat(), "total": 0, "skip": 0, "tickets": [], "next": None}
    assert "现在没有这样的事项" in (await desk.client.get(f"{PATH}/matters?light=red")).text


@pytest.mark.parametrize("path", [PATH, f"{PATH}/matters", f"{PATH}/overdue.csv"])
async def test_it_is_for_whoever_supervises_and_of_their_own_division(desk: StaffedDesk, path: str) -> None:
    for division in ("43", "431225", "430102"):
        assert (await desk.client.get(f"{path}?division={division}")).status_code == 404, division
    assert (await desk.client.get(f"{path}?division=Mayang")).status_code == 422
    for role in ("unit", "head", "lead", "clerk", "auditor", "inspector"):
        desk.role = role
        assert (await desk.client.get(path)).status_code == 404, role
    assert desk.asked == []
    desk.client.cookies.clear()
    assert (await desk.client.get(path)).headers["Location"] == "/staff?lang=zh"


async def test_only_whoever_supervises_is_led_there(desk: StaffedDesk) -> None:
    for role, leads in (("supervisor", True), ("leader", True), ("unit", False)):
        desk.role = role
        assert (f'href="{PATH}?lang=zh"' in (await desk.client.get("/desk")).text) == leads, role


def test_a_span_is_said_in_its_largest_unit() -> None:
    (row,) = view.units(report(late_clock("1", timedelta(days=2) // timedelta(hours=1))), "zh")
    assert row.longest == "2天"
