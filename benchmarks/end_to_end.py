"""Submission → routed → clock started → reporter told, beside the contract's own floor, all on this machine."""

import asyncio
import time
from collections.abc import Mapping

from benchmarks import builds, submissions, turns
from benchmarks.bench import Ground, Result, in_turn, publish_all
from benchmarks.hours import OFFICE, Hour
from benchmarks.turns import Make, TicketLoad
from contracts.envelope import type_of
from runtime.delivery.records import Outgoing
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.writer import KafkaWriter

TARGET = 0.50
ROUNDS = 1
PACED = 15  # seconds at half of the rate
CALM = 5.0  # seconds before that
STAGES = ("TicketRegistered", "TicketAssigned", "DeadlineSet", "told")


async def measure(ground: Ground, hour: Hour = OFFICE) -> Result:
    """Tickets a second from the first submission to the last reporter told."""
    load, by_process = TicketLoad(), dict[str, dict[str, float]]()

    async def mine() -> float:
        turn = await turns.product(ground, builds.here(), hour, load, _waits)
        by_process["product"] = turn.costs
        return turn.rate

    async def bare() -> float:
        turn = await turns.bare(ground, hour, load)
        by_process["floor"] = turn.costs
        return turn.rate

    result = await in_turn(f"submission to told, {hour}", "tickets/s", TARGET, ROUNDS, mine, bare)
    result.costs.update(by_process)
    return result


async def _waits(ground: Ground, make: Make, rate: float) -> None:
    await _latency(ground, make, rate / 2)
    _print_peaks(ground)


async def _latency(ground: Ground, make: Make, rate: float) -> None:
    """Prints how long people wait at this rate, from the submission to the message, and what for."""
    writer, follower = KafkaWriter(ground.bus), KafkaFollower(ground.bus, "tickets")
    batch = make(int(rate * PACED), turns.WARM + turns.SUBMISSIONS)
    sent, seen = dict[str, float](), {stage: dict[str, float]() for stage in STAGES}
    await _calm(follower)
    pacing = asyncio.create_task(_paced(writer, batch, rate, sent))
    until = time.perf_counter() + turns.WITHIN
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
    return "told" if submissions.told(kind, headers, value) else kind if kind in STAGES else ""


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
