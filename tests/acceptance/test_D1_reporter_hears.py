"""D1: the reporter hears of every step by the channel they chose, with number and code."""

from collections.abc import Callable

from tests.acceptance.town import ReporterReceipt, RunningSystem

ROAD = "麻阳县高村镇进村道路坑洼，雨天积水，老人出行不便。"
STEPS = ("已登记", "已交", "受理", "已答复办结", "已销号")
"""Registration, assignment, acceptance with the promise, completion and the request to evaluate, striking off."""


async def struck_off(town: RunningSystem, **reporter: str) -> ReporterReceipt:
    """A matter from registration to striking off."""
    receipt = await town.submit("高村镇道路破损", ROAD, place="高村镇", reporter=reporter)
    await town.completed(receipt)
    answer = await town.evaluate(receipt)
    assert answer.status_code == 200, answer.text
    return receipt


async def heard(town: RunningSystem, texts: Callable[[], list[str]], receipt: ReporterReceipt) -> list[str]:
    """What a reporter got, as soon as there is something of every step."""

    async def all_steps() -> bool:
        return all(any(step in text for text in texts()) for step in STEPS)

    await town.eventually(all_steps, what=f"{STEPS} about {receipt.number}")
    return texts()


def check(texts: list[str], receipt: ReporterReceipt) -> None:
    """Each step once, each with the number; what asks the reporter to act says the code."""
    assert [sum(step in text for text in texts) for step in STEPS] == [1] * len(STEPS)
    assert all(receipt.number in text.replace(" ", "") for text in texts)
    asking = {text for text in texts if "已登记" in text or "已答复办结" in text}
    assert {text for text in texts if receipt.code in text.replace(" ", "")} == asking
    together = [text for text in texts if all(step in text for step in STEPS[:2])]
    assert len(texts) == len(set(texts)) == len(STEPS) - len(together)


async def test_D1_the_reporter_hears_of_every_step_by_sms(town: RunningSystem) -> None:
    phone = "13900000101"
    receipt = await struck_off(town, phone=phone, channel="sms")
    texts = await heard(town, lambda: list(town.gateway.inboxes.get(phone, ())), receipt)
    check(texts, receipt)
    assert all(text.startswith("【督办】") for text in texts)
    limit = (await town.fact("TicketAccepted", receipt.number)).body.standard.limit
    assert any(f"承诺{limit}个工作日内办结" in text for text in texts), "the promise has its time in it"


async def test_D1_the_reporter_hears_of_every_step_by_email(town: RunningSystem) -> None:
    email = "yangli@example.org"
    receipt = await struck_off(town, phone="13900000102", email=email, channel="email")
    check(await heard(town, lambda: town.mailbox.texts(email), receipt), receipt)
    assert "13900000102" not in town.gateway.inboxes


async def test_D1_the_language_is_the_reporters(town: RunningSystem) -> None:
    phone = "13900000103"
    await town.submit("高村镇道路破损", ROAD, reporter={"phone": phone, "language": "en"})

    async def told() -> bool:
        return any("is registered" in text for text in town.gateway.inboxes.get(phone, ()))

    await town.eventually(told, what="the registration in English")


async def test_D1_what_is_out_of_scope_is_told_with_where_to_turn(town: RunningSystem) -> None:
    phone = "13900000104"
    await town.submit("不服判决", "麻阳县法院的一审判决我不服，要求改判。", reporter={"phone": phone})

    async def told() -> bool:
        return any("人民法院" in text for text in town.gateway.inboxes.get(phone, ()))

    await town.eventually(told, what="where to turn")
    assert not any("已登记" in text for text in town.gateway.inboxes[phone])


async def test_D1_who_wants_no_message_gets_none(town: RunningSystem) -> None:
    phone = "13900000105"
    receipt = await town.submit("高村镇道路破损", ROAD, reporter={"phone": phone, "channel": "none"})
    told = await town.told(receipt.number)
    assert (told.outcome, told.channel) == ("undeliverable", "page")
    assert phone not in town.gateway.inboxes


async def test_D1_who_has_no_address_reads_the_same_texts_on_the_page(town: RunningSystem) -> None:
    receipt = await town.submit("高村镇道路破损", ROAD, place="高村镇", reporter={"channel": "none"})
    unit = (await town.assigned(receipt)).body.unit_zh
    await town.told(receipt.number, "assigned")
    path = f"/v1/tickets/{receipt.number}/messages"
    read = (await town.call("notify", "GET", path, headers={"Query-Code": receipt.code})).json()
    assert {each["kind"] for each in read} == {"registered", "assigned"}
    assert any(receipt.code in each["text"] for each in read)
    assert any(f"已交 {unit} 办理" in each["text"] for each in read)
    assert (await town.call("notify", "GET", path, headers={"Query-Code": "0000000000"})).status_code == 404


async def test_D1_a_reporter_mutes_what_may_be_muted_and_hears_of_the_rest(town: RunningSystem) -> None:
    phone = "13900000107"
    receipt = await town.submit("高村镇道路破损", ROAD, place="高村镇", reporter={"phone": phone, "channel": "sms"})
    await town.told(receipt.number, "registered")
    headers = {"Query-Code": receipt.code, "Idempotency-Key": "quiet"}
    path = f"/v1/tickets/{receipt.number}/preferences"
    wanted = await town.call("notify", "PUT", path, headers=headers, json={"channel": "sms", "muted": ["progress"]})
    assert wanted.status_code == 200, wanted.text
    refused = await town.call("notify", "PUT", path, headers=headers, json={"channel": "sms", "muted": ["evaluate"]})
    assert refused.status_code == 422
    unit = await town.accepted(receipt)
    await town.ok("feedback", f"/v1/tickets/{receipt.number}/progress", unit, {"text": "已派工", "public": True})
    assert (await town.fact("ProgressReported", receipt.number)).body.public
    await town.ok("feedback", f"/v1/tickets/{receipt.number}/completion", unit, town.completion())
    assert (await town.told(receipt.number, "evaluate")).channel == "sms"
    assert "progress" not in {each.kind for each in await town.all_told(receipt.number)}
