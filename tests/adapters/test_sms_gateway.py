"""The SMS port over a real HTTP gateway that misbehaves, and in memory: what is promised of any provider."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import orjson
import pytest

from deploy.local.sms_gateway import Gateway, build_app
from deploy.local.state import free_port
from runtime.pauses import pause
from runtime.process.serve import http
from runtime.workers import run_workers
from services.notify.adapters.sms import HttpSms
from services.notify.ports import BATCH, Letter, Outcome
from tests.unit.notify.matters import found, sent

KEY = "the-key-of-this-test"
PATIENT = 30.0  # seconds: on a busy machine an answer takes its time
IMPATIENT = 2.0  # seconds: the gateway hangs for thirty
HANGS = ("hang", "mute", "accept_then_hang")


@dataclass(frozen=True, slots=True)
class SmsLine:
    """The messenger and the gateway at its other end."""

    sms: HttpSms
    hurried: HttpSms
    gateway: Gateway
    url: str


@pytest.fixture(scope="module")
async def line() -> AsyncIterator[SmsLine]:
    """A gateway on a free port."""
    port, stop, app = free_port(), asyncio.Event(), build_app(KEY)
    serving = asyncio.create_task(run_workers([http("sms-gateway", app, "127.0.0.1", port)], stop))
    url = f"http://127.0.0.1:{port}"
    sms, hurried = HttpSms(url, KEY, timeout=PATIENT), HttpSms(url, KEY, timeout=IMPATIENT)
    async with asyncio.timeout(30):
        while await found(sms, "is-it-there") is not Outcome.NOT_SENT:
            await pause(0.02, stop)
    yield SmsLine(sms, hurried, app.state.gateway, url)
    await sms.close()
    await hurried.close()
    stop.set()
    await serving


@pytest.fixture(autouse=True)
def behaved(line: SmsLine) -> None:
    """Each test begins with a gateway that accepts."""
    line.gateway.mode = "accept"


def letter(name: str) -> Letter:
    """A message with a reference of its own."""
    return Letter(f"reference-{name}", "+8613800000009", "", f"短信 {name}")


@pytest.mark.parametrize(
    ("mode", "outcome", "then", "arrived"),
    [
        ("accept", Outcome.SENT, Outcome.SENT, 1),
        ("accept_twice", Outcome.SENT, Outcome.SENT, 1),
        ("refuse", Outcome.FAILED, Outcome.NOT_SENT, 0),
        ("busy", Outcome.NOT_SENT, Outcome.NOT_SENT, 0),
        ("broken", Outcome.NOT_SENT, Outcome.NOT_SENT, 0),
        ("misrouted", Outcome.NOT_SENT, Outcome.NOT_SENT, 0),
        ("hang", Outcome.UNKNOWN, Outcome.NOT_SENT, 0),
        ("mute", Outcome.UNKNOWN, Outcome.UNKNOWN, 0),
        ("accept_then_hang", Outcome.UNKNOWN, Outcome.SENT, 1),
    ],
)
async def test_what_a_gateway_does_is_told_apart(
    line: SmsLine, mode: str, outcome: Outcome, then: Outcome, arrived: int
) -> None:
    line.gateway.mode = mode  # type: ignore[assignment]
    message = letter(mode)
    sms = line.hurried if mode in HANGS else line.sms
    assert await sent(sms, message) is outcome
    assert await found(sms if mode == "mute" else line.sms, message.reference) is then
    assert line.gateway.deliveries.get(message.reference, 0) == arrived


async def test_a_batch_goes_in_one_call_and_each_letter_has_its_own_answer(line: SmsLine) -> None:
    before, letters = line.gateway.calls["accept"], [letter(f"batch-{nth}") for nth in range(BATCH)]
    assert set((await line.sms.send(letters)).values()) == {Outcome.SENT}
    assert line.gateway.calls["accept"] == before + 1
    sought = [each.reference for each in letters[: BATCH - 1]] + ["reference-never"]
    answers = await line.sms.look_up(sought)
    assert [answers[each] for each in sought] == [Outcome.SENT] * (BATCH - 1) + [Outcome.NOT_SENT]


async def test_one_letter_that_the_gateway_cannot_take_costs_the_others_nothing(line: SmsLine) -> None:
    good, bad = letter("good"), Letter("reference-bad", "+8613800000009", "", "长" * 3000)
    assert await line.sms.send([good, bad]) == {good.reference: Outcome.SENT, bad.reference: Outcome.FAILED}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"statuses": 3}', b'{"statuses": {"other": 202}}'])
async def test_of_what_the_gateway_does_not_name_nobody_knows(content: bytes) -> None:
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=content))
    sms = HttpSms("http://gateway", KEY, httpx2.AsyncClient(transport=transport))
    assert await sent(sms, letter("unnamed")) is Outcome.UNKNOWN
    await sms.close()


async def test_the_reference_makes_a_message_once(line: SmsLine) -> None:
    message = letter("once")
    assert [await sent(line.sms, message) for _ in range(3)] == [Outcome.SENT] * 3
    assert line.gateway.deliveries[message.reference] == 1


async def test_what_a_slow_gateway_takes_late_is_there_later_and_goes_once_whatever_comes_again(line: SmsLine) -> None:
    line.gateway.mode, line.gateway.late = "accept_late", 2 * IMPATIENT
    message = letter("late")
    assert await sent(line.hurried, message) is Outcome.UNKNOWN
    assert await found(line.sms, message.reference) is Outcome.NOT_SENT
    line.gateway.mode = "accept"
    assert await sent(line.sms, message) is Outcome.SENT
    async with asyncio.timeout(30):
        while line.gateway.calls["taken late"] == 0:
            await pause(0.05, asyncio.Event())
    assert line.gateway.deliveries[message.reference] == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.UNKNOWN),
        (301, Outcome.NOT_SENT),
        (308, Outcome.NOT_SENT),
        (400, Outcome.FAILED),
        (401, Outcome.NOT_SENT),
        (403, Outcome.NOT_SENT),
        (404, Outcome.NOT_SENT),
        (405, Outcome.NOT_SENT),
        (410, Outcome.NOT_SENT),
        (413, Outcome.FAILED),
        (415, Outcome.NOT_SENT),
        (422, Outcome.FAILED),
        (429, Outcome.NOT_SENT),
        (502, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
    ],
)
async def test_only_a_letter_is_refused_for_good_never_a_call(status: int, outcome: Outcome) -> None:
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(status, content=b"{}"))
    sms = HttpSms("http://gateway", KEY, httpx2.AsyncClient(transport=transport))
    assert await sent(sms, letter("status")) is outcome
    await sms.close()


@pytest.mark.parametrize(
    ("status", "outcome"), [(202, Outcome.SENT), (404, Outcome.FAILED), (410, Outcome.FAILED), (429, Outcome.NOT_SENT)]
)
async def test_what_is_said_of_one_letter_is_about_that_letter(status: int, outcome: Outcome) -> None:
    content = orjson.dumps({"statuses": {"reference-one": status}})
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=content))
    sms = HttpSms("http://gateway", KEY, httpx2.AsyncClient(transport=transport))
    assert await sent(sms, letter("one")) is outcome
    await sms.close()


async def test_a_gateway_that_sets_no_deadline_promises_nothing() -> None:
    sms = HttpSms("http://gateway", KEY, deadline=timedelta(0))
    assert sms.promise is None
    await sms.close()


async def test_a_gateway_that_delivers_twice_is_found_out(line: SmsLine) -> None:
    line.gateway.mode = "accept_twice"
    message = letter("found-out")
    for _ in range(2):
        await sent(line.sms, message)
    assert line.gateway.deliveries[message.reference] == 2


async def test_a_gateway_that_is_away_got_nothing() -> None:
    sms = HttpSms(f"http://127.0.0.1:{free_port()}", KEY, timeout=PATIENT)
    assert await sent(sms, letter("away")) is Outcome.NOT_SENT
    assert await found(sms, "reference-away") is Outcome.UNKNOWN
    await sms.close()


async def test_with_a_wrong_key_nothing_is_delivered_and_all_waits_until_it_is_mended(line: SmsLine) -> None:
    stranger = HttpSms(line.url, "another key", timeout=PATIENT)
    message = letter("stranger")
    assert await sent(stranger, message) is Outcome.NOT_SENT
    assert message.reference not in line.gateway.accepted
    await stranger.close()


@pytest.mark.parametrize("status", [502, 504])
async def test_a_proxy_that_gives_up_says_nothing_about_the_gateway(status: int) -> None:
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(status))
    sms = HttpSms("http://gateway", KEY, httpx2.AsyncClient(transport=transport))
    assert await sent(sms, letter("proxy")) is Outcome.UNKNOWN
    await sms.close()


async def test_a_phone_reads_what_it_got(line: SmsLine) -> None:
    message = Letter("reference-inbox", "+8613800000777", "", "您好")
    await sent(line.sms, message)
    async with httpx2.AsyncClient() as client:
        inbox = (await client.get(f"{line.url}/inbox/{message.address}")).json()
        nobody = (await client.get(f"{line.url}/inbox/nobody")).json()
    assert (inbox, nobody) == ({"texts": ["您好"]}, {"texts": []})
