"""What documents know of their own position: an older backup reads again what it lacks, an older log is refused."""

from collections.abc import AsyncIterator

import pytest

from runtime.delivery.ports import LogLost
from runtime.delivery.records import Outgoing
from runtime.kafka import beginning
from runtime.kafka.bus import Bus
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import Mongo
from runtime.mongo.position_marks import MongoPositionMarks
from tests.adapters.test_logs import read
from tests.stack import Stack

pytestmark = pytest.mark.stack
PLACE = ("tickets/1", 4)


@pytest.fixture
async def bus(stack: Stack, namespace: str) -> Bus:
    """Six records in one partition, of which the group has read all."""
    made = stack.bus(namespace)
    await create_topics(made)
    await lay_positions(made, {"sla.loop": ("tickets",)})
    writer = KafkaWriter(made)
    await writer.publish([Outgoing("tickets", 4, "T", [("ce_type", b"X")], str(nth).encode()) for nth in range(6)])
    await writer.stop()
    return made


@pytest.fixture
async def marks(stack: Stack, namespace: str) -> AsyncIterator[MongoPositionMarks]:
    mongo = Mongo(stack.mongodb_uri, namespace)
    yield MongoPositionMarks(mongo.database("sla"), "sla.loop")
    await mongo.close()


async def has_read(bus: Bus, marks: MongoPositionMarks | None, wanted: int) -> list[bytes]:
    """What a process of the group reads after its start."""
    reader = KafkaReader(bus, "sla.loop", ["tickets"], marks=marks)
    try:
        await reader.start()
        return [record.value for record in await read(reader, wanted)]
    finally:
        await reader.stop()


async def test_the_mark_follows_what_is_committed(
    bus: Bus, marks: MongoPositionMarks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "KEEP_EVERY", 0.0)
    assert len(await has_read(bus, marks, 6)) == 6
    assert await marks.known() == {PLACE: 6}


@pytest.mark.parametrize("guarded", [True, False])
async def test_an_older_backup_reads_again_what_the_groups_position_passes_over(
    bus: Bus, marks: MongoPositionMarks, guarded: bool
) -> None:
    await has_read(bus, None, 6)
    await marks.keep({PLACE: 2})  # the backup's
    again = KafkaReader(bus, "sla.loop", ["tickets"], marks=marks if guarded else None)
    await again.start()
    found = [record.value for _ in range(8) for record in await again.fetch(100)][-4:]
    assert found == ([b"2", b"3", b"4", b"5"] if guarded else [])
    await again.stop()


async def test_a_database_that_is_empty_reads_everything_again(bus: Bus, marks: MongoPositionMarks) -> None:
    await has_read(bus, None, 6)
    assert len(await has_read(bus, marks, 6)) == 6


async def test_a_log_that_ends_before_what_the_documents_have_read_is_refused(
    bus: Bus, marks: MongoPositionMarks
) -> None:
    await marks.keep({PLACE: 7})
    with pytest.raises(LogLost, match=r"tickets/1/4: 6 instead of 7.*duban topics --new-epoch"):
        await has_read(bus, marks, 1)


async def test_a_position_before_the_mark_stands(bus: Bus, marks: MongoPositionMarks) -> None:
    """Somebody put the group back on purpose."""
    await marks.keep({PLACE: 6})
    assert len(await has_read(bus, marks, 6)) == 6
