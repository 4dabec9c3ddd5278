"""D3 减负: what staff were told is counted by account, by the office whose act caused it, and by kind."""

from typing import Any

from runtime.identity.tokens import Principal
from tests.acceptance.test_D3_budget import ordered
from tests.acceptance.test_D3_digest import to_unit, wind_to
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

SUPERVISION = f"{COUNTY}-SUP"


async def submitted(town: RunningSystem) -> ReporterReceipt:
    """A matter of the tax bureau, whose burden no other test adds to."""
    return await town.submit("超市不开发票", "麻阳县高村镇一家超市不开发票，请税务局管一管。", place="高村镇")


async def burden(town: RunningSystem, who: Principal, by: str) -> dict[str, dict[str, Any]]:
    """The rows of an answer, by what they are of."""
    answer = await town.call("notify", "GET", "/v1/burden", who=who, params={"by": by})
    assert answer.status_code == 200, answer.text
    return {each.pop(by): each for each in answer.json()["rows"]}


def counts(letters: int, deliveries: int, again: int = 0) -> dict[str, int]:
    """The figures of a row in which nothing came outside office hours."""
    saved = {"saved": deliveries - letters, "outside_office_hours": 0, "asked_again": again}
    return {"letters": letters, "deliveries": deliveries, **saved}


async def told(town: RunningSystem, *receipts: ReporterReceipt) -> None:
    """At their slot, and until the unit has heard of each."""
    wind_to(town, (await to_unit(town, receipts[-1]))["not_before"])

    async def are_told() -> bool:
        return {(await to_unit(town, each))["state"] for each in receipts} == {"sent"}

    await town.eventually(are_told, what="a word to the unit at its slot")


async def test_D3_burden_is_counted_by_account_cause_and_kind(town: RunningSystem) -> None:
    first = await submitted(town)
    await told(town, first)
    unit = await town.accepted(first)
    await told(town, *[await submitted(town) for _ in range(2)])
    for _ in range(2):  # the same item twice
        await ordered(town, first)
    wanted = {"assigned": counts(2, 3), "order": counts(2, 2, again=1)}

    async def is_counted() -> bool:
        kinds = await burden(town, unit, "kind")
        return {kind: kinds.get(kind) for kind in wanted} == wanted

    await town.eventually(is_counted, what="the burden of the unit")
    assert (await burden(town, unit, "cause"))[SUPERVISION] == counts(2, 2, again=1)
    assert (await burden(town, town.staff("supervisor"), "account"))[unit.unit]["saved"] >= 1
    assert unit.unit not in await burden(town, town.unit(f"{COUNTY}-JY"), "account")
    refused = await town.call("notify", "GET", "/v1/burden", who=town.staff("clerk"))
    assert (refused.status_code, refused.json()["type"]) == (403, "role_refused")
