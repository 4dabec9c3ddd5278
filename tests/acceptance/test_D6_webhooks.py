"""D6: events by webhook: signed, in the order of a ticket, tried again, sent again on demand, and only after a ping."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from standardwebhooks import Webhook, WebhookVerificationError

from contracts.identifiers import prefix_of
from runtime.clock import system_wall
from runtime.identity.tokens import Principal
from services.notify.domain.hooks import PING
from tests.acceptance.test_D6_feed import CANARIES, WORDS, canary, events
from tests.acceptance.test_D6_feed import records as of_topic
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem
from tests.receiver import BROKEN, GONE, OK, HookReceiver, ReceivedHook, receiver

PARTNER = Principal("neighbouring-hooks", "", COUNTY, "partner")
ELSEWHERE = Principal("hooks-elsewhere", "", "431225", "partner")
WHERE = "/v1/subscriptions"


async def subscribed(town: RunningSystem, there: HookReceiver, who: Principal = PARTNER, **wish: Any) -> dict[str, Any]:
    """A subscription as it was answered, under a channel that two registered; its first ping is on its way."""
    channel = await channel_of(town, who.sub, who.division)
    answer = await town.call("notify", "POST", WHERE, who=who, json={"url": there.url, "channel": channel, **wish})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def channel_of(town: RunningSystem, owner: str, division: str, days: float = 30.0) -> str:
    """The name of a channel for subscriptions of this owner; one has registered it, another confirmed it."""
    first, second = (Principal(name, "", division, "supervisor") for name in ("first", "second"))
    until = system_wall() + timedelta(days=days)
    body = {"kind": "subscription", "name": "推送", "owner": owner, "purpose": "同步办理结果", "term": "temporary"}
    said = await town.call("notify", "POST", "/v1/channels", who=first, json=body | {"expires": until.isoformat()})
    assert said.status_code == 201, said.text
    name: str = said.json()["id"]
    await confirmed(town, name, second)

    async def there() -> bool:
        answer = await town.call("notify", "GET", "/v1/channels")
        return any((each["id"], each["state"]) == (name, "operating") for each in answer.json())

    await town.eventually(there, what="a channel that operates")
    return name


async def confirmed(town: RunningSystem, channel: str, who: Principal) -> None:
    """As soon as what waits is read there."""
    path = f"/v1/channels/{channel}/confirmation"

    async def once() -> bool:
        return (await town.call("notify", "POST", path, who=who)).status_code == 200

    await town.eventually(once, what="a confirmation")


async def until_state(town: RunningSystem, subscription: dict[str, Any], state: str, who: Principal = PARTNER) -> None:
    async def there() -> bool:
        answer = await town.call("notify", "GET", f"{WHERE}/{subscription['id']}", who=who)
        return bool(answer.json()["state"] == state)

    await town.eventually(there, what=f"a subscription that is {state}")


@pytest.fixture
async def there() -> AsyncIterator[HookReceiver]:
    async with receiver() as made:
        yield made


def of(there: HookReceiver, receipt: ReporterReceipt) -> list[ReceivedHook]:
    return [each for each in there.received if each.event["subject"].startswith(prefix_of(receipt.number))]


async def until_sent(town: RunningSystem, there: HookReceiver, receipt: ReporterReceipt) -> list[ReceivedHook]:
    async def sent() -> bool:
        return any("struck-off" in each.event["type"] for each in of(there, receipt))

    await town.eventually(sent, what="the last event of the matter")
    return of(there, receipt)


async def test_D6_each_event_comes_once_signed_and_in_the_order_of_its_ticket(
    town: RunningSystem, there: HookReceiver
) -> None:
    subscription = await subscribed(town, there)
    await until_state(town, subscription, "active")
    assert [each.event["type"] for each in there.received] == [PING]
    receipt = await canary(town)
    came = await until_sent(town, there, receipt)
    wanted = [dict(each.headers)["ce_id"].decode() for each in await events(town, receipt)]
    assert [each.headers["webhook-id"] for each in came] == wanted
    for each in came:
        Webhook(subscription["secret"]).verify(each.content, dict(each.headers))
        read = JSONFormat().read(None, each.content)
        assert (read.get_id(), each.headers["content-type"]) == (
            each.headers["webhook-id"], "application/cloudevents+json"
        )  # fmt: skip
        said = each.content.decode() + str(each.headers)
        assert [word for word in (*CANARIES, WORDS, receipt.code) if word in said] == []
    with pytest.raises(WebhookVerificationError):
        Webhook(subscription["secret"]).verify(came[0].content + b" ", dict(came[0].headers))


async def test_D6_nothing_comes_before_a_ping_was_answered(town: RunningSystem) -> None:
    async with receiver(lambda _: BROKEN) as there:
        subscription = await subscribed(town, there)
        receipt = await canary(town)
        await events(town, receipt)
        await town.eventually(lambda: _came(there), what="the ping")
        assert {each.event["type"] for each in there.received} == {PING}
        there.answers = lambda _: OK
        await town.call("notify", "POST", f"{WHERE}/{subscription['id']}/ping", who=PARTNER)
        await until_state(town, subscription, "active")
        assert of(there, receipt) == []
        asked = {"since": "2026-01-01T00:00:00Z"}
        path = f"{WHERE}/{subscription['id']}/redeliver"
        assert (await town.call("notify", "POST", path, who=PARTNER, json=asked)).status_code == 202
        await until_sent(town, there, receipt)


async def _came(there: HookReceiver) -> bool:
    return bool(there.received)


async def test_D6_what_a_receiver_did_not_take_comes_again_before_what_follows(town: RunningSystem) -> None:
    refused = dict[str, int]()

    def refusing(hook: ReceivedHook) -> int:
        refused[hook.headers["webhook-id"]] = refused.get(hook.headers["webhook-id"], 0) + 1
        is_first = "registered" in hook.event["type"] and refused[hook.headers["webhook-id"]] == 1
        return BROKEN if is_first else OK

    async with receiver(refusing) as there:
        subscription = await subscribed(town, there)
        await until_state(town, subscription, "active")
        receipt = await canary(town)
        came = await until_sent(town, there, receipt)
        kinds = [each.event["type"].split(".")[2] for each in came]
        assert kinds[:3] == ["registered", "registered", "assigned"]
        assert came[0].headers["webhook-id"] == came[1].headers["webhook-id"]
        told = await town.call("notify", "GET", f"{WHERE}/{subscription['id']}/deliveries", who=PARTNER)
        assert {each["tries"] for each in told.json() if each["event"] == came[0].headers["webhook-id"]} == {2}


async def test_D6_a_broken_receiver_costs_the_other_nothing(town: RunningSystem, there: HookReceiver) -> None:
    async with receiver() as broken:
        pair = [await subscribed(town, each, types=["duban.ticket.registered.v1"]) for each in (broken, there)]
        for each in pair:
            await until_state(town, each, "active")
        broken.seconds = 4.9
        for nth in range(5):
            await town.submit(f"停水{nth}", "高村镇停水，请尽快修复。", place="高村镇")
        begun = time.monotonic()
        await town.eventually(lambda: _all(there, 5), what="five events at the prompt receiver")
        assert time.monotonic() - begun < 30
        for each in pair:
            await town.call("notify", "DELETE", f"{WHERE}/{each['id']}", who=PARTNER)


async def _all(there: HookReceiver, count: int) -> bool:
    return sum("registered" in each.event["type"] for each in there.received) >= count


async def test_D6_gone_is_heeded_and_another_county_gets_nothing(town: RunningSystem, there: HookReceiver) -> None:
    async with receiver() as gone:
        leaves = await subscribed(town, gone)
        foreign = await subscribed(town, there, ELSEWHERE)
        await until_state(town, leaves, "active")
        await until_state(town, foreign, "active", ELSEWHERE)
        gone.answers = lambda _: GONE
        receipt = await canary(town)
        await events(town, receipt)
        await until_state(town, leaves, "gone")
        assert [each.event["type"] for each in there.received] == [PING]
        stranger = await town.call("notify", "GET", f"{WHERE}/{leaves['id']}", who=ELSEWHERE)
        assert stranger.status_code == 404


async def test_D6_a_secret_stands_nowhere_in_clear(town: RunningSystem, there: HookReceiver) -> None:
    subscription = await subscribed(town, there)
    said = b"".join(each.value for each in await of_topic(town, "configuration"))
    assert subscription["id"].encode() in said
    assert subscription["secret"].removeprefix("whsec_").encode() not in said
