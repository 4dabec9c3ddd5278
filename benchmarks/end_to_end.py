"""Submission → routed → clock started → reporter told, beside the contract's own floor, all on this machine."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from secrets import token_bytes
from typing import Any

import orjson

from benchmarks import floor
from benchmarks.bench import Ground, Result, costs, in_turn, publish_all
from contracts import identifiers
from contracts.envelope import Body, Kind, Message, type_of
from contracts.messages import intake
from contracts.topics import SERVICES
from deploy.local.state import free_port, row_of_ports
from runtime.clock import system_wall
from runtime.delivery.records import Outgoing
from runtime.http.requests import outgoing
from runtime.identity import seals
from runtime.ids import id_of
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.writer import KafkaWriter
from runtime.process.configuration import Configuration

SUBMISSIONS = 12_000
TARGET = 0.50
ROUNDS = 1
WITHIN = 240.0  # seconds for one round
LOOPS = ("intake", "routing", "sla", "notify", "feedback")
PACED = 15  # seconds at half of the rate
CALM = 5.0  # seconds before that
STAGES = ("TicketRegistered", "TicketAssigned", "DeadlineSet", "told")
WARM = 1_000  # submissions before the clock runs

Timed = tuple[float, dict[str, float]]
"""Tickets a second, and milliseconds of processor time a ticket by process."""


async def measure(ground: Ground) -> Result:
    """Tickets a second from the first submission to the last reporter told."""

    by_process: dict[str, dict[str, float]] = {}

    async def mine() -> float:
        rate, by_process["product"] = await _product(ground)
        return rate

    async def bare() -> float:
        rate, by_process["floor"] = await _floor(ground)
        return rate

    result = await in_turn("submission to notified", "tickets/s", TARGET, ROUNDS, mine, bare)
    result.costs.update(by_process)
    return result


async def _product(ground: Ground) -> Timed:
    there, ports = await ground.fresh(), {"DUBAN_LOOP_PORTS_FROM": str(row_of_ports(len(SERVICES)))}
    ports["DUBAN_PART_PORTS_FROM"] = str(free_port())
    gateway = str(free_port())
    with ExitStack() as running:
        running.enter_context(there.process("-m", "deploy.local.sms_gateway", "--port", gateway))
        more = ports | {"DUBAN_SMS_URL": f"http://127.0.0.1:{gateway}"}
        for name in LOOPS:
            running.enter_context(there.process("-m", "cli", "serve", name, "loop", **more))
        running.enter_context(there.process("-m", "cli", "serve", "notify", "feed", **more))
        key = await _day_key(there)
        timed = await _timed(there, lambda count, first: _submissions(there, key, count, first), _told)
        await _latency(there, lambda count, first: _submissions(there, key, count, first), timed[0] / 2)
        _print_peaks(there)
    await there.forget()
    return timed


async def _floor(ground: Ground) -> Timed:
    there = await ground.fresh(floor.GROUPS)
    with ExitStack() as running:
        for name in (*floor.REACTS, "ledger"):
            running.enter_context(there.process("-m", "benchmarks.floor", name))
        timed = await _timed(there, _zeros, _fourth)
    await there.forget()
    return timed


async def _timed(
    ground: Ground,
    messages: Callable[[int, int], list[Outgoing]],
    is_end: Callable[[str, Mapping[str, bytes], bytes], bool],
) -> Timed:
    """Publish, and wait until every ticket has come to its end."""
    writer, follower = KafkaWriter(ground.bus), KafkaFollower(ground.bus, "tickets")
    ends: set[str] = set()
    await publish_all(writer, messages(WARM, 0))
    await _until(follower, ends, is_end, WARM)
    batch = messages(SUBMISSIONS, WARM)
    before, began = ground.spent(), time.perf_counter()
    publishing = asyncio.create_task(publish_all(writer, batch))
    await _until(follower, ends, is_end, WARM + SUBMISSIONS)
    rate = SUBMISSIONS / (time.perf_counter() - began)
    spent = costs(before, ground.spent(), SUBMISSIONS)
    await publishing
    await writer.stop()
    await follower.stop()
    return rate, spent


async def _latency(ground: Ground, messages: Callable[[int, int], list[Outgoing]], rate: float) -> None:
    """Prints how long people wait at this rate, from the submission to the message, and what for."""
    writer, follower = KafkaWriter(ground.bus), KafkaFollower(ground.bus, "tickets")
    batch = messages(int(rate * PACED), WARM + SUBMISSIONS)
    sent, seen = dict[str, float](), {stage: dict[str, float]() for stage in STAGES}
    await _calm(follower)
    pacing = asyncio.create_task(_paced(writer, batch, rate, sent))
    until = time.perf_counter() + WITHIN
    while len(seen["told"]) < len(batch) and time.perf_counter() < until:
        for record in await follower.fetch():
            stage = _stage(type_of(record.headers), dict(record.headers), record.value)
            if stage and record.key in sent:
                seen[stage].setdefault(record.key, time.perf_counter())
    await pacing
    print(f"  at {rate:.0f} tickets/s, half of it, {len(seen['told'])} of {len(batch)} told:")
    for stage in STAGES:
        waited = sorted(at - sent[ticket] for ticket, at in seen[stage].items())
        print(f"    {stage:<16} p50 {waited[len(waited) // 2]:.2f} s, p99 {waited[int(len(waited) * 0.99)]:.2f} s")
    await writer.stop()
    await follower.stop()


async def _calm(follower: KafkaFollower) -> None:
    """What the rush has left behind is done, and read."""
    await asyncio.sleep(CALM)
    await follower.fetch()
    while await follower.is_behind():
        await follower.fetch()


def _stage(kind: str, headers: Mapping[str, bytes], value: bytes) -> str:
    return "told" if _told(kind, headers, value) else kind if kind in STAGES else ""


async def _paced(writer: KafkaWriter, batch: list[Outgoing], rate: float, sent: dict[str, float]) -> None:
    """Twenty times a second what has come since."""
    began, done = time.perf_counter(), 0
    while done < len(batch):
        await asyncio.sleep(0.05)
        now = time.perf_counter()
        due = batch[done : int((now - began) * rate)]
        sent.update({each.key: now for each in due})
        await publish_all(writer, due)
        done += len(due)


def _print_peaks(ground: Ground) -> None:
    peaks = sorted(ground.peaks().items(), key=lambda each: -each[1])
    print("  memory at most: " + ", ".join(f"{name} {mb:.0f} MB" for name, mb in peaks))


async def _until(follower: KafkaFollower, ends: set[str], is_end: Any, wanted: int) -> None:
    async with asyncio.timeout(WITHIN):
        while len(ends) < wanted:
            for record in await follower.fetch():
                if is_end(type_of(record.headers), dict(record.headers), record.value):
                    ends.add(record.key)


def _told(kind: str, headers: Mapping[str, bytes], value: bytes) -> bool:
    """The reporter was told of the assignment."""
    if kind != "PersonNotified":
        return False
    body = orjson.loads(value)
    return bool(body["kind"] == "assigned" and body["audience"] == "reporter")


def _fourth(kind: str, headers: Mapping[str, bytes], value: bytes) -> bool:
    return kind == "Four"


def _zeros(count: int, first: int) -> list[Outgoing]:
    words = "高村镇农贸市场门口停水三天，请尽快修复。" * 6
    return [_message(f"T{nth:025d}", floor.Zero(words=words)) for nth in range(first, first + count)]


def _message(ticket: str, body: Body) -> Outgoing:
    now = system_wall()
    fact = Message(
        id=id_of("bench", ticket),
        type=type(body).__name__,
        kind=Kind.FACT,
        key=ticket,
        producer="intake",
        at=now,
        time=now,
        body=body,
    )
    return outgoing(fact, "submissions")


async def _day_key(ground: Ground) -> intake.DayKeyPublished:
    """The key that intake's loop publishes when it is up."""
    follower = KafkaFollower(ground.bus, "configuration")
    configuration = Configuration(follower, [intake.DayKeyPublished])
    async with asyncio.timeout(90):
        while not configuration.all(intake.DayKeyPublished):
            await configuration.catch_up()
    await follower.stop()
    return min(configuration.all(intake.DayKeyPublished).values(), key=lambda key: key.day)


