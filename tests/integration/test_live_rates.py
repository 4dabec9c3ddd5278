"""The Faust program on a real Kafka: it counts, garbage does not stop it, and killing it harms nothing else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from contracts.envelope import Body
from runtime import pauses
from runtime.clock import Clock, WallTime
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing
from runtime.http.requests import outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.topics import create_topics
from runtime.kafka.writer import KafkaWriter
from services.portal.reading.board.board import Rate
from services.portal.reading.live.rates import FRESH_FOR, FollowedRates
from tests.harness import fact
from tests.stack import Stack
from tests.unit.portal import log

pytestmark = pytest.mark.stack
WITHIN = 60.0  # seconds for the program to join its group and publish


@pytest.fixture
async def bus(stack: Stack, namespace: str) -> Bus:
    bus = stack.bus(namespace)
    await create_topics(bus)
    return bus


@asynccontextmanager
async def stream(bus: Bus) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program, killed at the end as a crash would."""
    environment = os.environ | {"DUBAN_NAMESPACE": bus.namespace, "KAFKA_BOOTSTRAP_SERVERS": bus.servers}
    command = (sys.executable, "-W", "ignore", "-m", "services.portal.reading.live.counting")
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def said(body: Body, ticket: str) -> Outgoing:
    """A fact as it stands in the log now, by the wall."""
    now = Clock().wall()
    return outgoing(fact(body, now, seq=1, producer="intake", key=ticket), "tickets")


async def test_rates_are_counted_by_county_and_vanish_with_the_program(bus: Bus) -> None:
    writer, follower = KafkaWriter(bus), KafkaFollower(bus, "live-rates")
    try:
        await watch(bus, writer, follower)
    finally:
        await follower.stop()
        await writer.stop()


async def watch(bus: Bus, writer: KafkaWriter, follower: KafkaFollower) -> None:
    """The program lives, counts and is killed; the log goes on."""
    wall = [Clock().wall()]
    rates = FollowedRates(follower, Clock(wall=lambda: wall[0]))
    async with stream(bus) as program:
        seen = await until_counted(writer, rates)
        assert program.returncode is None, "it ended by itself"
    assert (seen.county, seen.moved) == ("431226", 0)
    assert seen.registered > 0
    await writer.publish([said(log.registered(), "after")])  # the log goes on without it
    wall[0] = WallTime(wall[0] + 2 * FRESH_FOR)
    assert rates.latest() == ()


async def until_counted(writer: KafkaWriter, rates: FollowedRates) -> Rate:
    """Say facts and garbage until the county shows."""
    never = asyncio.Event()
    async with asyncio.timeout(WITHIN):
        for turn in range(1_000):
            garbage = Outgoing("tickets", 0, "x", [("ce_type", b"TicketRegistered")], b"\xff{")
            with suppress(Unavailable):  # the partitions of a new topic have no leaders for a moment
                await writer.publish([garbage, said(log.registered(), f"t{turn}")])
            await pauses.pause(0.5, never)
            await rates.look()
            if rates.latest():
                return rates.latest()[0]
    raise AssertionError("no rates")
