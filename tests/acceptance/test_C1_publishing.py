"""C1: a table of standards is published by two accounts, and touches what runs by order alone. On the real stack."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from contracts.messages.sla import DeadlineSet
from contracts.messages.standards import StandardPublished
from contracts.topics import TICKETS
from runtime.http.tables import csv_text
from runtime.identity.tokens import Principal
from runtime.process.configuration import Configuration, publication
from runtime.tables.workbooks import workbook
from services.sla.adapters.published_applied import applied_of
from services.sla.api.publishing import CSV, XLSX
from services.sla.wiring import sheets_of
from tests.acceptance.town import ReporterReceipt, RunningSystem
from tests.facts.routing import unit_published

pytestmark = pytest.mark.stack
COUNTY = "431228"
FIRST, OTHER = ("431228105", "新店坪镇"), ("431228101", "罗旧镇")
"""Townships of their own: no other test has a matter there."""
ANN, BOB = (Principal(name, "", COUNTY, "configurer") for name in ("ann", "bob"))
ROW = {
    "编码": "QCP-01", "版本": "1", "名称": "夜间噪音治理", "英文名称": "Noise at night", "时限": "5",
    "时限单位": "工作日", "程序": "受理—现场核查—整改—评价", "依据": "《噪声污染防治法》", "适用事项": "ENV.01",
    "生效时间": "",
}  # fmt: skip


def row(version: int, days: int, valid_from: str = "") -> dict[str, str]:
    return ROW | {"版本": str(version), "时限": str(days), "生效时间": valid_from}


def csv(*rows: dict[str, str]) -> bytes:
    return csv_text(tuple(ROW), rows).encode()


async def send(
    town: RunningSystem, who: Principal, content: bytes, query: str = "", said: str = CSV
) -> httpx2.Response:
    path, headers = f"/v1/standards{query}", {"Content-Type": said}
    return await town.call("sla", "POST", path, who=who, content=content, headers=headers)


async def versions(town: RunningSystem, code: str) -> list[int]:
    """What is published under a code, as the catalogue says."""
    found = (await town.call("sla", "GET", "/v1/standards")).json()
    return sorted(each["version"] for each in found if each["code"] == code)


async def proposed(town: RunningSystem, who: Principal, content: bytes) -> None:
    """Proposed, and known to whoever is asked."""
    answer = await send(town, who, content)
    assert (answer.status_code, answer.json().get("state")) == (200, "proposed"), answer.text

    async def is_known() -> bool:
        return (await send(town, who, content, "?preview=true")).json()["proposal"] is not None

    await town.eventually(is_known, what="the proposal in the configuration")


async def publish(town: RunningSystem, *rows: dict[str, str]) -> None:
    """By two accounts; waits until it is in the catalogue."""
    await proposed(town, ANN, csv(*rows))
    answer = await send(town, BOB, workbook(tuple(ROW), rows[::-1]), said=XLSX)
    assert (answer.status_code, answer.json()["state"]) == (200, "published"), answer.text
    wanted = {int(each["版本"]) for each in rows}

    async def is_there() -> bool:
        return wanted <= set(await versions(town, rows[0]["编码"]))

    await town.eventually(is_there, what="the versions in the catalogue")


async def test_C1_every_fault_of_a_table_has_its_row_and_column_and_a_preview_changes_nothing(
    town: RunningSystem,
) -> None:
    other = ROW | {"编码": "QCF-01"}
    wrong = await send(town, ANN, csv(other, other | {"版本": "0"}, other | {"版本": "2", "时限单位": "天"}))
    told = wrong.json()
    assert (wrong.status_code, told["type"].rpartition("/")[2]) == (422, "standards_refused")
    assert [(each["row"], each["column"]) for each in told["errors"]] == [(3, "version"), (4, "limit_unit")]
    assert all(each["zh"] and each["en"] for each in told["errors"])

    before = await configured(town)
    shown = (await send(town, ANN, csv(other), "?preview=true")).json()
    assert (shown["state"], [each["code"] for each in shown["added"]], shown["proposal"]) == (
        "preview",
        ["QCF-01"],
        None,
    )
    assert await configured(town) == before
    assert await versions(town, "QCF-01") == []


async def configured(town: RunningSystem) -> int:
    """How many versions are published, whatever their code."""
    configuration = Configuration(town.platforms["sla"].follower("configuration"), [StandardPublished])
    await configuration.catch_up()
    return len(configuration.all(StandardPublished))


async def test_C1_a_table_is_published_by_two_accounts_and_the_same_one_twice_is_refused(town: RunningSystem) -> None:
    table = csv(ROW | {"编码": "QCT-01"})
    await proposed(town, ANN, table)
    again = await send(town, ANN, table)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "four_eyes")
    assert {"zh", "en"} <= set(again.json())
    assert await versions(town, "QCT-01") == []
    supervisor = await send(town, town.staff("supervisor", COUNTY), table)
    assert supervisor.status_code == 403

    second = await send(town, BOB, table)
    assert (second.status_code, second.json()["state"]) == (200, "published")

    async def is_there() -> bool:
        return await versions(town, "QCT-01") == [1]

    await town.eventually(is_there, what="the version in the catalogue")
    assert (await send(town, ANN, table)).json()["state"] == "standing"


async def test_C1_a_version_published_early_waits_for_its_day_and_hides_none(town: RunningSystem) -> None:
    code, next_year = {"编码": "QCV-01"}, (town.clock.now() + timedelta(days=400)).isoformat()
    await publish(town, row(1, 5) | code, row(2, 9, next_year) | code)
    path = f"/v1/standards/QCV-01/preview?division={COUNTY}"
    found = (await town.call("sla", "GET", path, who=town.staff("supervisor", COUNTY))).json()
    assert found["version"] == 1
    answer = await apply(town, COUNTY, 2, code="QCV-01")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "version_not_in_force")


async def apply(
    town: RunningSystem, division: str, version: int, query: str = "", code: str = ROW["编码"]
) -> httpx2.Response:
    """By the supervision office of the county."""
    path, who = f"/v1/standards/{code}/apply{query}", town.staff("supervisor", COUNTY)
    return await town.call("sla", "POST", path, who=who, json={"version": version, "division": division})


async def noise(town: RunningSystem, division: str, place: str) -> tuple[ReporterReceipt, DeadlineSet]:
    """A matter in hand under the first version of the standard, by the one unit of its township."""
    unit = unit_published(
        code=f"{division}-QCP", division=division, lead_unit="", duties=("ENV.01",), standards=(ROW["编码"],),
        valid_from=town.clock.now() - timedelta(days=1),
    )  # fmt: skip
    platform = town.platforms["routing"]
    await platform.writer.publish([publication(f"unit/{unit.code}", unit, "routing", platform.clock)])

    async def is_listed() -> bool:
        path = f"/v1/units?county={COUNTY}"
        units = (await town.call("routing", "GET", path, who=town.staff("supervisor", COUNTY))).json()
        return unit.code in {each["code"] for each in units}

    await town.eventually(is_listed, what="the unit of the township")
    receipt = await town.submit(f"{place}噪音扰民", f"芷江县{place}文化广场夜间噪音扰民，请管一管音响。", place=place)
    await town.accepted(receipt, ROW["编码"])
    promised = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    body: DeadlineSet = promised.body
    assert body.standard == "QCP-01@1"
    return receipt, body


async def test_C1_a_version_touches_what_runs_by_order_alone_and_as_the_preview_said(town: RunningSystem) -> None:
    await publish(town, row(1, 5))
    (here, promised), (elsewhere, others) = await noise(town, *FIRST), await noise(town, *OTHER)
    await publish(town, row(1, 5), row(2, 15))

    shown = (await apply(town, FIRST[0], 2, "?preview=true")).json()
    [matter] = shown["matters"]
    [clock] = matter["clocks"]
    assert (shown["state"], shown["next"], matter["number"]) == ("preview", "", here.number)
    assert clock["due"] == as_json(promised)["due"]
    assert await moved(town, here) == [], "neither the version nor its preview touches it"

    assert (await apply(town, FIRST[0], 2)).json()["state"] == "applied"
    said = await town.fact("DeadlineMoved", here.number, lambda m: m.body.clock == promised.clock)
    assert (said.body.standard, said.body.before) == ("QCP-01@2", promised.due)
    assert said.body.due > promised.due
    assert said.body.model_dump(mode="json")["due"] == clock["due_then"]
    again = await town.fact("DeadlineSet", here.number, lambda m: m.body.standard == "QCP-01@2")
    assert (again.body.clock, again.body.start, again.body.due) == (promised.clock, promised.start, said.body.due)

    await town.eventually(lambda: none_is_left(town), what="no clock that the order is still about")
    assert len(await moved(town, here)) == 1
    [explained] = (await seen(town, here, f"explain?clock={promised.clock}"))["deadlines"]
    assert (explained["equal"], explained["due"]) == (True, clock["due_then"])
    await town.eventually(lambda: unit_is_told(town, here), what="the unit hears of the new deadline")
    assert await moved(town, elsewhere) == []
    [untouched] = (await seen(town, elsewhere, f"explain?clock={others.clock}"))["deadlines"]
    assert untouched["due"] == as_json(others)["due"]


async def seen(town: RunningSystem, receipt: ReporterReceipt, what: str) -> dict[str, Any]:
    """What sla says of a matter to the supervision office of the county."""
    path = f"/v1/tickets/{receipt.number}/{what}"
    answer = await town.call("sla", "GET", path, who=town.staff("supervisor", COUNTY))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def as_json(body: DeadlineSet) -> dict[str, Any]:
    return body.model_dump(mode="json")


async def moved(town: RunningSystem, receipt: ReporterReceipt) -> list[Any]:
    return [each.body for each in await town.facts("DeadlineMoved", receipt.number)]


async def none_is_left(town: RunningSystem) -> bool:
    """Whether the sweep has nothing to knock for any more."""
    orders = applied_of(town.platforms["sla"]).orders()
    assert orders
    left = await sheets_of(town.platforms["sla"]).count_under_older_version(orders, range(TICKETS.partitions))
    return left == 0


async def unit_is_told(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    path = f"/v1/tickets/{receipt.number}/deliveries"
    items = (await town.call("notify", "GET", path, who=town.staff("supervisor", COUNTY))).json()
    return [each["audience"] for each in items if each["kind"] == "standard_applied"].count("unit") == 1
