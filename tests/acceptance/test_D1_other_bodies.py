"""D1: whoever was answered with a number and a code hears of it and of the end, and one person hears once."""

import asyncio
import uuid

from tests.acceptance.town import ReporterReceipt, RunningSystem

PHONES = ("13900000171", "13900000172")
WORDS = ("麻阳县高村镇街上路灯坏了三盏。", "麻阳县高村镇进村道路坑洼，请修补。")


def _heard(town: RunningSystem, phone: str, word: str) -> list[str]:
    return [text for text in town.gateway.inboxes.get(phone, ()) if word in text]


async def test_D1_two_people_with_one_key_at_the_same_moment_both_hear_of_it_and_of_the_end(
    town: RunningSystem,
) -> None:
    key = str(uuid.uuid4())
    first, second = await asyncio.gather(
        *(
            town.submit(words[:9], words, key, place="高村镇", reporter={"phone": phone, "channel": "sms"})
            for words, phone in zip(WORDS, PHONES, strict=True)
        )
    )

    async def both_know() -> bool:
        return all(_heard(town, phone, "已登记") or _heard(town, phone, "并入") for phone in PHONES)

    await town.eventually(both_know, what="both hear")
    codes = dict(zip(PHONES, (first.code, second.code), strict=True))
    assert all(codes[phone] in "".join(town.gateway.inboxes[phone]) for phone in PHONES)
    owner = next(phone for phone in PHONES if _heard(town, phone, "已登记"))
    await town.completed(receipt := ReporterReceipt(first.number, codes[owner]))
    assert (await town.evaluate(receipt)).status_code == 200

    async def both_know_the_end() -> bool:
        return all(len(_heard(town, phone, "已销号")) == 1 for phone in PHONES)

    await town.eventually(both_know_the_end, what="both hear of the end")


async def test_D1_one_phone_is_one_seat(town: RunningSystem) -> None:
    people = {"reporter": {"phone": "13900000173"}, "co_reporters": [{"phone": "+86 139 0000 0173"}]}
    body = {"title": "路灯不亮", "content": WORDS[0], **people}
    answer = await town.call("intake", "POST", "/v1/submissions", json=body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/co_reporters/0/phone"]
