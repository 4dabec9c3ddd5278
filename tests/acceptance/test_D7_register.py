"""D7: what is not registered or has expired does not operate; renewed by two, it goes on at once."""

from datetime import timedelta

from runtime.clock import system_wall
from runtime.identity.tokens import Principal
from tests.acceptance.test_D6_feed import canary, events
from tests.acceptance.test_D6_webhooks import PARTNER, WHERE, channel_of, confirmed, of, until_sent, until_state
from tests.acceptance.town import COUNTY, RunningSystem
from tests.receiver import receiver

FIRST, SECOND = (Principal(name, "", COUNTY, "supervisor") for name in ("first", "second"))
SHORT = 45.0  # seconds that a channel is valid for


async def test_D7_nobody_is_sent_to_without_an_entry_of_the_register(town: RunningSystem) -> None:
    async with receiver() as there:
        wish = {"url": there.url, "channel": "nowhere"}
        answer = await town.call("notify", "POST", WHERE, who=PARTNER, json=wish)
        assert (answer.status_code, answer.json()["type"]) == (409, "channel_not_registered")
        mine = await channel_of(town, "somebody-else", COUNTY)
        answer = await town.call("notify", "POST", WHERE, who=PARTNER, json=wish | {"channel": mine})
        assert (answer.status_code, answer.json()["type"]) == (409, "channel_not_registered")


async def test_D7_nothing_goes_through_an_expired_channel_and_it_does_at_once_when_renewed(town: RunningSystem) -> None:
    async with receiver() as there:
        channel = await channel_of(town, PARTNER.sub, COUNTY, days=SHORT / 86_400)
        answer = await town.call("notify", "POST", WHERE, who=PARTNER, json={"url": there.url, "channel": channel})
        assert answer.status_code == 201, answer.text
        await until_state(town, answer.json(), "active")
        await town.eventually(lambda: _has_expired(town, channel), what="the end of the channel")
        receipt = await canary(town)
        await events(town, receipt)
        assert of(there, receipt) == []
        until = (system_wall() + timedelta(days=30)).isoformat()
        path = f"/v1/channels/{channel}/renewal"
        assert (await town.call("notify", "POST", path, who=FIRST, json={"expires": until})).status_code == 202
        await confirmed(town, channel, SECOND)
        await town.eventually(lambda: _operates(town, channel), what="the renewed channel")
        again = await canary(town)
        await until_sent(town, there, again)
        assert of(there, receipt) == []


async def _state(town: RunningSystem, channel: str) -> str:
    told = (await town.call("notify", "GET", "/v1/channels")).json()
    return next((str(each["state"]) for each in told if each["id"] == channel), "")


async def _has_expired(town: RunningSystem, channel: str) -> bool:
    return await _state(town, channel) == "expired"


async def _operates(town: RunningSystem, channel: str) -> bool:
    return await _state(town, channel) == "operating"


async def test_D7_everybody_reads_who_answers_for_what_until_when(town: RunningSystem) -> None:
    channel = await channel_of(town, PARTNER.sub, COUNTY)
    (told,) = [each for each in (await town.call("notify", "GET", "/v1/channels")).json() if each["id"] == channel]
    assert (told["owner"], told["purpose"], told["state"]) == (PARTNER.sub, "同步办理结果", "operating")
    assert told["until"]
    assert {"by", "waits"} & told.keys() == set()
