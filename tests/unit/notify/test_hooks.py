"""Webhooks: each event once, in the order of its ticket, signed; a slow or broken receiver costs only itself."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from standardwebhooks import Webhook

from services.notify.adapters import hook_poster
from services.notify.domain.hooks import ACTIVE, DISABLED, GONE, PING, RESTING, RETRIES, UNCONFIRMED
from services.notify.workers import hook_fan_out
from tests.faults.waiting import eventually
from tests.receiver import BROKEN, HANG, OK, HookReceiver, ReceivedHook, receiver
from tests.unit.notify.hooking import SECRET, Hooking

MINUTE = timedelta(minutes=1)


async def test_what_is_wanted_is_sent_signed_and_as_it_is_on_the_feed() -> None:
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url)
        event = hooking.say("T")
        hooking.say("U", division="440100")
        await hooking.round()
        (came,) = there.received
    read = JSONFormat().read(None, came.content)
    assert (read.get_id(), read.get_subject(), came.headers["webhook-id"]) == (event, "T", event)
    assert came.headers["content-type"] == "application/cloudevents+json"
    stamped = dict(came.headers) | {"webhook-timestamp": str(int(time.time()))}
    again = Webhook(SECRET).sign(event, hooking.wall, came.content.decode())
    assert came.headers["webhook-signature"] == again
    assert stamped.keys() >= {"webhook-id", "webhook-timestamp", "webhook-signature"}


async def test_both_secrets_sign_while_both_are_live() -> None:
    hooking, other = Hooking(), SECRET.replace("c3", "d4")
    async with receiver() as there:
        wrapped = tuple(hooking.secrets.wrapped("s", each) for each in (other, SECRET))
        await hooking.subscribe("s", there.url, secrets=wrapped)
        event = hooking.say("T")
        await hooking.round()
        (came,) = there.received
    signed = [Webhook(each).sign(event, hooking.wall, came.content.decode()) for each in (other, SECRET)]
    assert came.headers["webhook-signature"].split(" ") == signed


async def test_what_comes_twice_is_sent_once() -> None:
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url)
        hooking.say("T")
        await hooking.round()
        hooking.log.positions.clear()
        hooking.fan_out._reader.reassigned()  # type: ignore[attr-defined]
        await hooking.round()
        assert there.ids() == ["1"]


async def test_nothing_is_sent_before_a_ping_was_answered() -> None:
    hooking = Hooking()
    async with receiver(lambda hook: OK if hook.event["type"] == PING else BROKEN) as there:
        await hooking.subscribe("s", there.url, state="")
        hooking.say("T")
        await hooking.round()
        assert (there.received, hooking.book.state("s").state) == ([], UNCONFIRMED)
        await hooking.ping("s")
        await hooking.round()
        assert [each.event["type"] for each in there.received] == [PING]
        assert hooking.book.state("s").state == ACTIVE
        assert await hooking.queue.waiting("s") == 0, "what was said before is redelivered when it is asked for"


async def test_what_is_said_as_soon_as_a_ping_was_answered_is_sent() -> None:
    """Before the state that was found is read back from configuration."""
    hooking = Hooking()
    async with receiver() as there:
        await hooking.subscribe("s", there.url, state="")
        await hooking.ping("s")
        hooking.senders._begin_rounds()
        await asyncio.gather(*hooking.senders._rounds.values())
        assert hooking.book.state("s").state == UNCONFIRMED
        event = hooking.say("T")
        await hooking.round()
        assert there.received[-1].headers["webhook-id"] == event


def once(bad: str, status: int = BROKEN) -> Any:
    """Answers like this to one event the first time."""
    seen = set[str]()

    def answer(hook: ReceivedHook) -> int:
        event = hook.headers["webhook-id"]
        is_first = event == bad and event not in seen
        seen.add(event)
        return status if is_first else OK

    return answer


async def test_a_failed_event_holds_back_its_ticket_and_no_other() -> None:
    hooking = Hooking()
    async with receiver(once("1")) as there:
        await hooking.subscribe("s", there.url)
        for ticket in ("T", "U", "T", "U", "T"):
            hooking.say(ticket)
        await hooking.round()
        assert sorted(there.ids()) == ["1", "2", "4"]
        hooking.say("T")
        await hooking.round()
        assert sorted(there.ids()) == ["1", "2", "4"], "what comes of the ticket waits behind what failed"
        hooking.later(RETRIES[0] * 1.3)
        await hooking.round()
        assert [each for each in there.ids() if each in "1356"] == ["1", "1", "3", "5", "6"]
    (tries,) = [each.tries for each in await hooking.queue.recent("s", 10) if each.event == "1"]
    assert tries == 2


async def test_a_receiver_that_fails_rests_and_one_event_finds_out_that_it_is_back() -> None:
    hooking, down = Hooking(), True
    async with receiver(lambda _: BROKEN if down else OK) as there:
        await hooking.subscribe("s", there.url)
        for nth in range(30):
            hooking.say(f"T{nth}")
        await hooking.round()
        assert (hooking.book.state("s").state, len(there.received) < 14) == (RESTING, True)
        before = len(there.received)
        await hooking.round()
        assert len(there.received) == before, "it is left alone"
        hooking.later(RETRIES[0] * 1.3)
        await hooking.round()
        assert len(there.received) == before + 1, "one probe"
        down = False
        hooking.later(MINUTE * 2)
        await hooking.round()
        assert hooking.book.state("s").state == ACTIVE
        for _ in range(3):
            hooking.later(MINUTE * 6)
            await hooking.round()
        assert set(there.ids()) == {str(nth) for nth in range(1, 31)}
        assert await hooking.queue.waiting("s") == 0


async def test_who_says_gone_gets_nothing_more() -> None:
    hooking = Hooking()
    async with receiver(lambda _: 410) as there:
        await hooking.subscribe("s", there.url)
        hooking.say("T")
        await hooking.round()
        hooking.say("U")
        await hooking.round()
        assert (there.ids(), hooking.book.state("s").state, await hooking.queue.waiting("s")) == (["1"], GONE, 0)


async def test_after_three_days_in_vain_it_is_disabled_and_told_once() -> None:
    hooking = Hooking()
    async with receiver(lambda _: BROKEN) as there:
        await hooking.subscribe("s", there.url)
        for nth in range(10):
            hooking.say(f"T{nth}")
        for _ in range(40):
            await hooking.round()
            hooking.later(timedelta(hours=3))
    assert (hooking.book.state("s").state, await hooking.queue.waiting("s")) == (DISABLED, 0)
    told = [each for each in hooking.log.of_topic("configuration") if b'"disabled"' in each.value]
    assert len(told) == 1


async def test_a_full_queue_is_cut_and_says_from_when_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_fan_out, "QUEUE_AT_MOST", 5)
    monkeypatch.setattr(hook_fan_out, "COUNT_EVERY", 0.0)
    hooking = Hooking()
    await hooking.subscribe("s", "http://127.0.0.1:1/", state=RESTING)
    for nth in range(7):
        hooking.say(f"T{nth}")
    await hooking.fan_out.step()
    hooking.later(timedelta(minutes=1))
    hooking.say("U")
    await hooking.fan_out.step()
    await hooking.configuration.catch_up()
    assert await hooking.queue.waiting("s") == 7
    assert hooking.book.cut("s") == hooking.wall


async def test_senders_that_are_told_to_stop_leave_what_is_under_way_and_nothing_open() -> None:
    hooking, stop = Hooking(), asyncio.Event()
    async with receiver(lambda _: HANG) as there:
        await hooking.subscribe("s", there.url)
        hooking.say("T")
        await hooking.fan_out.step()
        running = asyncio.create_task(hooking.senders.run(stop))
        await asyncio.wait_for(there.came.wait(), 5)
        stop.set()
        await asyncio.wait_for(running, 2)
    assert (await hooking.queue.waiting("s"), len(hooking.poster._clients)) == (1, 0)


SLOW = 0.15  # seconds


class WaitsForASender(hook_fan_out.HookFanOut):
    """Without the guard: an event is committed only once it was sent."""

    hooking: Hooking

    async def step(self) -> int:
        read = await super().step()
        self.hooking.senders._begin_rounds()
        await asyncio.gather(*self.hooking.senders._rounds.values())
        return read


async def fanned_out_beside_a_hanging_receiver(kind: type[hook_fan_out.HookFanOut]) -> int:
    """How many rows a prompt receiver gets queued while another one hangs."""
    hooking = Hooking()
    async with receiver(lambda _: HANG) as hangs, receiver() as prompt:
        await hooking.subscribe("hangs", hangs.url)
        await hooking.subscribe("prompt", prompt.url)
        old = hooking.fan_out
        fan_out = kind(old._reader, old._book, old._queue, old._wall, old._woken, old._operates, old._state)
        vars(fan_out)["hooking"] = hooking
        for _ in range(5):
            hooking.say("T")
            try:
                await asyncio.wait_for(fan_out.step(), SLOW)
            except TimeoutError:
                break
        for task in hooking.senders._rounds.values():
            task.cancel()
        await asyncio.gather(*hooking.senders._rounds.values(), return_exceptions=True)
        return sum(each.row.subscription == "prompt" for each in hooking.queue._rows.values())


async def test_fan_out_waits_for_no_receiver() -> None:
    assert await fanned_out_beside_a_hanging_receiver(hook_fan_out.HookFanOut) == 5


async def test_a_fan_out_that_waits_for_a_sender_would_be_seen() -> None:
    assert await fanned_out_beside_a_hanging_receiver(WaitsForASender) < 5


HANGS, HALF = 2.0, 0.5  # seconds until a call is given up; what is looked at of them
ENOUGH = 10  # of fifteen others


async def beside_a_slow_ticket(lanes: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the other tickets' events are there while one ticket's receiver does not answer."""
    monkeypatch.setattr(hook_poster, "WITHIN", HANGS)
    hooking, count = Hooking(), 16

    def answer(hook: ReceivedHook) -> int:
        return HANG if hook.event["subject"] == "T0" else OK

    async with receiver(answer) as there:
        await hooking.subscribe("s", there.url)
        for nth in range(count):
            hooking.say(f"T{nth}")
        await hooking.fan_out.step()
        senders = hooking.sending(lanes)
        senders._begin_rounds()
        rounds = asyncio.gather(*senders._rounds.values())
        came = await _came_while(there, rounds)
        await rounds
    return came


async def _came_while(there: HookReceiver, rounds: asyncio.Future[Any]) -> int:
    """The others' events that are there before the call that hangs is given up."""
    with suppress(AssertionError):
        await eventually(lambda: _others(there) >= ENOUGH or rounds.done(), "fewer came", HANGS * HALF)
    return _others(there)


def _others(there: HookReceiver) -> int:
    return sum(each.event["subject"] != "T0" for each in there.received)


async def test_a_ticket_whose_answer_hangs_holds_up_one_lane_of_eight(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await beside_a_slow_ticket(8, monkeypatch) >= ENOUGH


async def test_a_sender_without_lanes_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await beside_a_slow_ticket(1, monkeypatch) < ENOUGH


async def test_in_two_processes_each_sends_what_it_holds() -> None:
    hooking = Hooking()
    await hooking.subscribe("s", "http://127.0.0.1:1/")
    for nth in range(20):
        hooking.say(f"T{nth}")
    await hooking.fan_out.step()
    halves = [await hooking.queue.due("s", half, hooking.wall, 100) for half in (range(32), range(32, 64))]
    ids = [{row.id for row in half} for half in halves]
    assert (len(ids[0] | ids[1]), ids[0] & ids[1]) == (20, set())
