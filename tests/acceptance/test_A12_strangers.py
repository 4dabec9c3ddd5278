"""A12 Co-sign: whoever is named at the public door is asked once, and counts once they have confirmed."""

import re
from typing import Any

from runtime.clock import system_wall
from services.notify.ports import NAMED_AN_HOUR
from tests.acceptance.town import ReporterReceipt, RunningSystem

CONTENT = "麻阳县高村镇文化广场夜间噪音扰民，请管一管音响。"
NAMED = [{"name": "滕样例", "phone": f"1390077{nth:04}", "channel": "sms"} for nth in range(20)]
CODE = re.compile(r"查询码 ([0-9A-Z]{10})")


def texts(town: RunningSystem) -> dict[str, list[str]]:
    """What each of those who were named has been sent."""
    phones = [each["phone"] for each in NAMED]
    return {phone: list(town.gateway.inboxes[phone]) for phone in phones if phone in town.gateway.inboxes}


async def act(town: RunningSystem, service: str, what: str, who: ReporterReceipt, **body: Any) -> tuple[int, Any]:
    path, headers = f"/v1/tickets/{who.number}/{what}", {"Query-Code": who.code}
    answer = await town.call(service, "POST", path, headers=headers, json=body)
    return answer.status_code, answer.json()


async def test_A12_who_is_named_by_somebody_unknown_is_asked_once_and_counts_when_confirmed(
    town: RunningSystem,
) -> None:
    began = system_wall()
    first = await town.submit("广场噪音", CONTENT, place="高村镇", co_reporters=NAMED[:10])
    second = await town.submit("广场噪音又起", CONTENT, place="高村镇", co_reporters=NAMED[10:])
    for each in (first, second):
        await town.completed(each)
    await town.eventually(lambda: _are_asked(town), what="three are asked")
    hours = 1 + (system_wall().replace(minute=0, second=0) > began.replace(minute=0, second=0))
    assert len(texts(town)) <= NAMED_AN_HOUR * hours, "nobody has twenty telephones rung by two posts"
    assert all(len(got) == 1 for got in texts(town).values()), "asked once, and told nothing else"

    (text,), *_ = texts(town).values()
    asked, other = (first, second) if first.number in text else (second, first)
    named = ReporterReceipt(asked.number, CODE.findall(text)[0])
    early = await act(town, "feedback", "evaluation", named, grade=1, solved=False)
    assert (early[0], early[1]["type"]) == (409, "seat_not_confirmed")
    assert (await act(town, "intake", "confirmation", named))[0] == 200
    assert (await town.fact("SeatConfirmed", asked.number)).producer == "feedback"
    assert (await act(town, "feedback", "evaluation", named, grade=1, solved=False))[1]["state"] == "rework"

    assert (await act(town, "feedback", "evaluation", other, grade=5, solved=True))[1]["state"] == "struck_off"


async def _are_asked(town: RunningSystem) -> bool:
    return len(texts(town)) >= NAMED_AN_HOUR


async def test_A12_a_number_that_costs_is_not_texted_for_somebody_unknown(town: RunningSystem) -> None:
    body = {
        "title": "广场噪音",
        "content": CONTENT,
        "co_reporters": [{"phone": "+85291234567", "email": "n@example.cn"}],
    }
    answer = await town.call("intake", "POST", "/v1/submissions", json=body)
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["errors"]] == ["phone_not_here"]
