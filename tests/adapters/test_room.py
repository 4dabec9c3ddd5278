"""Room, as the real stores tell it, and what the door does when there is too little."""

import os
import shutil
import tempfile

import pytest

from runtime.delivery.ports import Disk, NoRoom, Unavailable
from runtime.delivery.records import Outgoing
from runtime.kafka.room import KafkaRoom
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import Mongo
from runtime.process.room import Room
from tests.stack import Stack

NEAR = 1 << 30  # bytes that others may write or free on the disk meanwhile


@pytest.mark.stack
async def test_kafka_and_mongodb_tell_how_much_room_their_disks_have(stack: Stack, namespace: str) -> None:
    room, mongo, real = (
        KafkaRoom(stack.bus(namespace)),
        Mongo(stack.mongodb_uri, namespace),
        shutil.disk_usage(tempfile.gettempdir()),
    )
    assert await mongo.disk("intake") is None, "there is no such database yet"
    await mongo.database("intake")["control"].insert_one({"_id": "made"})
    for disk in (await room.disk(), await mongo.disk("intake")):
        assert disk is not None
        assert disk.size > disk.free > 0
        assert abs(disk.size - real.total) < NEAR or os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), "another machine's"
    await room.stop()
    await mongo.close()


@pytest.mark.parametrize(("free", "short"), [(99, True), (100, False), (101, False)])
async def test_below_the_least_nothing_new_is_taken(stack: Stack, free: int, short: bool) -> None:
    async def disk() -> Disk:
        return Disk(free, 1000)

    room = Room("kafka", disk, 100)
    await room.look()
    writer = KafkaWriter(stack.bus("nobody"), admit=room.refuse_short)
    assert room.is_short is short
    if short:
        with pytest.raises(NoRoom, match="DUBAN_DISK_LEAST=100"):
            await writer.publish([Outgoing("tickets", 0, "T", [], b"")])
    else:
        room.refuse_short()


async def test_what_is_not_known_refuses_nobody_and_what_was_seen_last_holds() -> None:
    told: list[Disk | None] = [None, Disk(1, 1000)]

    async def disk() -> Disk | None:
        if not told:
            raise Unavailable("kafka: silent")
        return told.pop(0)

    room = Room("kafka", disk, 100)
    await room.look()
    seen = [room.is_short]
    await room.look()
    seen.append(room.is_short)
    with pytest.raises(Unavailable):
        await room.look()
    assert [*seen, room.is_short] == [False, True, True]
