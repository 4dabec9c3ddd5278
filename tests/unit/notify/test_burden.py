"""减负: whose act caused what staff were told, in how many letters, when, and what was demanded twice (D3)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import httpx2
import pytest

from contracts.envelope import Actor, Message
from contracts.identifiers import number_of
from contracts.messages.feedback import ProgressAsked
from runtime.change import Change
from runtime.identity.tokens import Principal, issue
from services.notify.api.burden import BurdenDays, BurdenQuery
from services.notify.domain.burden import CLOCK, DAYS_AT_MOST, office_of
from services.notify.domain.deliveries import Delivery, Report
from services.notify.handlers.planning import ASKED_AGAIN
from services.notify.ports import Weekdays
from services.notify.wiring import build
from tests.facts import feedback, sla
from tests.facts.values import COUNTY, DIVISION, LEAD, OTHER, SUPERVISION, UNIT
from tests.harness import MONDAY, TICKET, fact
from tests.unit.notify.matters import SATURDAY, Desktop, assigned, light, registered
from tests.unit.notify.said import after
from tests.unit.notify.test_api import PRIVATE, served

SUPERVISOR = Actor(role="supervisor")


def signed(role: str, unit: str = "") -> dict[str, str]:
    """The headers of somebody of the county's staff, on Saturday."""
    return {"Authorization": f"Bearer {issue(PRIVATE, Principal('somebody', unit, COUNTY, role), SATURDAY)}"}


NOON = MONDAY + timedelta(hours=5)


@pytest.mark.parametrize(
    ("role", "unit", "office"),
    [
        ("", "", ""),
        ("system", "", ""),
        ("supervisor", "", SUPERVISION),
        ("leader", "", f"{COUNTY}-LDR"),
        ("lead", LEAD, LEAD),
        ("unit", UNIT, UNIT),
        ("reporter", "", "reporter"),
    ],
)
def test_whose_act_it_was(role: str, unit: str, office: str) -> None:
    assert office_of(role, unit, DIVISION) == office


def asked(after_: timedelta = timedelta(), *, seq: int = 1) -> Message[Any]:
    return fact(feedback.progress_asked(), at=MONDAY + after_, seq=seq, actor=SUPERVISOR)


def ordered(order: str, after_: timedelta = timedelta(), **changed: object) -> Message[Any]:
    body = sla.supervision_ordered(order=order, clock=f"c{order[-1]}", **changed)
    return fact(body, at=MONDAY + after_)


def told(*messages: Message[Any], kind: str) -> list[Delivery]:
    """What the unit hears of a kind."""
    items = after(registered(), assigned(), *messages).items
    return [item for item in items if (item.kind, item.audience) == (kind, "unit")]


def test_a_delivery_to_staff_keeps_the_office_whose_act_caused_it() -> None:
    (delivery,) = told(asked(), kind="progress_asked")
    assert (delivery.caused_by, delivery.again) == (SUPERVISION, 0)
    assert {item.caused_by for item in told(light("yellow"), kind="light_yellow")} == {""}
    by_unit = fact(feedback.progress_reported(), actor=Actor(role="unit", unit=UNIT))
    assert {
        item.caused_by for item in after(registered(), assigned(), by_unit).items if item.audience == "reporter"
    } == {""}


@pytest.mark.parametrize(("later", "again"), [(ASKED_AGAIN, 1), (ASKED_AGAIN + timedelta(seconds=1), 0)])
def test_progress_that_is_asked_for_again_soon_is_demanded_twice(later: timedelta, again: int) -> None:
    first, second = told(asked(), asked(later, seq=2), kind="progress_asked")
    assert (first.again, second.again) == (0, again)


def test_an_item_of_an_order_that_was_ordered_before_is_demanded_twice() -> None:
    first = sla.supervision_ordered().items[0]
    other = first.model_copy(update={"index": 2, "zh": "说明措施", "en": "Say what is done."})
    orders = ordered("o1"), ordered("o2", items=(first, other)), ordered("o3", items=(other,), unit=OTHER)
    assert [each.again for each in told(*orders, kind="order")] == [0, 1, 0]
    copies = [each for each in after(registered(), assigned(), *orders).items if each.audience == "lead"]
    assert {(each.asks, each.again) for each in copies} == {((), 0)}


def test_a_demand_that_was_never_sent_was_not_made() -> None:
    withdrawn = fact(sla.order_withdrawn(order="o1"))
    assert [each.again for each in told(ordered("o1"), withdrawn, ordered("o2"), kind="order")] == [0, 0]


def test_how_soon_is_set_for_the_installation() -> None:
    later, patient = asked(timedelta(days=9), seq=2), build(Weekdays(), timedelta(days=10))
    post = after(registered(), assigned(), asked())
    done = patient.reacts[ProgressAsked](post, later, later.at)
    assert isinstance(done, Change)
    assert done.document.items[-1].again == 1


@pytest.fixture
async def desk() -> Desktop:
    """Two matters that went to their unit in one digest, and an urgent one on Saturday that a unit was told alone."""
    desk = Desktop(Weekdays((time(9), time(14))))
    for nth in (1, 2):
        key = f"{nth}{TICKET[1:]}"
        lead = Actor(role="lead", unit=LEAD)
        said = assigned(desk.stage.clock.now(), number=number_of(key, COUNTY))
        await desk.told(replace(said, key=key, id=f"assigned {nth}", actor=lead))
    desk.stage.pass_time(timedelta(hours=5))
    await desk.deliver()
    desk.stage.pass_time(SATURDAY - desk.stage.clock.now())
    await desk.told(registered(), assigned(desk.stage.clock.now(), urgent=True))
    await desk.deliver()
    return desk


