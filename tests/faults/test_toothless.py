"""Each guard on the real stack, with and without it: without, what it prevents is seen to happen."""

import asyncio
import signal
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contracts.envelope import type_of
from deploy.local.state import free_port
from runtime.delivery.records import Incoming
from tests.faults.crew import PHONE, WITHIN, Crew
from tests.faults.test_stores_fail import again, kill
from tests.faults.waiting import until
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
FEW = 120
PATIENT = 4.0  # seconds without an answer: a broker that stands still acknowledges nothing
UNGUARDED = 60.0  # seconds for as many that nobody acknowledges
LOST_ONE = 'duban_loop_writes_lost_total{service="intake"} 1.0'
UNCLEAR = {"title": "反映", "content": "请处理。"}  # intake itself decides what becomes of it


@pytest.mark.timeout(500)
async def test_commit_first_loses_what_a_crash_interrupts(team: Crew, tmp_path: Path) -> None:
    """The guarded loop dies at the same point in test_killed_loops.py, and loses nothing.

    A guarded loop that comes after it would read again what its documents lack: the marks beside them are a guard, too.
    """
    team.start_toothless("commit_first", "intake", CRASH_AT="loaded:2")
    numbers = await team.submit_until_dead("intake", tmp_path / "acknowledged")
    team.start_toothless("commit_first", "intake")
    await team.until_read("intake")
    assert 0 < len(await team.lost(numbers)) < len(numbers)
    assert any("V1" in finding.invariant for finding in await team.verify(numbers))


@pytest.mark.timeout(500)
@pytest.mark.parametrize("guarded", [True, False])
async def test_acknowledged_means_written(team: Crew, breakable: OwnStack, tmp_path: Path, guarded: bool) -> None:
    """The broker stands still, takes messages into its sockets, and dies: only acks=all knows that they are lost."""
    assert breakable.broker.process is not None
    if not guarded:
        team.kill("intake-api")
        team.start_toothless("no_acknowledgement", "intake", "api")
    team.start_loop("intake")
    first = await team.submit(FEW, tmp_path / "acknowledged")
    await team.until(lambda log: len(_registered(log)) == FEW)
    breakable.broker.process.send_signal(signal.SIGSTOP)
    second = asyncio.create_task(team.submit(FEW, tmp_path / "acknowledged"))
    await asyncio.wait([second], timeout=PATIENT if guarded else UNGUARDED)
    assert second.done() is not guarded
    kill(breakable.broker)
    await again(breakable.broker)
    numbers = [*first, *await second]
    await team.until_read("intake")
    lost = await team.lost(numbers)
    assert (lost == []) is guarded
    assert set(lost) <= set(numbers[FEW:])
    if guarded:
        assert await team.verify(numbers) == []


def _registered(log: Iterable[Incoming]) -> set[str]:
    return {record.key for record in log if type_of(record.headers) == "TicketRegistered"}


@pytest.mark.timeout(500)
@pytest.mark.parametrize("guarded", [True, False])
async def test_a_zombie_cannot_write(team: Crew, guarded: bool) -> None:
    """intake's loop freezes with a matter in its hands; another takes its place and its work; it wakes up."""
    if guarded:
        team.start_loop("intake", CRASH_AT="loaded:1:freeze")
    else:
        team.start_toothless("no_version_guard", "intake", CRASH_AT="loaded:1:freeze")
    number, code = await _register(team)
    await team.until_frozen("intake")
    team.children["zombie"] = team.children.pop("intake")
    team.start_loop("intake", DUBAN_LOOP_PORTS_FROM=str(free_port()))
    await team.until(lambda log: any(type_of(record.headers) == "TicketScreenedOut" for record in log))
    await _insist(team, f"/v1/tickets/{number}/withdrawal", 200, headers={"Query-Code": code})
    before = await team.version(number)
    team.thaw("zombie")
    await until(lambda: _has_tried(team, number, before, guarded), "the zombie did not try to write")
    team.kill("zombie")
    await team.until_read("intake")
    found = await team.verify([number])
    assert found == [] if guarded else any("behind" in finding.wrong for finding in found)


