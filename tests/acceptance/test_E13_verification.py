"""E13: what is true of a matter is found, confirmed by another office, and explained, on the real stack."""

from runtime.identity.tokens import Principal
from tests.acceptance.test_E1_to_E3_handling import completion, in_hand, post, said_all
from tests.acceptance.town import COUNTY, RunningSystem

WORDS = "现场查看，水压正常，住户不会使用新装的阀门。"
WHOM = "王大姐及其邻居"


async def test_E13_what_a_unit_finds_of_its_own_matter_is_confirmed_and_then_explained(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    lead = Principal("the.lead", (await town.assigned(receipt)).body.lead_unit, COUNTY, "lead")
    done = completion(town)
    found = {"finding": "untrue", "method": "on_site", "words": WORDS, "evidence": done["evidence"]}
    bare = await post(town, receipt, "verification", unit, found | {"evidence": []})
    assert (bare.status_code, bare.json()["type"]) == (409, "finding_not_shown")
    assert bare.json()["zh"]
    assert bare.json()["en"]
    alone = await post(town, receipt, "verification", unit, found)
    assert (alone.status_code, alone.json()["stands"]) == (200, "false"), alone.text
    assert (await post(town, receipt, "completion", unit, done)).json()["type"] == "finding_not_confirmed"
    for who in (lead, town.staff("supervisor")):
        listed = (await town.call("feedback", "GET", "/v1/reviews?limit=200", who=who)).json()["reviews"]
        assert (receipt.number, "finding") in [(each["number"], each["what"]) for each in listed]
    other = town.unit("431226-JY")
    assert (await post(town, receipt, "verification", other, found)).status_code == 404
    assert (await post(town, receipt, "verification", town.staff("auditor"), found)).status_code == 403
    assert (await post(town, receipt, "verification", lead, found)).json()["stands"] == "true"
    listed = (await town.call("feedback", "GET", "/v1/reviews?limit=200", who=lead)).json()["reviews"]
    assert receipt.number not in [each["number"] for each in listed]
    assert [each.stands for each in await said_all(town, "MatterVerified", receipt, 2)] == [False, True]
    assert all(WORDS not in each.words for each in await said_all(town, "MatterVerified", receipt, 2))
    assert (await post(town, receipt, "completion", unit, done)).json()["type"] == "not_explained"
    talk = [each | {"kind": "explanation"} for each in done["evidence"]]
    explained = done | {"evidence": talk, "talked_to": WHOM}
    assert (await post(town, receipt, "completion", unit, explained)).status_code == 200
    completed = (await said_all(town, "TicketCompleted", receipt, 1))[0]
    assert (bool(completed.talked_to), WHOM in completed.talked_to) == (True, False)
    path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def shown() -> bool:
        page = (await town.call("portal", "GET", path, headers=code)).text
        return all(words in page for words in ("待其他单位核实", "核实（实地核查）：不属实", "说明"))

    await town.eventually(shown, what="the story tells what was found and that it was explained")
    own = (await town.call("portal", "GET", path, headers=code)).text
    assert (WORDS in own, WHOM in own) == (False, False), "the words of a finding are for staff"
    of_staff = (await town.call("portal", "GET", path, who=lead)).text
    assert WHOM in of_staff or "王" in of_staff


async def test_E13_who_finds_that_people_are_right_needs_nobody_else(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    found = {"finding": "true", "method": "on_site", "words": "路面确有破损。"}
    assert (await post(town, receipt, "verification", unit, found)).json()["stands"] == "true"
    assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
    again = await post(town, receipt, "verification", unit, found)
    assert (again.status_code, again.json()["type"]) == (409, "not_in_hand")
