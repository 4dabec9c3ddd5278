"""C7 and C4 across matters: who is named as overdue, and how many matters show which colour. On the real stack."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import RunningSystem

pytestmark = pytest.mark.stack


async def report(town: RunningSystem, as_of: datetime, **more: str) -> Any:
    """What the supervision office is told of the week that ended then."""
    params = {"by": "week", "as_of": as_of.isoformat(), **more}
    return await town.call("sla", "GET", "/v1/overdue", who=town.staff("supervisor"), params=params)


def rows(report: Any, number: str) -> list[Any]:
    return [
        row | {"unit": unit["unit"]} for unit in report["units"] for row in unit["clocks"] if row["number"] == number
    ]


async def test_C7_a_unit_that_is_overdue_is_named_and_stays_named_once_it_is_done(town: RunningSystem) -> None:
    receipt = await road(town, "通报哪些单位超期。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    assert rows((await report(town, town.clock.now())).json(), receipt.number) == []
    town.wind(set_.due + timedelta(hours=3) - town.clock.now())
    then = set_.due + timedelta(hours=2)

    async def is_named() -> bool:
        return len(rows((await report(town, then)).json(), receipt.number)) == 1

    await town.eventually(is_named, what="the unit is named")
    before = rows((await report(town, then)).json(), receipt.number)
    assert [(row["unit"], row["kind"], row["overdue_seconds"]) for row in before] == [(set_.unit, "accept_by", 7200)]
    await town.accepted(receipt)
    await town.fact("ClockStopped", receipt.number)
    assert rows((await report(town, then)).json(), receipt.number) == before
    table = await report(town, then, form="csv")
    lines = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [line["unit"] for line in lines if line["number"] == receipt.number] == [set_.unit]


async def test_C4_matters_are_counted_by_colour_as_they_are_now(town: RunningSystem) -> None:
    receipt = await road(town, "按单位看亮灯。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body

    async def counted(by: str, who: Any) -> Any:
        return (await town.call("sla", "GET", "/v1/lights", who=who, params={"by": by})).json()["rows"]

    async def of_its_unit() -> dict[str, int]:
        [row] = await counted("unit", town.unit(set_.unit))
        assert row["unit"] == set_.unit
        return {colour: row[colour] for colour in ("green", "yellow", "orange", "red")}

    before = await of_its_unit()
    assert before["green"] >= 1
    town.wind(set_.red - town.clock.now())
    after = await of_its_unit()  # whether or not a timer has knocked yet
    assert (sum(after.values()), after["red"] > before["red"]) == (sum(before.values()), True)
    assert await counted("unit", town.unit("431226-NOBODY")) == []
    county = {row["county"] for row in await counted("county", town.staff("supervisor"))}
    assert county == {"431226"}