@pytest.fixture
async def client(desk: Desktop) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(desk) as there:
        yield there


def figures(letters: int, deliveries: int, outside: int = 0, again: int = 0) -> dict[str, int]:
    return {
        "letters": letters,
        "deliveries": deliveries,
        "saved": deliveries - letters,
        "outside_office_hours": outside,
        "asked_again": again,
    }


async def test_the_supervision_office_reads_what_its_division_was_told(client: httpx2.AsyncClient) -> None:
    answers = {by: await client.get(f"/v1/burden?by={by}", headers=signed("supervisor")) for by in ("cause", "kind")}
    shown = {by: each.json() for by, each in answers.items()}
    assert shown["cause"]["rows"] == [
        {"cause": LEAD} | figures(1, 2),
        {"cause": CLOCK} | figures(1, 1, outside=1),
    ]
    assert shown["kind"]["rows"] == [{"kind": "assigned"} | figures(2, 3, outside=1)]
    assert shown["kind"]["total"] == figures(2, 3, outside=1)
    assert (shown["kind"]["from"], shown["kind"]["to"]) == ("2026-02-05", "2026-03-07")


@pytest.mark.parametrize(
    ("unit", "by", "rows"),
    [
        (UNIT, "account", [{"account": UNIT} | figures(2, 3, outside=1)]),
        (LEAD, "account", [{"account": UNIT} | figures(1, 2)]),
        (OTHER, "account", []),
    ],
)
async def test_an_office_reads_what_it_was_told_and_what_it_caused(
    client: httpx2.AsyncClient, unit: str, by: str, rows: list[Mapping[str, Any]]
) -> None:
    answer = await client.get(f"/v1/burden?by={by}", headers=signed("unit", unit=unit))
    assert answer.json()["rows"] == rows
    assert answer.json()["total"] == {name: sum(each[name] for each in rows) for name in figures(0, 0)}


@pytest.mark.parametrize(("monitored", "told"), [((UNIT,), [UNIT]), ((OTHER,), []), ((), [])])
async def test_monitoring_points_are_counted_apart(desk: Desktop, monitored: Sequence[str], told: list[str]) -> None:
    async with served(desk, monitored) as there:
        answer = await there.get("/v1/burden?monitored=true", headers=signed("supervisor"))
    assert [each["account"] for each in answer.json()["rows"]] == told
    assert answer.json()["total"]["letters"] == sum(each["letters"] for each in answer.json()["rows"])


async def test_a_month_is_a_table_for_office_programs(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/burden?from=2026-03-01&to=2026-03-31&form=csv", headers=signed("supervisor"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.text.removeprefix("\ufeff").split() == [
        "from,to,account,letters,deliveries,saved,outside_office_hours,asked_again",
        f"2026-03-01,2026-03-31,{UNIT},2,3,1,1,0",
    ]


@pytest.mark.parametrize(
    ("query", "letters"),
    [("from=2026-03-02&to=2026-03-02", 1), ("from=2026-03-03&to=2026-03-06", 0), ("from=2026-03-07&to=2026-03-07", 1)],
)
async def test_both_days_are_inside(client: httpx2.AsyncClient, query: str, letters: int) -> None:
    answer = await client.get(f"/v1/burden?{query}", headers=signed("supervisor"))
    assert answer.json()["total"]["letters"] == letters


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("", {}, 401),
        ("", signed("clerk"), 403),
        ("division=431225", signed("supervisor"), 403),
        ("division=43", signed("supervisor"), 200),
        ("division=Mayang", signed("supervisor"), 422),
        ("by=click", signed("supervisor"), 422),
        ("from=yesterday", signed("supervisor"), 422),
        ("from=2026-03-02&to=2026-03-01", signed("supervisor"), 422),
        ("from=2024-01-01&to=2026-03-01", signed("supervisor"), 422),
        ("from=0001-01-01&to=0001-01-01", signed("supervisor"), 422),
        ("to=9999-12-31", signed("supervisor"), 422),
        ("since=2026-03-01", signed("supervisor"), 422),
    ],
)
async def test_what_cannot_be_asked_is_said(
    client: httpx2.AsyncClient, query: str, headers: dict[str, str], status: int
) -> None:
    answer = await client.get(f"/v1/burden?{query}", headers=headers)
    assert answer.status_code == status, answer.text


def test_so_many_days_are_the_most() -> None:
    last = NOON.date()
    first = last - timedelta(days=DAYS_AT_MOST - 1)
    assert BurdenDays.of(BurdenQuery.model_validate({"from": first, "to": last}), NOON).first == first


def test_the_first_word_of_when_it_was_told_stands() -> None:
    post = after(registered(), assigned())
    refs = {item.ref for item in post.items}
    sent = post.with_reports({ref: Report("sent", "sms", letter=ref) for ref in refs})
    twice = sent.told(refs, MONDAY).told(refs, NOON, outside=True)
    assert {(item.audience, item.told_at, item.outside) for item in twice.items} == {
        ("reporter", None, False),
        ("unit", MONDAY, False),
    }
