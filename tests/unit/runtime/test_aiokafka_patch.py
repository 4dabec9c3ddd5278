"""What aiokafka takes wrongly: positions that a broker still loads, a connection that was closed under uvloop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
import uvloop
from aiokafka import TopicPartition, conn
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupLoadInProgressError,
    KafkaConnectionError,
    NotCoordinatorForGroupError,
)
from aiokafka.protocol.commit import OffsetFetchResponse_v3
from aiokafka.protocol.metadata import MetadataRequest

from runtime.kafka.aiokafka_patch import CandidConnection, HeedfulCoordinator

PLACE = TopicPartition("tickets", 3)
FOUND = OffsetFetchResponse_v3(0, [("tickets", [(3, 42, "", 0)])], 0)


class AnsweringBroker:
    """Answers an OffsetFetch with what it was given, in order."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    async def send(self, _node: int, _request: Any, group: Any) -> Any:
        return self.answers.pop(0)


def coordinator(kind: Any, *answers: Any) -> Any:
    """Of a group whose broker gives these answers."""
    made = kind.__new__(kind)
    made._client, made.group_id, made.coordinator_id, made._retry_backoff_ms = AnsweringBroker(*answers), "group", 1, 0
    made.ensure_coordinator_known, made.coordinator_dead = _known, lambda: None
    return made


async def _known() -> None: ...


def refused(code: int) -> Any:
    """As Kafka says it from version 2 on: no partitions, an error for the group."""
    return OffsetFetchResponse_v3(0, [], code)


@pytest.mark.parametrize("error", [GroupLoadInProgressError, NotCoordinatorForGroupError])
async def test_a_coordinator_that_is_not_ready_is_asked_again(error: Any) -> None:
    found = await coordinator(HeedfulCoordinator, refused(error.errno), FOUND).fetch_committed_offsets([PLACE])
    assert found[PLACE].offset == 42


async def test_a_group_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        await coordinator(HeedfulCoordinator, refused(GroupAuthorizationFailedError.errno)).fetch_committed_offsets(
            [PLACE]
        )


async def test_aiokafka_alone_takes_it_for_no_position() -> None:
    """When this fails, aiokafka has mended it: runtime/kafka/aiokafka_patch.py can go."""
    assert await coordinator(GroupCoordinator, refused(14)).fetch_committed_offsets([PLACE]) == {}


async def connected(kind: Any, to: Any) -> Any:
    """A connection to a server of which no versions are asked."""
    made = kind(*to.sockets[0].getsockname())
    made._do_version_lookup, made._versions = _known, {MetadataRequest.API_KEY: (0, 5)}
    await made.connect()
    return made


async def after_it_was_cut(kind: Any) -> tuple[Any, Exception | None]:
    """A connection that somebody asks when it was cut and its reader does not know yet, and what that raises."""
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        made = await connected(kind, server)
        made._writer.transport.abort()
        await asyncio.sleep(0)
        why = _asked(made)
        await gone.wait()
    return made, why


def _asked(made: Any) -> Exception | None:
    try:
        made.send(MetadataRequest([]))
    except Exception as why:
        return why
    return None


def on_uvloop(main: Coroutine[Any, Any, Any]) -> Any:
    """What it returns on the loop of a running service."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def test_a_connection_that_was_cut_says_so_in_a_word_that_aiokafka_knows() -> None:
    made, why = on_uvloop(after_it_was_cut(CandidConnection))
    assert isinstance(why, KafkaConnectionError)
    assert not made.connected()


def test_aiokafka_alone_lets_it_end_whoever_asked() -> None:
    """When this fails, aiokafka has mended it: CandidConnection can go."""
    _, why = on_uvloop(after_it_was_cut(conn.AIOKafkaConnection.__mro__[1]))
    assert type(why) is RuntimeError


def test_every_client_of_this_process_gets_a_mended_one() -> None:
    assert conn.AIOKafkaConnection is CandidConnection
