"""D3: what is neither urgent nor an order waits for the slot, and reaches an account as one letter."""

from datetime import datetime, timedelta
from typing import Any

from contracts.vocabulary import CHINA
from services.notify.domain.office_hours import slots_of
from services.notify.settings import NotifySettings
from tests.acceptance.town import ReporterReceipt, RunningSystem

SLOTS = slots_of(NotifySettings.model_fields["digest_at"].default)
MINUTE = timedelta(minutes=1)


async def submitted(town: RunningSystem) -> ReporterReceipt:
    return await town.submit("兰里镇噪音扰民", "麻阳县兰里镇文化广场夜间噪音扰民，请管一管。", place="兰里镇")


async def to_unit(town: RunningSystem, receipt: ReporterReceipt) -> dict[str, Any]:
    """What the unit is to hear of its new matter, once it is planned."""
    found: list[dict[str, Any]] = []

    async def planned() -> bool:
        path = f"/v1/tickets/{receipt.number}/deliveries"
        answer = await town.call("notify", "GET", path, who=town.staff("supervisor"))
        rows = answer.json() if answer.status_code == 200 else []
        found[:] = [each for each in rows if (each["audience"], each["kind"]) == ("unit", "assigned")]
        return bool(found)

    await town.eventually(planned, what=f"a word to the unit about {receipt.number}")
    return found[0]


def wind_to(town: RunningSystem, instant: str) -> None:
    """The clock stands a minute after this instant."""
    town.wind(max(timedelta(), datetime.fromisoformat(instant) - town.clock.now()) + MINUTE)


async def test_D3_what_is_not_pressing_is_one_letter_to_an_account_at_the_slot(town: RunningSystem) -> None:
    wind_to(town, (await to_unit(town, await submitted(town)))["not_before"])  # just after a slot
    receipts = [await submitted(town) for _ in range(3)]
    planned = [await to_unit(town, each) for each in receipts]
    assert {each["state"] for each in planned} == {"planned"}
    (slot,) = {each["not_before"] for each in planned}
    assert datetime.fromisoformat(slot).astimezone(CHINA).time() in SLOTS
    wind_to(town, slot)

    async def are_told() -> bool:
        return {(await to_unit(town, each))["state"] for each in receipts} == {"sent"}

    await town.eventually(are_told, what="the digest")
    (letter,) = {(await to_unit(town, each))["letter"] for each in receipts}
    text = town.gateway.accepted[letter].text
    assert "待办汇总" in text
    assert "待受理" in text
    assert all(each.number in text for each in receipts) or "另有" in text
    assert town.gateway.deliveries[letter] == 1
