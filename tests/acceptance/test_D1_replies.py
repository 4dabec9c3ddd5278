"""D1 E5: a citizen answers the SMS that asks for an evaluation, on the real stack."""

from typing import Any

import orjson
import pytest

from contracts.envelope import Message
from runtime.clock import system_wall
from services.notify.adapters.sms import signature
from tests.acceptance.town import SECRETS, ReporterReceipt, RunningSystem

NOISE = "麻阳县兰里镇文化广场夜间噪音扰民，请管一管音响。"


async def asked(town: RunningSystem, phone: str) -> ReporterReceipt:
    """A matter whose filer was asked by SMS to evaluate it."""
    receipt = await town.submit("兰里镇噪音扰民", NOISE, place="兰里镇", reporter={"phone": phone, "channel": "sms"})
    await town.completed(receipt)
    assert (await town.told(receipt.number, "evaluate")).outcome == "sent"
    return receipt


async def reply(town: RunningSystem, phone: str, text: str, nth: str) -> dict[str, int]:
    """What the door says of an SMS that the gateway hands on."""
    body = orjson.dumps({"replies": [{"id": f"{phone}-{nth}", "from": f"+86{phone}", "text": text}]})
    at = str(int(system_wall().timestamp()))
    signed = {"Timestamp": at, "Signature": signature(SECRETS["DUBAN_SMS_KEY"].encode(), f"{at}.".encode() + body)}
    answer = await town.call("notify", "POST", "/v1/replies/sms", content=body, headers=signed)
    assert answer.status_code == 200, answer.text
    return {outcome: count for outcome, count in answer.json().items() if count}


def texts(town: RunningSystem, phone: str, words: str) -> list[str]:
    return [text for text in town.gateway.inboxes.get(phone, ()) if words in text]


async def decisions(town: RunningSystem, number: str) -> list[Message[Any]]:
    """The votes that feedback counted."""
    return await town.facts("TicketEvaluated", number)


async def test_D1_a_reply_by_sms_strikes_the_matter_off_and_a_copy_of_it_is_one_vote(town: RunningSystem) -> None:
    phone = "13900000301"
    receipt = await asked(town, phone)
    (text,) = texts(town, phone, "已答复办结")
    assert "直接回复数字1至5" in text
    for _ in range(2):
        assert await reply(town, phone, "５ 已解決，謝謝", "m1") == {"evaluated": 1}
    await town.fact("TicketStruckOff", receipt.number)
    assert await reply(town, phone, "５ 已解決，謝謝", "m1") == {"evaluated": 1}
    await town.told(receipt.number, "struck_off")
    (vote,) = await decisions(town, receipt.number)
    assert (vote.body.voter, vote.body.grade, vote.body.solved, vote.body.words) == (0, 5, True, "")
    assert await reply(town, phone, "1", "m2") == {"nobody": 1}, "nobody is asked any more"


async def test_D1_a_denial_brings_rework(town: RunningSystem) -> None:
    phone = "13900000302"
    receipt = await asked(town, phone)
    assert await reply(town, phone, "没有解决，不满意", "m1") == {"evaluated": 1}
    assert (await town.fact("ReworkOrdered", receipt.number)).body.round == 2
    assert await town.facts("TicketStruckOff", receipt.number) == []


@pytest.mark.parametrize(("phone", "text"), [("13900000303", "没有不满意"), ("13900000304", "满意" * 2500)])
async def test_D1_what_is_not_understood_gets_one_answer(town: RunningSystem, phone: str, text: str) -> None:
    receipt = await asked(town, phone)
    for nth in ("m1", "m1", "m2"):
        assert await reply(town, phone, text, nth) == {"unclear": 1}
    assert (await town.told(receipt.number, "reply_help")).outcome == "sent"
    assert await decisions(town, receipt.number) == []
    assert await reply(town, phone, "4", "m3") == {"evaluated": 1}
    await town.fact("TicketStruckOff", receipt.number)
    await town.told(receipt.number, "struck_off")
    (help_,) = texts(town, phone, "没有记下您的短信评价")
    assert receipt.number in help_


async def test_D1_of_two_open_questions_none_is_guessed_at(town: RunningSystem) -> None:
    phone = "13900000305"
    receipts = [await asked(town, phone) for _ in range(2)]
    assert await reply(town, phone, "5", "m1") == {"ambiguous": 1}
    assert (await town.told(receipts[1].number, "reply_help")).outcome == "sent"
    for receipt in receipts:
        assert await decisions(town, receipt.number) == []


async def test_D1_no_phone_is_kept_and_an_erasure_leaves_nothing_of_the_question(town: RunningSystem) -> None:
    phone = "13900000306"
    receipt = await asked(town, phone)
    ticket = (await town.assigned(receipt)).key
    database = town.platforms["notify"].database("notify")
    assert [each["person"] for each in await database["open_questions"].find({"ticket": ticket}).to_list(None)] == [0]
    plain = await database["open_questions"].find({}).to_list(None)
    assert phone not in str(plain)
    path, code = f"/v1/tickets/{receipt.number}/erasure", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=code)).status_code in (200, 202)
    await town.fact("TicketErased", receipt.number)

    async def gone() -> bool:
        left: int = await database["open_questions"].count_documents({"ticket": ticket})
        return left == 0

    await town.eventually(gone, what="nothing of the question")
    assert await reply(town, phone, "5", "m1") == {"nobody": 1}


async def test_D1_a_reply_without_signature_is_refused_and_one_for_nobody_is_harmless(town: RunningSystem) -> None:
    unsigned = {"replies": [{"id": "m1", "from": "13900000307", "text": "5"}]}
    assert (await town.call("notify", "POST", "/v1/replies/sms", json=unsigned)).status_code == 401
    assert await reply(town, "13900000307", "5", "m1") == {"nobody": 1}
    assert texts(town, "13900000307", "") == []
