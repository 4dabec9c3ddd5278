"""A8 Screening: written rules, the rule and the reason told, nothing thrown away, a supplement opens it again."""

import pytest

from tests.acceptance.town import ReporterReceipt, RunningSystem

VAGUE = "一直都很不方便，希望能够改善一下，谢谢各位领导。"


@pytest.mark.parametrize(
    ("title", "content", "rule", "to"),
    [
        ("反映", "请处理。", "unclear_statement", ""),
        ("很不方便", VAGUE, "unclear_reference", ""),
        ("合同纠纷", "我与麻阳县某公司的合同纠纷一审判决不公，请改判。", "out_of_scope", "人民法院"),
    ],
)
async def test_A8_a_rule_screens_out_with_its_reason(
    town: RunningSystem, title: str, content: str, rule: str, to: str
) -> None:
    receipt = await town.submit(title, content)
    out = (await town.fact("TicketScreenedOut", receipt.number)).body
    assert (out.rule, out.redirected_to) == (rule, to)
    assert out.reason_zh
    assert out.reason_en
    assert out.words, "nothing is thrown away"
    assert await town.facts("TicketRegistered", receipt.number) == []


async def test_A8_whoever_can_be_asked_back_is_not_screened_out_for_a_missing_place(town: RunningSystem) -> None:
    receipt = await town.submit("很不方便", VAGUE, reporter={"phone": "13900000008", "channel": "none"})
    registered = (await town.fact("TicketRegistered", receipt.number)).body
    assert registered.traceable
    assert registered.scope_version


async def _added(town: RunningSystem, receipt: ReporterReceipt, text: str) -> str:
    path, headers = f"/v1/tickets/{receipt.number}/supplements", {"Query-Code": receipt.code}
    answer = await town.call("intake", "POST", path, json={"text": text}, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


async def test_A8_a_short_matter_whose_reporter_can_be_asked_is_registered(town: RunningSystem) -> None:
    receipt = await town.submit(
        "停电", "兰里停电了", place="兰里镇", reporter={"phone": "13900000009", "channel": "none"}
    )
    assert (await town.fact("TicketRegistered", receipt.number)).body.traceable


async def test_A8_a_supplement_makes_it_valid_and_is_what_it_is_assigned_by(town: RunningSystem) -> None:
    receipt = await town.submit("反映", "请处理。")
    await town.fact("TicketScreenedOut", receipt.number)
    state = await _added(town, receipt, "高村镇菜市场门口下水道堵了，污水漫到路上，请疏通。")
    assert state == "registered"
    assert (await town.fact("TicketRegistered", receipt.number)).body.number == receipt.number
    assigned = (await town.fact("TicketAssigned", receipt.number)).body
    assert assigned.division == "431226100"
    assert any("下水道" in reason for reason in assigned.reasons)


async def test_A8_what_belongs_elsewhere_comes_back_only_for_a_reason(town: RunningSystem) -> None:
    receipt = await town.submit("合同纠纷", "我与麻阳县某公司的合同纠纷一审判决不公，请改判。")
    await town.fact("TicketScreenedOut", receipt.number)
    assert await _added(town, receipt, "我很着急请尽快回复") == "invalid"
    assert await _added(town, receipt, "我已经撤诉了，请高村镇调解。") == "registered"