def _submissions(ground: Ground, key: intake.DayKeyPublished, count: int, first: int) -> list[Outgoing]:
    """Sealed submissions as the door makes them, each clear enough to be assigned by rule."""
    public, secret = seals.from_text(key.public), ground.environment["DUBAN_CODE_SECRET"].encode()
    return [_sealed(nth, public, key.key, secret) for nth in range(first, first + count)]


def _sealed(nth: int, public: bytes, day_key: str, secret: bytes) -> Outgoing:
    key = f"b{nth}"
    ticket = identifiers.ticket_id(secret, "web", "", key)
    content = {
        "title": "自来水停水三天",
        "content": f"麻阳县高村镇农贸市场旁第{nth}号楼自来水停水三天，水压低，打过电话没有来修，请尽快抢修。",
        "place": "高村镇农贸市场",
        "division": "431226",
        "reporter": {"phone": f"139{nth:08d}", "channel": "sms"},
    }
    body = orjson.dumps(content)
    digest = identifiers.keyed(secret, "body", body).hex()
    plain = b'{"content":' + body + b',"codes":' + orjson.dumps([key.ljust(10, "0")]) + b"}"
    fact = intake.SubmissionReceived(
        number=identifiers.number_of(ticket, "431226"),
        channel="web",
        door="431226",
        principal="",
        body_digest=digest,
        body_form=1,
        day_key=day_key,
        sealed=seals.to_text(seals.seal_to(public, f"{ticket}/submission", plain, token_bytes)),
    )
    return _message(ticket, fact)
