"""E1: the unit speaks to the reporter while it works, asks, and gets its answer as a supplement, on the real stack."""

from datetime import timedelta

from tests.acceptance.test_E1_to_E3_handling import in_hand, post, said_all
from tests.acceptance.town import RunningSystem

QUESTION = "请问是哪一段路，有几处坑？"


async def test_E1_a_contact_is_said_and_shown_whether_or_not_somebody_answered(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    for method, reached in (("phone", False), ("on_site", True)):
        answer = await post(town, receipt, "contact", unit, {"method": method, "reached": reached})
        assert answer.status_code == 200, answer.text
    assert [each.reached for each in await said_all(town, "ReporterContacted", receipt, 2)] == [False, True]
    path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def shown() -> bool:
        page = (await town.call("portal", "GET", path, headers=code)).text
        return "未能接通（电话）" in page and "已联系反映人（上门）" in page

    await town.eventually(shown, what="the story tells both")


async def test_E1_a_question_reaches_the_reporter_and_the_answer_lets_the_unit_ask_again(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    until = (town.clock.now() + timedelta(days=3)).isoformat()
    asked = {"text": QUESTION, "until": until}
    assert (await post(town, receipt, "question", unit, asked)).status_code == 200
    assert (await post(town, receipt, "question", unit, asked)).json()["type"] == "asked_already"
    past = asked | {"until": (town.clock.now() - timedelta(days=1)).isoformat()}
    assert (await post(town, receipt, "question", unit, past)).json()["type"] == "until_in_the_past"
    assert QUESTION not in (await town.fact("ReporterAsked", receipt.number)).body.words
    path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def read() -> bool:
        return QUESTION in (await town.call("portal", "GET", path, headers=code)).text

    await town.eventually(read, what="the reporter reads the question")
    assert QUESTION not in (await town.call("portal", "GET", f"/tickets/{receipt.number}")).text
    given = await town.call("intake", "POST", f"{path}/supplements", headers=code, json={"text": "村口那一段。"})
    assert given.status_code in (200, 202), given.text

    async def asked_again() -> bool:
        return (await post(town, receipt, "question", unit, asked)).status_code == 200

    await town.eventually(asked_again, what="the answer closes the question")
