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


async def test_E1_whoever_watches_asks_for_progress_by_exception_and_what_does_not_move_is_said(
    town: RunningSystem,
) -> None:
    receipt, unit = await in_hand(town)
    supervisor, asked = town.staff("supervisor"), {"text": "到哪一步了？"}
    assert (await post(town, receipt, "progress-request", unit, asked)).status_code == 403
    assert (await post(town, receipt, "progress-request", supervisor, asked)).status_code == 200
    again = await post(town, receipt, "progress-request", supervisor, asked)
    assert (again.status_code, again.json()["type"]) == (409, "asked_lately")
    assert "到哪一步" not in (await town.fact("ProgressAsked", receipt.number)).body.words
    town.wind(timedelta(days=11))
    stuck = await town.fact("TicketStuck", receipt.number)
    assert stuck.at - stuck.body.since >= timedelta(days=7)
    path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def told() -> bool:
        page = (await town.call("portal", "GET", path, headers=code)).text
        return "没有进展" in page and "到哪一步" not in page

    await town.eventually(told, what="the reporter reads that nothing moves, and not what was asked")
