"""D4: templates are versioned, per channel, language and county, previewed before they are used."""

from services.notify.adapters.templates import packaged
from tests.acceptance.town import RunningSystem

TOLD = ("registered", "screened_out", "assigned", "accepted", "progress", "evaluate", "remind", "struck_off")


async def test_D4_every_message_is_previewed_per_channel_and_language(town: RunningSystem) -> None:
    answer = await town.call("notify", "GET", "/v1/templates")
    assert answer.status_code == 200
    assert answer.json()["version"] == packaged().version
    shown = answer.json()["templates"]
    assert set(TOLD) <= set(shown)
    for kind in TOLD:
        texts = [shown[kind][channel][language] for channel in ("sms", "email") for language in ("zh", "en")]
        assert all("‹number›" in text for text in texts), kind
        assert shown[kind]["sms"]["zh"] != shown[kind]["sms"]["en"]


async def test_D4_staff_read_texts_of_their_own(town: RunningSystem) -> None:
    shown = (await town.call("notify", "GET", "/v1/templates")).json()["templates"]
    assert "请在受理时限内受理或退回" in shown["assigned/unit"]["sms"]["zh"]
    text = "麻阳县兰里镇进村道路塌方，有人员被困，情况危急，请立即救援！"
    receipt = await town.submit("兰里镇道路塌方有人被困", text, place="兰里镇")  # urgent: staff are told at any hour
    unit = (await town.assigned(receipt)).body.unit
    duty = f"unit:{unit}"

    async def is_told() -> bool:
        return any(receipt.number in each for each in town.gateway.inboxes.get(duty, ()))

    await town.eventually(is_told, what=f"a word to {unit}")
    (told,) = [each for each in town.gateway.inboxes[duty] if receipt.number in each]
    assert told == shown["assigned/unit"]["sms"]["zh"].replace("‹number›", receipt.number)


async def test_D4_what_is_sent_is_what_is_previewed(town: RunningSystem) -> None:
    phone = "13900000401"
    receipt = await town.submit(
        "高村镇路灯不亮", "麻阳县高村镇街道路灯坏了三盏。", reporter={"phone": phone, "channel": "sms"}
    )
    unit = (await town.assigned(receipt)).body.unit_zh
    letters = {(await town.told(receipt.number, kind)).letter for kind in ("registered", "assigned")}
    shown = (await town.call("notify", "GET", "/v1/templates", params={"county": "431226"})).json()["templates"]
    expected = shown["registered" if len(letters) > 1 else "registered+assigned"]["sms"]["zh"]
    for name, value in {"number": receipt.number, "code": receipt.code, "unit_zh": unit}.items():
        expected = expected.replace(f"‹{name}›", value)
    assert next(iter(town.gateway.inboxes[phone])) == expected
