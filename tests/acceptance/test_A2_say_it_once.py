"""A2 Say it once: a resend gives the same number; another body under the same key is refused, or kept apart."""

import asyncio
import uuid
from typing import Any

from tests.acceptance.town import RunningSystem

BODY: dict[str, Any] = {"title": "井盖破损", "content": "麻阳县高村镇人民路井盖破了，请更换。", "place": "高村镇人民路"}
OTHER: dict[str, Any] = {"title": "路灯不亮", "content": "另外一件事：兰里镇街道路灯整条街不亮。", "place": "兰里镇"}


async def test_A2_a_hundred_resends_at_once_are_one_ticket(town: RunningSystem) -> None:
    key = str(uuid.uuid4())
    answers = await asyncio.gather(
        *(town.call("intake", "POST", "/v1/submissions", key=key, json=BODY) for _ in range(100))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    number = answers[0].json()["number"]
    await town.fact("TicketAssigned", number)
    assert len(await town.facts("TicketRegistered", number)) == 1
    assert await town.facts("SubmissionConflicted", number) == []


async def test_A2_another_body_under_a_known_key_is_refused_and_learns_nothing(town: RunningSystem) -> None:
    key = str(uuid.uuid4())
    receipt = await town.submit(**BODY, key=key)
    await town.fact("TicketRegistered", receipt.number)
    answer = await town.call("intake", "POST", "/v1/submissions", key=key, json=OTHER)
    assert answer.status_code == 422
    assert answer.json()["type"] == "other_body"
    assert receipt.code not in answer.text


async def test_A2_another_body_before_the_first_is_known_becomes_a_part_of_its_own(town: RunningSystem) -> None:
    key = str(uuid.uuid4())
    bodies = [BODY, *({**OTHER, "content": f"{OTHER['content']}其{nth}"} for nth in range(4))]
    answers = await asyncio.gather(
        *(town.call("intake", "POST", "/v1/submissions", key=key, json=body) for body in bodies)
    )
    taken = [answer.json() for answer in answers if answer.status_code == 201]
    assert len({told["number"] for told in taken}) == 1
    assert len({told["query_code"] for told in taken}) == len(taken)
    number = taken[0]["number"]
    await town.eventually(lambda: _kept(town, number, len(taken)))
    assert len(await town.facts("TicketRegistered", number)) == 1


async def _kept(town: RunningSystem, number: str, count: int) -> bool:
    return len(await town.facts("SubmissionConflicted", number)) == count - 1
