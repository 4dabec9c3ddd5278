"""E5 E6 E7: evaluation, silence, the closing gate, rework, on the real stack."""

import secrets
from base64 import b64decode
from datetime import timedelta
from typing import Any

import httpx2
import orjson
import pytest

from contracts.identifiers import number_of
from runtime.identity.seals import KeyWrap
from runtime.identity.tokens import Principal
from runtime.identity.vault import Contacts
from runtime.process.platform import vault_of
from tests.acceptance.test_E1_to_E3_handling import post
from tests.acceptance.town import COUNTY, SECRETS, ReporterReceipt, RunningSystem

NOISE = "麻阳县兰里镇文化广场夜间噪音扰民，请管一管音响。"
NEIGHBOURS = [{"name": "滕样例", "phone": f"139000000{nth:02}", "channel": "sms"} for nth in range(10, 30)]


async def awaiting(town: RunningSystem, neighbours: int = 0) -> list[ReporterReceipt]:
    """A completed matter: what each of its reporters holds, the filer first."""
    desk = town.staff("clerk") if neighbours else None  # who is signed in answers for whom they name
    named = NEIGHBOURS[:neighbours]
    receipt = await town.submit("兰里镇噪音扰民", NOISE, who=desk, place="兰里镇", co_reporters=named)
    await town.completed(receipt)
    return [ReporterReceipt(receipt.number, code) for code in await codes(town, receipt)]


async def codes(town: RunningSystem, receipt: ReporterReceipt) -> list[str]:
    """The query codes as notify sends them to each reporter."""
    ticket = (await town.assigned(receipt)).key
    wrap = KeyWrap(b64decode(SECRETS["DUBAN_VAULT_KEY"]), secrets.token_bytes)
    contacts = Contacts(vault_of(town.platforms["notify"], "contact_keys"), wrap)
    return [each["code"] for each in orjson.loads((await contacts.of([ticket]))[ticket])]


async def state(answer: httpx2.Response) -> str:
    """The state that a vote led to."""
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


