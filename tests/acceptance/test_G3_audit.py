"""G3, A5: whoever looks at a matter stands in the audit before it is shown, and the auditor's own looks do, too."""

from typing import Any

from runtime.identity.tokens import Principal
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

AUDITOR = Principal("shen.ji", "", COUNTY, "auditor")
SUPERVISOR = Principal("qian.yi", "", COUNTY, "supervisor")
WHY = {"what": "original", "reason": "反映人来电，核对原话"}


async def shown(town: RunningSystem) -> ReporterReceipt:
    """A matter that the portal knows."""
    words = "高村镇自来水停水三天，请联系13912345678，水压一直很低。"
    receipt = await town.submit("停水请联系13912345678", words, place="高村镇")

    async def is_there() -> bool:
        path = f"/v1/public/tickets/{receipt.number}"
        return (await town.call("portal", "GET", path)).status_code == 200

    await town.eventually(is_there)
    return receipt


async def listed(town: RunningSystem, number: str, at_least: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def once() -> bool:
        answer = await town.call("staff", "GET", "/v1/audit", who=AUDITOR, params={"number": number})
        found[:] = answer.json()["entries"]
        return len(found) >= at_least

    await town.eventually(once, what=f"{at_least} looks at {number}")
    return found


async def test_G3_a_look_and_its_reason_are_listed_for_the_auditor(town: RunningSystem) -> None:
    receipt = await shown(town)
    path = f"/v1/tickets/{receipt.number}"
    masked = await town.call("portal", "GET", path, who=SUPERVISOR)
    original = await town.call("portal", "POST", f"{path}/looks", who=SUPERVISOR, json=WHY)
    assert ["13912345678" in each.text for each in (masked, original)] == [False, True]
    looks = [(each["account"], each["what"], each["reason"]) for each in await listed(town, receipt.number, 2)]
    assert looks == [("qian.yi", "original", WHY["reason"]), ("qian.yi", "words", "")]


async def test_G3_the_auditors_own_looks_are_in_the_audit(town: RunningSystem) -> None:
    await town.call("staff", "GET", "/v1/audit", who=AUDITOR)

    async def is_listed() -> bool:
        asked = {"who": AUDITOR.sub, "what": "audit"}
        answer = await town.call("staff", "GET", "/v1/audit", who=AUDITOR, params=asked)
        return bool(answer.json()["entries"])

    await town.eventually(is_listed, what="the auditor's own look")


async def test_G3_whoever_may_not_see_the_matter_leaves_no_look_and_sees_nothing(town: RunningSystem) -> None:
    receipt = await shown(town)
    path = f"/v1/tickets/{receipt.number}"
    stranger, clerk = (Principal("sun.li", "", *more) for more in (("431225", "supervisor"), (COUNTY, "clerk")))
    refused = [await town.call("portal", "POST", f"{path}/looks", who=who, json=WHY) for who in (stranger, clerk)]
    assert [answer.status_code for answer in refused] == [404, 403]
    assert (await town.call("portal", "GET", path, who=SUPERVISOR)).status_code == 200
    assert {each["account"] for each in await listed(town, receipt.number, 1)} == {"qian.yi"}


async def test_G3_who_laid_a_link_for_whom_and_that_a_password_was_set_is_listed(town: RunningSystem) -> None:
    first, second = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))
    account, wanted = "/v1/accounts/tang.min", {"role": "lead", "division": COUNTY}
    assert (await town.call("staff", "POST", f"{account}/appointments", who=first, json=wanted)).status_code == 200
    confirmation = f"{account}/appointments/1/confirmation"
    assert (await town.call("staff", "POST", confirmation, who=second)).status_code == 200
    sent = {"link": (await town.call("staff", "POST", f"{account}/links", who=second)).json()["link"]}
    set_so = await town.call("staff", "POST", "/v1/passwords", json=sent | {"password": "四匹马 tea window 29"})
    assert set_so.status_code == 200, set_so.text
    said: list[tuple[str, str]] = []

    async def is_listed() -> bool:
        answer = await town.call("staff", "GET", "/v1/audit", who=AUDITOR, params={"who": "tang.min"})
        said[:] = [(each["what"], each["by"]) for each in answer.json()["entries"]]
        return len(said) == 2

    await town.eventually(is_listed, what="the link and the password")
    assert said == [("password_set", ""), ("link_laid", "wang.fang")]
