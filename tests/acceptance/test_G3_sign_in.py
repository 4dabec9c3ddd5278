"""G3: staff sign in with a token, and nobody reaches beyond division and unit."""

import pytest

from runtime.clock import system_wall
from runtime.identity.tokens import Principal, issue, new_key_pair
from tests.acceptance.town import RunningSystem

READS = (
    ("routing", "/v1/work-list"),
    ("sla", "/v1/tickets/{}/clocks"),
    ("notify", "/v1/tickets/{}/deliveries"),
    ("portal", "/v1/tickets"),
)
FOREIGN = Principal("supervisor.elsewhere", "", "110105", "supervisor")


@pytest.mark.parametrize(("service", "path"), READS)
async def test_G3_no_token_no_answer(town: RunningSystem, service: str, path: str) -> None:
    receipt = await town.submit("高村镇停水", "麻阳县高村镇自来水停水三天，水压低，请尽快修好。", place="高村镇")
    await town.fact("DeadlineSet", receipt.number)
    assert (await town.call(service, "GET", path.format(receipt.number))).status_code == 401


@pytest.mark.parametrize(("service", "path"), READS[:3])
async def test_G3_a_token_of_another_issuer_is_refused(town: RunningSystem, service: str, path: str) -> None:
    forged = issue(new_key_pair()[0], town.staff("supervisor"), system_wall())
    path = path.format("431226ABCDEFGHJKMNP")
    answer = await town.clients[service].get(path, headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


async def test_G3_staff_of_another_county_see_nothing_of_it(town: RunningSystem) -> None:
    receipt = await town.submit("高村镇停水", "麻阳县高村镇自来水停水三天，水压低，请尽快修好。", place="高村镇")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    await town.fact("DeadlineSet", receipt.number)
    for service in ("sla", "notify"):
        path = f"/v1/tickets/{receipt.number}/{'clocks' if service == 'sla' else 'deliveries'}"
        assert (await town.call(service, "GET", path, who=FOREIGN)).status_code == 404
    waiting = (await town.call("routing", "GET", "/v1/work-list", who=FOREIGN)).json()
    assert receipt.number not in str(waiting)
    other = Principal("clerk.other", "431226-JT", "431226", "unit")
    acceptance = f"/v1/tickets/{receipt.number}/acceptance"
    assert unit.unit != other.unit
    refused = await town.call("routing", "POST", acceptance, who=other, json={"standard": "WTR-01"})
    assert refused.status_code == 404


async def test_G3_a_role_does_what_is_its_own(town: RunningSystem) -> None:
    receipt = await town.submit("高村镇停水", "麻阳县高村镇自来水停水三天，水压低，请尽快修好。", place="高村镇")
    await town.assigned(receipt)
    path = f"/v1/tickets/{receipt.number}/acceptance"
    answer = await town.call("routing", "POST", path, who=town.staff("auditor"), json={"standard": "WTR-01"})
    assert answer.status_code == 403
