"""A restarted broker that still loads its positions is waited for: it has not lost them."""

from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import GroupAuthorizationFailedError, GroupLoadInProgressError, NotCoordinatorForGroupError
from aiokafka.protocol.commit import OffsetFetchResponse_v3

from runtime.kafka.aiokafka_patch import HeedfulCoordinator

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
