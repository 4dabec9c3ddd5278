"""Which log a process may read and write, by what Kafka has, what the database remembers, and what was seen before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pytest

from runtime.delivery.attempts import FAILS_FOR, TRY_AFTER, Attempts
from runtime.delivery.log_identity import LogIdentity, refuse_other
from runtime.delivery.ports import LogLost, LogPartition, Unavailable
from runtime.process.known_log import KnownLog

OURS = LogIdentity(1, "cluster", {"submissions": "s1", "tickets": "t1"})
TOPICS = ("submissions", "tickets")
PLACE = ("tickets/1", 4)


def with_topics(**topics: str) -> LogIdentity:
    return replace(OURS, topics=topics)


def sound(watch: KnownLog) -> bool:
    return watch.is_sound


@dataclass
class GivenTopics:
    """What Kafka has, or None while it is silent."""

    there: LogIdentity | None
    end: int = 7

    async def ends(self, places: Collection[LogPartition]) -> Mapping[LogPartition, int]:
        return dict.fromkeys(places, self.end)

    async def found(self) -> LogIdentity:
        if self.there is None:
            raise Unavailable("kafka: silent")
        return self.there


@dataclass
class LogMemory:
    """What the database remembers, and whether it is away."""

    kept: LogIdentity | None = None
    away: bool = False
    read_to: int = 0

    async def reached(self) -> Mapping[LogPartition, int]:
        return {PLACE: self.read_to}

    async def known(self) -> LogIdentity | None:
        if self.away:
            raise Unavailable("mongodb: away")
        return self.kept

    async def remember(self, found: LogIdentity) -> LogIdentity | None:
        self.kept = self.kept or found
        return self.kept


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (with_topics(submissions="s1", tickets="t2"), "has others in place of tickets of epoch 1"),
        (with_topics(submissions="s2", tickets="t2"), "has others in place of submissions, tickets of epoch 1"),
        (with_topics(submissions="s1"), "does not have tickets of epoch 1"),
        (with_topics(), "does not have submissions, tickets of epoch 1"),
        (replace(OURS, cluster="new", topics={}), "and is cluster new instead of cluster"),
        (replace(OURS, epoch=2), "log epoch 2 was never begun: `duban topics --new-epoch 2` begins it"),
    ],
)
def test_another_log_is_refused_with_what_was_lost_the_runbook_and_the_command(found: LogIdentity, said: str) -> None:
    with pytest.raises(LogLost) as refused:
        refuse_other(OURS, found)
    assert said in str(refused.value)
    assert "docs/runbooks/log-lost.md" in str(refused.value)
    assert "duban topics --new-epoch 2" in str(refused.value)


def test_settings_of_an_epoch_that_is_over_are_refused() -> None:
    with pytest.raises(LogLost, match="set DUBAN_LOG_EPOCH=2"):
        refuse_other(replace(OURS, epoch=2), OURS)


@pytest.mark.parametrize("known", [None, OURS, with_topics(tickets="t1")])
def test_the_same_log_and_one_with_a_topic_more_are_ours(known: LogIdentity | None) -> None:
    refuse_other(known, OURS)


async def test_what_the_database_remembers_goes_before_what_was_seen() -> None:
    memory = LogMemory(away=True)
    watch = KnownLog("intake", GivenTopics(with_topics(submissions="s2", tickets="t2")), memory, TOPICS, alone=True)
    await watch.look()
    assert sound(watch), "the database is away, and the first log that was seen holds"
    memory.away, memory.kept = False, OURS
    with pytest.raises(LogLost):
        await watch.look()
    assert not sound(watch)
    with pytest.raises(LogLost):
        await watch.seen()


async def test_while_the_database_is_away_the_first_log_that_was_seen_holds() -> None:
    log = GivenTopics(OURS)
    watch = KnownLog("intake", log, LogMemory(away=True), TOPICS, alone=True)
    await watch.look()
    log.there = with_topics(submissions="s2", tickets="t1")
    with pytest.raises(LogLost):
        await watch.look()


async def test_a_process_that_needs_its_database_does_not_guess() -> None:
    watch = KnownLog("sla", GivenTopics(OURS), LogMemory(away=True), TOPICS)
    with pytest.raises(Unavailable, match="away"):
        await watch.seen()
    assert not sound(watch)


async def test_a_log_that_comes_back_is_read_on_without_a_restart() -> None:
    log = GivenTopics(OURS)
    watch = KnownLog("sla", log, LogMemory(), TOPICS)
    await watch.look()
    log.there = with_topics()
    with pytest.raises(LogLost):
        await watch.look()
    log.there = OURS
    assert await watch.seen() == OURS
    assert sound(watch)


async def test_a_kafka_that_is_silent_changes_nothing_that_is_known_until_it_is_back() -> None:
    log = GivenTopics(OURS)
    watch = KnownLog("sla", log, LogMemory(), TOPICS)
    await watch.look()
    log.there = None
    with pytest.raises(Unavailable):
        await watch.look()
    assert sound(watch)
    with pytest.raises(Unavailable):
        await watch.seen()
    log.there = OURS
    assert await watch.seen() == OURS


async def test_whoever_comes_back_after_a_silence_is_looked_at_before_anything_is_written() -> None:
    log = GivenTopics(OURS, end=7)
    watch = KnownLog("sla", log, LogMemory(read_to=7), TOPICS)
    await watch.look()
    log.there = None
    with pytest.raises(Unavailable):
        await watch.look()
    log.there, log.end = OURS, 6
    with pytest.raises(LogLost, match="older log"):
        await watch.seen()


async def test_only_a_sound_log_is_remembered() -> None:
    memory = LogMemory()
    watch = KnownLog("sla", GivenTopics(with_topics(tickets="t1")), memory, TOPICS)
    with pytest.raises(Unavailable, match="no topic submissions"):
        await watch.look()
    assert memory.kept is None


@pytest.mark.parametrize("alone", [True, False])
async def test_an_older_log_under_the_right_ids_is_refused_until_ours_is_back(alone: bool) -> None:
    log, memory = GivenTopics(OURS, end=7), LogMemory(read_to=7)
    watch = KnownLog("sla", log, memory, TOPICS, alone=alone)
    await watch.look()
    assert watch.reached == {PLACE: 7}
    log.end = 6
    with pytest.raises(LogLost, match=r"tickets/1/4: 6 instead of 7.*older log came back"):
        await watch.look()
    assert not sound(watch)
    log.end = 7
    assert await watch.seen() == OURS


async def test_while_the_database_is_away_what_the_documents_had_read_holds() -> None:
    log, memory = GivenTopics(OURS, end=7), LogMemory(read_to=7)
    watch = KnownLog("sla", log, memory, TOPICS, alone=True)
    await watch.look()
    memory.away, log.end = True, 6
    with pytest.raises(LogLost, match="6 instead of 7"):
        await watch.look()


def test_a_process_is_not_ready_once_its_attempts_have_failed_for_ten_seconds() -> None:
    now = [0.0]
    attempts, seen = Attempts(lambda: now[0]), list[bool]()
    for at, how in (
        (0.0, "failed"),
        (FAILS_FOR, "failed"),
        (FAILS_FOR + TRY_AFTER, ""),
        (FAILS_FOR + TRY_AFTER + 1, ""),
    ):
        now[0] = at
        seen.append(attempts.work)
        if how:
            attempts.failed()
    assert seen == [True, False, False, True], "after a pause without any, one may be tried again"
    attempts.failed()
    seen.append(attempts.work)
    attempts.worked()
    assert [seen[-1], attempts.work] == [False, True]
