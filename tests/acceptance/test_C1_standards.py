"""C1: the catalogue of handling standards; the choice is the promise. On the real stack."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.process.configuration import publication
from services.routing.domain.assignment.coverage import LOOK_AGAIN
from services.sla.adapters import packaged
from services.sla.domain.deadlines import due_at
from services.sla.domain.limits import Limit
from tests.acceptance.town import RunningSystem
from tests.facts.routing import unit_published

pytestmark = pytest.mark.stack
NEIGHBOURS = "431225"  # a county where no other test has a matter: a second unit for one duty makes it ambiguous
TOWNSHIP = "431228104"  # 公坪镇: no other test has a matter there
NOISE = "麻阳县兰里镇文化广场夜间噪音扰民，请管一管音响。"


async def test_C1_the_catalogue_says_what_is_promised_and_why(town: RunningSystem) -> None:
    found: list[dict[str, Any]] = (await town.call("sla", "GET", "/v1/standards")).json()
    assert len(found) >= 20
    promise = {"code", "version", "name_zh", "name_en", "procedure", "limit", "limit_unit", "counts_from", "fee"}
    rules = {"yellow_at", "orange_at", "extension_cap", "extension_approver", "legal_basis", "valid_from", "duties"}
    assert all(promise | rules <= set(each) for each in found)
    assert all(each["legal_basis"] and each["procedure"] for each in found)


async def test_C1_the_standard_that_a_unit_chose_is_the_promise(town: RunningSystem) -> None:
    receipt = await town.submit("兰里镇噪音扰民", NOISE, place="兰里镇")
    await town.accepted(receipt, "ENV-01")
    accepted = (await town.fact("TicketAccepted", receipt.number)).body
    promised = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    assert (accepted.standard.code, promised.standard) == ("ENV-01", "ENV-01@1")
    limit = Limit(accepted.standard.limit, accepted.standard.limit_unit, accepted.standard.counts_from)
    assert promised.due == due_at(limit, promised.start, packaged.calendar())


async def test_C1_a_unit_cannot_choose_what_is_not_in_the_catalogue(town: RunningSystem) -> None:
    receipt = await town.submit("兰里镇噪音扰民", NOISE + "第二次反映。", place="兰里镇")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    path = f"/v1/tickets/{receipt.number}/acceptance"
    answer = await town.call("routing", "POST", path, who=unit, json={"standard": "NO-99"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "unknown_standard")
    assert await town.facts("TicketAccepted", receipt.number) == []


async def test_C1_duties_without_a_standard_are_listed_to_those_in_charge(town: RunningSystem) -> None:
    new = unit_published(
        code=f"{NEIGHBOURS}-NEW",
        name_zh="新设单位",
        name_en="New unit",
        division=NEIGHBOURS,
        lead_unit="",
        duties=("URB", "TRF.01"),
        standards=("URB-01", "GEN-01"),
        valid_from=town.clock.now() - timedelta(days=1),
    )
    platform = town.platforms["routing"]
    await platform.writer.publish([publication(f"unit/{new.code}", new, "routing", platform.clock)])

    async def listed() -> bool:
        answer = await town.call("sla", "GET", "/v1/standards/gaps", who=town.staff("supervisor", NEIGHBOURS))
        assert answer.status_code == 200, answer.text
        found = {each["duty"]: each["general"] for each in answer.json() if each["unit"] == new.code}
        return found == dict.fromkeys(("TRF.01", "URB.02", "URB.04", "URB.06", "URB.07"), True)

    await town.eventually(listed, what="the gaps of the new unit")
    elsewhere = await town.call("sla", "GET", "/v1/standards/gaps", who=town.staff("supervisor", "110101"))
    assert elsewhere.json() == []
    assert (await town.call("sla", "GET", "/v1/standards/gaps")).status_code == 401


async def test_C1_a_unit_without_standards_is_given_nothing_until_it_has_them(town: RunningSystem) -> None:
    code = f"{TOWNSHIP}-NEW"
    await _published(town, code, standards=())
    await town.eventually(lambda: _lacks(town, code, 1), what="the finding that the unit lacks a standard")
    receipt = await town.submit("公坪镇噪音扰民", "芷江县公坪镇文化广场夜间噪音扰民，请管一管音响。", place="公坪镇")
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.reason, [each.unit for each in queued.candidates]) == ("unit_not_live", [code])
    answer = await town.call(
        "routing",
        "POST",
        f"/v1/tickets/{receipt.number}/assignment",
        who=town.staff("supervisor", TOWNSHIP[:6]),
        json={"unit": code},
    )
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "unit_not_live")
    assert {"zh", "en"} <= set(answer.json())
    await _published(town, code, standards=("ENV-01",), version=2)
    await town.eventually(lambda: _lacks(town, code, 0), what="the finding that the unit lacks none")
    town.wind(LOOK_AGAIN)
    assigned = (await town.assigned(receipt)).body
    assert (assigned.unit, assigned.reasons) == (code, (f"live:{code}",))


async def _published(town: RunningSystem, code: str, **more: Any) -> None:
    """A unit of the township, whose duty is noise."""
    unit = unit_published(
        code=code,
        division=TOWNSHIP,
        lead_unit="",
        duties=("ENV.01",),
        valid_from=town.clock.now() - timedelta(days=1),
        **more,
    )
    platform = town.platforms["routing"]
    await platform.writer.publish([publication(f"unit/{code}", unit, "routing", platform.clock)])


async def _lacks(town: RunningSystem, code: str, duties: int) -> bool:
    """Whether routing knows that the unit lacks a standard for so many duties."""
    who = town.staff("supervisor", TOWNSHIP[:6])
    units = (await town.call("routing", "GET", f"/v1/units?county={TOWNSHIP[:6]}", who=who)).json()
    return [each["missing"] for each in units if each["code"] == code] == [duties]
