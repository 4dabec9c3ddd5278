"""A5: what a unit reads hides who wrote it, however it is spelt in the words."""

from typing import Any

from tests.acceptance.town import ReporterReceipt, RunningSystem

OWN = {"name": "陈默", "phone": "13955557777", "email": "chen.mo@example.org", "channel": "none"}
WORDS = (
    "麻阳县高村镇陈默家门口的路灯坏了三天，我电话一三九 五五五五 七七七七，也可写 chen.mo @ example.org。"
    "联系人：买买提·艾力。2026-10-10 2026-10-20期间王局长来看过。"
)
HIDDEN = ("陈默", "五五五五", "chen.mo", "艾力")
SHOWN = ("2026-10-10 2026-10-20期间王局长来看过", "家门口的路灯坏了三天")


async def _found(town: RunningSystem, text: str) -> str:
    """What a search of the supervision office lists."""
    return (await town.call("portal", "GET", "/v1/tickets", who=town.staff("supervisor"), params={"text": text})).text


async def _read(town: RunningSystem, receipt: ReporterReceipt, **who: Any) -> str:
    """The matter as somebody reads it, once it is there."""
    found: list[str] = []

    async def once() -> bool:
        answer = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}", **who)
        found[:] = [answer.text] if answer.status_code == 200 and "路灯" in answer.text else []
        return bool(found)

    await town.eventually(once, what=f"the words of {receipt.number}")
    return found[0]


async def test_A5_the_words_that_staff_read_hide_what_the_reporter_gave(town: RunningSystem) -> None:
    receipt = await town.submit("陈默家路灯不亮", WORDS, reporter=OWN, place="高村镇")
    unit = await town.accepted(receipt)
    listed = await town.call("portal", "GET", "/v1/tickets", who=unit, params={"text": "路灯"})
    for text in (await _read(town, receipt, who=unit), await _read(town, receipt, who=town.staff("supervisor"))):
        assert [each for each in HIDDEN if each in text] == []
        assert [each for each in SHOWN if each in text] == list(SHOWN)
    assert (receipt.number in listed.text, "陈默" in listed.text) == (True, False)
    assert "陈默家门口" in await _read(town, receipt, headers={"Query-Code": receipt.code})


async def test_A5_a_search_finds_what_was_added_but_nothing_that_is_hidden_in_it(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", "麻阳县高村镇锦江路的路灯坏了三天。", reporter=OWN, place="高村镇")
    await town.accepted(receipt)
    added = {"text": "陈默再补充：旁边的井盖丢了，请打一三九五五五五七七七七，或者 139 5555 7777 找我。"}
    path, code = f"/v1/tickets/{receipt.number}/supplements", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=code, json=added)).status_code == 200

    async def listed() -> bool:
        return receipt.number in await _found(town, "井盖")

    await town.eventually(listed, what=f"{receipt.number} among what 井盖 finds")
    assert receipt.number in await _found(town, "路灯 井盖")
    for hidden in ("13955557777", "陈默", "一三九五五五五七七七七"):
        assert receipt.number not in await _found(town, hidden)
