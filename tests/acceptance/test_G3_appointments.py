"""G3: who may act is appointed by two configurers, and stands in the log."""

from typing import Any

from runtime.identity.tokens import Principal
from tests.acceptance.town import COUNTY, RunningSystem

INSTALLATION = Principal("installation", "", COUNTY, "configurer")
FIRST, SECOND = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))


async def asked(town: RunningSystem, path: str, who: Principal, body: Any = None) -> Any:
    answer = await town.call("staff", "POST", f"/v1/accounts/{path}", who=who, json=body)
    return answer.status_code, answer.json()


async def test_G3_two_configurers_appoint_and_nobody_alone(town: RunningSystem) -> None:
    for configurer in (FIRST, SECOND):
        first = {"role": "configurer", "division": COUNTY}
        assert (await asked(town, f"{configurer.sub}/appointments", INSTALLATION, first))[0] == 200
    wanted = {"role": "supervisor", "division": COUNTY}
    _, proposed = await asked(town, "chen.jing/appointments", FIRST, wanted)
    confirmation = f"chen.jing/appointments/{proposed['appointment']}/confirmation"
    alone, refused = await asked(town, confirmation, FIRST)
    assert (alone, refused["type"]) == (409, "second_account")
    together, confirmed = await asked(town, confirmation, SECOND)
    assert (together, confirmed["state"]) == (200, "made")


async def test_G3_a_configurer_of_another_county_sees_and_changes_nothing(town: RunningSystem) -> None:
    wanted = {"role": "supervisor", "division": COUNTY}
    assert (await asked(town, "zhou.qi/appointments", FIRST, wanted))[0] == 200
    stranger = Principal("sun.li", "", "431225", "configurer")
    assert (await town.call("staff", "GET", "/v1/accounts/zhou.qi", who=stranger)).status_code == 404
    assert (await asked(town, "zhou.qi/appointments/1/end", stranger))[0] == 404
    refused = await asked(town, "zhou.qi/appointments", stranger, wanted)
    assert (refused[0], refused[1]["type"]) == (409, "not_your_division")
