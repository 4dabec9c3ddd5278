"""A second kind of document of a service: a topic, a group, a label and dead letters of its own; the same loop."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli import dead_letters, kinds
from cli.verify import stored
from contracts.envelope import Actor
from contracts.topics import AFFAIRS, SERVICES, partition_of
from runtime.clock import Clock
from runtime.delivery.service import Service, SplitDiffers
from runtime.http.requests import RequestDesk, outgoing
from runtime.memory.log import InMemoryWriter
from runtime.process.part import Part
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings
from tests.harness import MONDAY, Stage, fact
from tests.unit.runtime.counting import Add, NumberAdded, NumberTold, Opened, Sum, add, counting

DRAW = "draw/431226-2026"


def affairs() -> Service[Sum]:
    return counting(says="affairs", part="affairs")


def test_a_kind_is_named_by_its_service_and_its_part() -> None:
    first, second = counting(), affairs()
    assert (first.label, first.group, first.logs, first.collection) == ("sum", "sum.loop", ("tickets",), "tickets")
    assert (second.label, second.group, second.logs) == ("sum.affairs", "sum.affairs", ("affairs",))


def test_logs_that_are_split_otherwise_are_not_read_together() -> None:
    with pytest.raises(SplitDiffers, match=r"sum\.affairs"):
        counting(says="affairs", part="affairs", logs=("tickets", "affairs"))


async def test_facts_requests_and_knocks_go_to_the_topic_of_the_kind() -> None:
    stage = Stage(affairs())
    stage.say(fact(Opened(), seq=1, key=DRAW), topic="affairs")
    desk = RequestDesk(stage.service, stage.store, InMemoryWriter(stage.log), stage.clock)
    await desk.put([desk.request(DRAW, Add(number=3), Actor(role="unit"), "a-key")])
    await stage.run()
    stage.pass_time(timedelta(days=2))
    await stage.run()
    assert [fact.body.number for fact in stage.facts([NumberAdded], "affairs")]
    assert stage.log.of_topic("tickets") == []
    assert {record.partition for record in stage.log.of_topic("affairs")} == {partition_of(DRAW, AFFAIRS.partitions)}
    assert stage.log.positions["sum.affairs"]
    assert not stage.log.positions["sum.loop"]


async def test_the_letters_of_a_part_are_replayed_by_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    wiring = SimpleNamespace(
        of=lambda _: counting(),
        build=counting,
        PARTS={"affairs": Part(_nothing, of=lambda _: affairs(), build=affairs)},
    )
    for module in (kinds, dead_letters):
        monkeypatch.setattr(module, "wiring_of", lambda _service: wiring)
    platform = InMemoryPlatform(Settings(), Clock(wall=lambda: MONDAY))
    stage = Stage(affairs())
    stage.say(fact(NumberTold(number=13), seq=1, key=DRAW), topic="affairs")
    await stage.run()
    assert len(await stage.store.parked()) == 1
    platform.store(affairs()).letters.update(stage.store.letters)
    platform.store(affairs()).records.update(stage.store.records)
    assert await dead_letters.replayed(platform, "sum") == 0, "the main kind has none"
    assert await dead_letters.replayed(platform, "sum.affairs") == 1


def test_the_letters_and_documents_of_every_kind_are_found_without_a_key_of_its_service() -> None:
    found = list(kinds.kinds())
    databases: Any = SimpleNamespace(database=lambda name: defaultdict(lambda: name))
    assert {each.label for each in found} >= set(SERVICES)
    assert [stored._letters(databases, each) for each in found] == [each.service for each in found]
    assert all(each.build().collection for each in kinds.speaking())
    assert {each.label for each in found} - {each.label for each in kinds.speaking()} == {"portal"}


async def _nothing(_platform: Any) -> list[Any]:
    await asyncio.sleep(0)
    return []


def test_a_partition_follows_from_the_topic() -> None:
    assert outgoing(add(1, key=DRAW), "affairs").partition == partition_of(DRAW, 8)
    assert outgoing(add(1, key=DRAW), "tickets").partition == partition_of(DRAW, 64)
