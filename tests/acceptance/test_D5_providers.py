"""D5: providers behind a port: a busy or broken one is waited for, a refusing one is gone round, nothing is lost."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.messages.notify import PersonTold
from tests.acceptance.town import ReporterReceipt, RunningSystem

LAMP = "麻阳县高村镇街道路灯坏了三盏，晚上看不见路。"


@pytest.fixture
async def town(town: RunningSystem) -> AsyncIterator[RunningSystem]:
    """The town; its providers behave again afterwards."""
    yield town
    town.gateway.mode, town.mailbox.mode = "accept", "accept"


async def submitted(town: RunningSystem, **reporter: str) -> ReporterReceipt:
    return await town.submit("高村镇路灯不亮", LAMP, reporter=reporter)


async def told(town: RunningSystem, receipt: ReporterReceipt) -> PersonTold:
    """What came of telling the reporter of the registration."""
    return await town.told(receipt.number, "registered")


@pytest.mark.parametrize(
    ("mode", "phone"), [("busy", "13900000501"), ("broken", "13900000502"), ("misrouted", "13900000506")]
)
async def test_D5_what_a_busy_broken_or_misrouted_provider_did_not_take_goes_later_and_once(
    town: RunningSystem, mode: Any, phone: str
) -> None:
    town.gateway.mode = mode
    receipt = await submitted(town, phone=phone, channel="sms")
    await town.fact("TicketRegistered", receipt.number)

    async def planned() -> bool:
        path, supervisor = f"/v1/tickets/{receipt.number}/deliveries", town.staff("supervisor")
        answer = await town.call("notify", "GET", path, who=supervisor)
        return answer.status_code == 200 and answer.json()[0]["state"] == "planned"

    await town.eventually(planned, what="a planned delivery")
    assert await town.all_told(receipt.number) == []
    assert phone not in town.gateway.inboxes
    town.gateway.mode = "accept"
    assert (await told(town, receipt)).outcome == "sent"
    assert len([text for text in town.gateway.inboxes[phone] if "已登记" in text]) == 1


async def test_D5_a_number_that_is_refused_for_good_is_told_by_email(town: RunningSystem) -> None:
    town.gateway.mode = "refuse"
    receipt = await submitted(town, phone="13900000503", email="lamp@example.org", channel="sms")
    said = await told(town, receipt)
    assert (said.channel, said.outcome) == ("email", "sent")
    assert len(town.mailbox.texts("lamp@example.org")) >= 1


async def test_D5_what_all_providers_refuse_has_failed_and_is_said(town: RunningSystem) -> None:
    town.gateway.mode, town.mailbox.mode = "refuse", "refuse"
    receipt = await submitted(town, phone="13900000504", email="none@example.org", channel="email")
    assert (await told(town, receipt)).outcome == "failed"


async def test_D5_letters_that_a_mail_server_did_not_take_before_it_hung_up_go_later_and_once(
    town: RunningSystem,
) -> None:
    town.mailbox.mode, before = "hang_up", town.mailbox.hung_up
    addresses = [f"pipe{nth}@example.org" for nth in range(3)]
    receipts = [await submitted(town, email=address, channel="email") for address in addresses]

    async def hung_up() -> bool:
        return town.mailbox.hung_up > before

    await town.eventually(hung_up, what="a mail server that hangs up")
    town.mailbox.mode = "accept"
    assert [(await told(town, receipt)).outcome for receipt in receipts] == ["sent"] * 3
    registered = [[text for text in town.mailbox.texts(each) if "已登记" in text] for each in addresses]
    assert [len(texts) for texts in registered] == [1, 1, 1]


async def test_D5_outcomes_are_counted_by_channel(town: RunningSystem) -> None:
    receipt = await submitted(town, phone="13900000505", channel="sms")
    await told(town, receipt)
    series = (await town.call("notify", "GET", "/metrics")).text
    assert 'notify_messages_total{channel="sms",outcome="sent"}' in series
