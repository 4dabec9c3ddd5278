"""G2 Enter at most once: a unit's own system learns from the API what it may do now, and does it there."""

from typing import Any

from runtime.identity.tokens import Principal
from tests.acceptance.town import ReporterReceipt, RunningSystem

CONTENT = "麻阳县兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。"


async def _now(town: RunningSystem, receipt: ReporterReceipt, who: Principal | None, wanted: str) -> dict[str, Any]:
    """The actions that are open, once ``wanted`` is among them."""
    code = {} if who else {"Query-Code": receipt.code}
    found: dict[str, Any] = {}

    async def once() -> bool:
        answer = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}/actions", who=who, headers=code)
        told = answer.json().get("actions", [])
        found.clear()
        found.update({each["request"]: each for each in told if each["now"]})
        return wanted in found

    await town.eventually(once, what=f"{wanted} offered for {receipt.number}")
    return dict(found)


async def test_a_unit_goes_from_offer_to_offer_and_so_does_its_reporter(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    offered = await _now(town, receipt, unit, "AcceptTicket")
    assert "CompleteTicket" not in offered
    (standard, *_) = await town.choices(receipt, unit)
    accept = offered["AcceptTicket"]
    await town.ok(accept["service"], accept["path"], unit, {"standard": standard})
    progress = (await _now(town, receipt, unit, "ReportProgress"))["ReportProgress"]
    await town.ok(progress["service"], progress["path"], unit, {"text": "已派人到场。"})
    assert set(await _now(town, receipt, None, "SupplementTicket")) == {
        "SupplementTicket",
        "WithdrawTicket",
        "EraseIdentity",
    }


async def test_what_is_not_open_is_refused_by_its_service(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    await _now(town, receipt, unit, "AcceptTicket")
    answer = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}/actions", who=unit)
    closed = next(each for each in answer.json()["actions"] if each["request"] == "CompleteTicket")
    assert (closed["now"], "办理中" in closed["zh"], "In hand" in closed["en"]) == (False, True, True)
    body = {"explanation": "已修好。", "evidence": []}
    refused = await town.call("feedback", "POST", closed["path"], who=unit, json=body)
    assert refused.status_code in (404, 409)