async def _has_tried(team: Crew, number: str, before: int, guarded: bool) -> bool:
    """A guarded zombie has lost against the version; one without the guard has put an older one there."""
    if not guarded:
        return await team.version(number) != before
    async with httpx2.AsyncClient(trust_env=False) as client:
        metrics = (await client.get(f"http://127.0.0.1:{team.port('intake')}/metrics")).text
    return LOST_ONE in metrics


@pytest.mark.timeout(500)
@pytest.mark.parametrize("guarded", [True, False])
async def test_a_message_is_written_down_before_it_is_sent(team: Crew, tmp_path: Path, guarded: bool) -> None:
    """The gateway takes a message and is silent; the deliverer dies waiting; the next one looks the message up."""
    _start_notify(team, guarded)
    team.start_loop("intake")
    await team.gateway("PUT", "/mode/accept_then_hang")
    numbers = await team.submit(1, tmp_path / "acknowledged")
    await until(lambda: _counts(team, "messages"), "nothing was sent")
    team.kill("notify")
    await team.gateway("PUT", "/mode/accept")
    _start_notify(team, guarded)
    if guarded:
        await team.until_told(numbers)
    else:
        await until(lambda: _counts(team, "sent_twice"), "it was not sent again")
    assert (await _counts(team, "sent_twice")) is not guarded
    assert (await team.gateway())["messages"] == 1


@pytest.mark.timeout(500)
@pytest.mark.parametrize("guarded", [True, False])
async def test_what_is_written_down_names_the_letter(team: Crew, tmp_path: Path, guarded: bool) -> None:
    """The gateway takes registration and assignment in one letter; the deliverer dies before it records that."""
    for name in ("intake", "routing"):
        team.start_loop(name)
    numbers = await team.submit(1, tmp_path / "acknowledged")
    await team.until_routed(numbers)
    await team.gateway("PUT", "/mode/accept_then_hang")
    _start_notify(team, guarded, "no_letter")
    await until(lambda: _has_got(team), "nothing was sent")
    team.kill("notify")
    await team.gateway("PUT", "/mode/accept")
    _start_notify(team, guarded, "no_letter")
    if guarded:
        await team.until_told(numbers)
    else:
        await until(lambda: _counts(team, "sent_twice"), "it was not sent again", WITHIN)
    assert (await _counts(team, "sent_twice")) is not guarded
    (text,) = await _inbox(team)
    assert ("已登记" in text, "已交" in text) == (True, True)


async def _has_got(team: Crew) -> bool:
    return bool(await _inbox(team))


async def _inbox(team: Crew) -> list[str]:
    found: list[str] = (await team.gateway("GET", f"/inbox/{PHONE}"))["texts"]
    return found


def _start_notify(team: Crew, guarded: bool, guard: str = "no_journal") -> None:
    team.start_loop("notify") if guarded else team.start_toothless(guard, "notify")


async def _counts(team: Crew, what: str) -> bool:
    return bool((await team.gateway())[what])


async def _register(team: Crew) -> tuple[str, str]:
    receipt = await _insist(team, "/v1/submissions", 201, json=UNCLEAR)
    return receipt["number"], receipt["query_code"]


async def _insist(team: Crew, path: str, wanted: int, headers: Mapping[str, str] = {}, **more: Any) -> Any:
    """The same call until it is answered as wanted."""
    headers = {"Idempotency-Key": str(uuid.uuid4())} | dict(headers)
    async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
        for _ in range(100):
            answer = await client.post(team.url("intake", path), headers=headers, **more)
            if answer.status_code == wanted:
                return answer.json()
            await asyncio.sleep(0.5)
    raise AssertionError(answer.text)
