"""E12: what came of a matter for whoever was responsible, and the rule that was made of it, on the real stack."""

from datetime import timedelta

from runtime.identity.tokens import Principal
from tests.acceptance.test_E1_to_E3_handling import in_hand, post, said_all
from tests.acceptance.town import COUNTY, RunningSystem

PERSON, WORDS = "欧阳某某", "巡查记录造假，予以通报。"
TITLE = "农村公路日常养护办法"


async def test_E12_the_public_reads_the_outcome_and_only_supervision_and_auditors_who_it_was(
    town: RunningSystem,
) -> None:
    receipt, unit = await in_hand(town)
    supervisor, auditor = town.staff("supervisor"), town.staff("auditor")
    held = {"outcome": "criticised", "persons": [PERSON], "words": WORDS}
    assert (await post(town, receipt, "accountability", unit, held)).status_code == 403
    for changed, code in (
        ({"persons": []}, "nobody_named"),
        ({"order": "43122600000000000000-c1-1"}, "other_order"),
    ):
        refused = await post(town, receipt, "accountability", supervisor, held | changed)
        assert (refused.status_code, refused.json()["type"]) == (409, code), refused.text
        assert refused.json()["zh"]
        assert refused.json()["en"]
    assert (await post(town, receipt, "accountability", supervisor, held)).status_code == 200
    recorded = (await said_all(town, "AccountabilityRecorded", receipt, 1))[0]
    assert (recorded.people, PERSON in recorded.persons, WORDS in recorded.words) == (1, False, False)
    path, headers = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def told() -> bool:
        public = await town.call("portal", "GET", f"/v1/public/tickets/{receipt.number}")
        return "通报批评" in public.text

    await town.eventually(told, what="the public reads the outcome")
    lead = Principal("the.lead", (await town.assigned(receipt)).body.lead_unit, COUNTY, "lead")
    readers = {
        who.role: (await town.call("portal", "GET", path, who=who)).text for who in (supervisor, auditor, lead, unit)
    }
    readers["reporter"] = (await town.call("portal", "GET", path, headers=headers)).text
    assert {role: PERSON in page for role, page in readers.items()} == {
        "supervisor": True,
        "auditor": True,
        "lead": False,
        "unit": False,
        "reporter": False,
    }
    original = {"what": "original", "reason": "核对问责情况"}
    leader = Principal("the.leader", "", COUNTY, "leader")
    looked = await town.call("portal", "POST", f"{path}/looks", who=leader, json=original)
    assert (looked.status_code, PERSON in looked.text) == (200, False)


async def test_E12_a_rule_that_was_made_is_public(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    since = (town.clock.now() + timedelta(days=30)).isoformat()
    rule = {"title": TITLE, "scope": "line", "valid_from": since}
    personal = await post(town, receipt, "rules", unit, rule | {"title": "关于13912345678的处理办法"})
    assert (personal.status_code, personal.json()["errors"][0]["pointer"]) == (422, "/title")
    assert (await post(town, receipt, "rules", town.unit("431226-JY"), rule)).status_code == 404
    assert (await post(town, receipt, "rules", unit, rule)).status_code == 200

    async def told() -> bool:
        public = await town.call("portal", "GET", f"/v1/public/tickets/{receipt.number}")
        return f"《{TITLE}》" in public.text

    await town.eventually(told, what="the public reads the rule")
