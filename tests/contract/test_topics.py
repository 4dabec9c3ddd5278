"""The topic catalogue promises what cannot be changed later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import topics
from contracts.topics import Topic


def test_the_ticket_log_is_kept_for_ever_and_never_compacted() -> None:
    assert topics.TICKETS.retention_days is None
    assert not topics.TICKETS.compacted


@pytest.mark.parametrize(
    ("key", "partition"), [("", 0), ("a", 3), ("01ARZ3NDEKTSV4RRFFQ69G5FAV", 13), ("123456789", 38)]
)
def test_the_partition_of_a_key_never_changes(key: str, partition: int) -> None:
    """CRC-32 of "123456789" is 0xCBF43926 by its definition: 38 modulo 64."""
    assert topics.partition_of(key) == partition


@given(st.text())
def test_a_partition_is_within_its_topic(key: str) -> None:
    assert 0 <= topics.partition_of(key) < topics.PARTITIONS


def test_submissions_and_tickets_share_their_partitions() -> None:
    assert topics.SUBMISSIONS.partitions == topics.TICKETS.partitions == 64


@pytest.mark.parametrize("topic", topics.ALL, ids=lambda topic: str(topic.name))
def test_a_topic_is_made_and_read_by_somebody_known(topic: Topic) -> None:
    assert topic.producers
    assert topic.consumers
    assert set(topic.producers) <= set(topics.SERVICES)
    assert set(topic.consumers) <= {*topics.SERVICES, "downstream"}