async def test_E5_a_reporter_evaluates_with_number_and_code_alone(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    wrong = await town.evaluate(ReporterReceipt(filer.number, "0000000000"))
    other = await town.evaluate(ReporterReceipt(number_of("0" * 26, COUNTY), filer.code))
    assert (wrong.status_code, other.status_code) == (404, 404)
    path, body = f"/v1/tickets/{filer.number}/evaluation", {"grade": 5, "solved": True, "words": "办得好，谢谢滕工。"}
    spoken = {"Query-Code": f" {filer.code[:5].lower()} {filer.code[5:]} "}
    assert await state(await town.call("feedback", "POST", path, json=body, headers=spoken)) == "struck_off"
    said = (await town.fact("TicketEvaluated", filer.number)).body
    assert (said.round, said.voter, said.grade, said.solved) == (1, 0, 5, True)
    assert "滕工" not in said.words


async def test_E5_guessing_a_code_is_stopped(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    answers = [await town.evaluate(ReporterReceipt(filer.number, f"{nth:010}")) for nth in range(12)]
    assert {answer.status_code for answer in answers[-3:]} == {429}


async def test_E5_silence_is_neither_yes_nor_no(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    clerk, call = town.staff("clerk"), {"method": "phone", "grade": 4, "solved": True, "words": "电话接通。"}
    early = await post(town, filer, "look-back", clerk, call)
    assert early.json()["type"] == "not_reminded_yet"
    town.wind(timedelta(days=4))
    reminded = await town.fact("EvaluationReminded", filer.number)
    assert (reminded.body.outstanding, reminded.body.look_back) == ((0,), False)
    hasty = await post(town, filer, "look-back", clerk, call)
    assert hasty.json()["type"] == "reminded_lately"
    town.wind(timedelta(days=4))
    await town.fact("EvaluationReminded", filer.number, lambda message: bool(message.body.look_back))
    town.wind(timedelta(days=60))
    assert await town.facts("TicketStruckOff", filer.number) == []

    async def listed() -> bool:
        answer = await town.call("feedback", "GET", "/v1/look-backs", who=clerk, params={"limit": 200})
        return filer.number in {each["number"] for each in answer.json()["calls"]}

    await town.eventually(listed, what="the call is on the list")
    assert await state(await post(town, filer, "look-back", clerk, call)) == "struck_off"
    assert len(await town.facts("EvaluationReminded", filer.number)) == 2


async def test_E5_a_unit_never_speaks_for_its_reporter(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    unit = town.unit((await town.assigned(filer)).body.unit)
    call = {"method": "phone", "grade": 5, "solved": True}
    assert (await post(town, filer, "look-back", unit, call)).status_code == 403
    lead = Principal("lead-of-the-same-house", unit.unit, COUNTY, "lead")
    refused = await post(town, filer, "look-back", lead, call)
    assert (refused.status_code, refused.json()["type"]) == (409, "own_work")
    assert await town.facts("LookBackRecorded", filer.number) == []


@pytest.mark.parametrize(
    ("grade", "solved", "leads_to"),
    [(5, True, "struck_off"), (3, True, "struck_off"), (2, True, "rework"), (5, False, "rework")],
)
async def test_E6_only_a_satisfied_reporter_strikes_a_matter_off(
    town: RunningSystem, grade: int, solved: bool, leads_to: str
) -> None:
    (filer,) = await awaiting(town)
    assert await state(await town.evaluate(filer, grade, solved=solved)) == leads_to


@pytest.mark.parametrize(
    ("unhappy", "leads_to"),
    [([2], "struck_off"), ([1, 2], "rework")],
)
async def test_E6_more_than_a_third_dissatisfied_keeps_a_collective_matter_open(
    town: RunningSystem, unhappy: list[int], leads_to: str
) -> None:
    voters = await awaiting(town, neighbours=2)
    assert len(voters) == 3
    answers = [
        await town.evaluate(each, 1 if nth in unhappy else 5, solved=nth not in unhappy)
        for nth, each in enumerate(voters)
    ]
    assert await state(answers[1]) == "awaiting_evaluation"
    assert await state(answers[2]) == leads_to


async def test_E6_a_voter_votes_once_a_round(town: RunningSystem) -> None:
    filer, neighbour = await awaiting(town, neighbours=1)
    assert await state(await town.evaluate(neighbour)) == "awaiting_evaluation"
    town.wind(timedelta(days=4))
    again = await town.evaluate(neighbour, 1, solved=False)
    assert (again.status_code, again.json()["type"]) == (409, "voted_already")
    assert await state(await town.evaluate(filer)) == "struck_off"
    closed = (await town.fact("TicketStruckOff", filer.number)).body
    assert (closed.votes, closed.satisfied, closed.round) == (2, 2, 1)


async def test_E5_a_vote_may_be_changed_for_three_days_and_opens_the_matter_again(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    assert await state(await town.evaluate(filer)) == "struck_off"
    await town.fact("TicketStruckOff", filer.number)
    town.wind(timedelta(days=2))
    assert await state(await town.evaluate(filer, 1, solved=False)) == "rework"
    ordered = (await town.fact("ReworkOrdered", filer.number)).body
    assert (ordered.reason, ordered.round, ordered.dissatisfied) == ("vote_changed", 2, 1)
    changed = await town.fact("TicketEvaluated", filer.number, lambda message: bool(message.body.changed))
    assert (changed.body.grade, changed.body.round) == (1, 1)
    assert (await town.evaluate(filer)).json()["type"] == "not_awaiting_evaluation"


async def test_E5_whom_nobody_reaches_on_three_days_is_called_no_more_and_the_matter_stays_open(
    town: RunningSystem,
) -> None:
    (filer,) = await awaiting(town)
    clerk, call = town.staff("clerk"), {"method": "phone"}
    assert (await post(town, filer, "look-back-attempt", clerk, call)).json()["type"] == "not_reminded_yet"
    for _ in range(2):
        town.wind(timedelta(days=4))
        await town.fact("EvaluationReminded", filer.number)
    await town.fact("EvaluationReminded", filer.number, lambda message: bool(message.body.look_back))
    assert (await post(town, filer, "look-back-attempt", clerk, call)).status_code == 200
    assert (await post(town, filer, "look-back-attempt", clerk, call)).json()["type"] == "called_today"
    for _ in range(2):
        town.wind(timedelta(days=1))
        assert (await post(town, filer, "look-back-attempt", clerk, call)).status_code == 200
    said = await town.fact("LookBackAttempted", filer.number, lambda message: bool(message.body.unreached))
    assert said.body.attempts == 3

    async def calls(unreached: str) -> set[str]:
        asked = {"limit": 200, "unreached": unreached}
        answer = await town.call("feedback", "GET", "/v1/look-backs", who=clerk, params=asked)
        return {each["number"] for each in answer.json()["calls"]}

    assert (filer.number in await calls("false"), filer.number in await calls("true")) == (False, True)
    assert await town.facts("TicketStruckOff", filer.number) == []
    assert await state(await town.evaluate(filer)) == "struck_off"


async def complete(town: RunningSystem, receipt: ReporterReceipt, digest: str) -> httpx2.Response:
    """The unit says again that it is done."""
    unit = town.unit((await town.assigned(receipt)).body.unit)
    shown: dict[str, Any] = {"kind": "photos", "digest": digest, "dated": town.clock.now().isoformat()}
    return await post(town, receipt, "completion", unit, {"explanation": "重新办理。", "evidence": [shown]})


async def test_E7_rework_is_a_fresh_round_with_its_own_clock_reviewer_and_count(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    await town.evaluate(filer, 1, solved=False)
    first = (await town.fact("ReworkOrdered", filer.number)).body
    assert (first.round, first.count, first.reviewer) == (2, 1, "431226-LEAD")
    clock = await town.fact("DeadlineSet", filer.number, lambda message: message.body.kind == "rework_by")
    assert clock.body.unit == first.unit
    assert (await complete(town, filer, "d" * 64)).status_code == 200
    await town.evaluate(filer, 2)
    second = await town.fact("ReworkOrdered", filer.number, lambda message: message.body.count == 2)
    assert (second.body.round, second.body.reviewer) == (3, "supervision")
    assert (await complete(town, filer, "d" * 64)).json()["type"] == "nothing_new"
    assert (await complete(town, filer, "e" * 64)).status_code == 200
    assert await state(await town.evaluate(filer)) == "struck_off"


async def test_E7_a_failed_check_reopens_what_was_struck_off(town: RunningSystem) -> None:
    (filer,) = await awaiting(town)
    supervisor, check = town.staff("supervisor"), {"reason": "untrue_rectification"}
    assert (await post(town, filer, "reopening", supervisor, check)).json()["type"] == "not_struck_off"
    await town.evaluate(filer)
    assert (await post(town, filer, "reopening", town.staff("lead"), check)).status_code == 403
    assert (await post(town, filer, "reopening", town.staff("supervisor", "4401"), check)).status_code == 404
    assert await state(await post(town, filer, "reopening", supervisor, check)) == "rework"
    ordered = (await town.fact("ReworkOrdered", filer.number)).body
    assert (ordered.reason, ordered.count, ordered.round) == ("untrue_rectification", 1, 2)
