"""What is not registered, has expired, or whose channel has, is sent nothing; renewed, it goes on at once (D7)."""

from datetime import timedelta

import pytest

from tests.harness import MONDAY
from tests.receiver import receiver
from tests.unit.notify.hooking import Hooking

MINUTE = timedelta(minutes=1)


async def test_what_has_expired_does_not_operate_and_does_again_once_it_is_renewed() -> None:
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url, expires=MONDAY + MINUTE)
        hooking.later(MINUTE)
        hooking.say("T")
        await hooking.round()
        assert there.received == []
        await hooking.subscribe("s", there.url, expires=MONDAY + timedelta(days=1))
        hooking.say("T")
        await hooking.round()
        assert there.ids() == ["2"]


async def test_a_channel_that_expired_lets_nothing_through_and_does_at_once_when_it_is_renewed() -> None:
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url)
        await hooking.register(days=1)
        hooking.say("T")
        await hooking.fan_out.step()
        hooking.later(timedelta(days=1))
        hooking.say("U")
        await hooking.round()
        assert there.received == [], "neither what waits nor what comes"
        await hooking.register(days=30)
        hooking.say("V")
        await hooking.round()
        assert sorted(there.ids()) == ["1", "3"]


@pytest.mark.parametrize("changed", [{"channel": ""}, {"channel": "c2"}, {"owner": "somebody"}], ids=str)
async def test_what_is_not_registered_does_not_operate(changed: dict[str, str]) -> None:
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url, **changed)
        hooking.say("T")
        await hooking.round()
        assert (there.received, await hooking.queue.waiting("s")) == ([], 0)
