"""The loop's promises over seeded histories, and a teeth variant per guard that must break them."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from runtime.change import Ignore, Keep
from runtime.delivery import fold as fold_module
from runtime.delivery.dead_letters import DeadLetters
from runtime.delivery.fold import Fold
from runtime.delivery.loop import Loop
from runtime.delivery.records import Incoming, Outgoing, Record, next_offsets
from simulation.faults import FaultyReader, FaultyStore, FaultyWriter
from tests.simulation.loop_chain import Chain, HeardByLink
from tests.simulation.loop_promises import CHECKS
from tests.simulation.loop_world import World

HISTORIES = int(os.environ.get("DUBAN_HISTORIES", "10000"))  # `make check` plays fewer
MOVES = 90
TEETH_HISTORIES = 600


def play(seed: int, world_class: type[World] = World) -> World:
    world = world_class(seed)
    world.play(MOVES)
    for check in CHECKS:
        check(world)
    return world


FAULTS_MET = (
    "crash at fetched", "crash at prepared", "crash at loaded", "crash at saved", "crash at published",
    "crash at parked", "crash at committed", "frozen", "zombie woke up", "commit failed", "commit acknowledgement lost",
    "batch in part", "acknowledgement late", "late copies arrived", "acknowledgement lost",
    "read failed", "write failed", "write acknowledgement lost", "version guard refused", "replay from offset 0",
    "older database restored", "dead letters replayed",
)  # fmt: skip


@pytest.mark.timeout(400)
def test_no_history_breaks_the_delivery_contract() -> None:
    """A failing seed is replayed with ``play(seed)``."""
    happened: Counter[str] = Counter()
    for seed in range(HISTORIES):
        try:
            happened.update(play(seed).faults.happened)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken
    assert [fault for fault in FAULTS_MET if not happened[fault]] == []


class WithoutVersionGuard(FaultyStore):
    async def save(self, records: Sequence[Record[HeardByLink]]) -> set[str]:
        await self._faults.maybe_freeze()
        self.records.update({each.key: replace(each, version=each.version + 1) for each in records})
        return set()


class WithoutStoredFacts(FaultyStore):
    async def save(self, records: Sequence[Record[HeardByLink]]) -> set[str]:
        return await super().save([replace(record, out=()) for record in records])


class Overtaking(FaultyWriter):
    """Fact n + 1 may be in the log before n, or without it."""

    def _mixed(self, batch: Sequence[Outgoing]) -> list[Outgoing]:
        return self._faults.rng.sample(batch, len(batch))


class CommitsFirst(Loop[Any]):
    async def step(self) -> int:
        commit = self._reader.commit
        fetch = self._reader.fetch

        async def fetch_and_commit(at_most: int) -> Sequence[Incoming]:
            records = await fetch(at_most)
            await commit(next_offsets(records))
            return records

        self._reader.fetch = fetch_and_commit  # type: ignore[method-assign]
        try:
            return await super().step()
        finally:
            self._reader.fetch = fetch  # type: ignore[method-assign]


class GoesOn(FaultyReader):
    """Found on the real stack with a broker that came back slowly: what was fetched before is skipped for ever."""

    def go_back(self) -> None:
        self._open.clear()


class ForgetsTooEarly(Loop[Any]):
    def _record(self, records: Any, ticket: str, share: Any) -> Record[Any]:
        record = super()._record(records, ticket, share)
        record.out = ()
        return record


class ReplaysOver(DeadLetters[Any]):
    """Writes whatever a loop has written meanwhile."""

    async def _save(self, record: Record[Any]) -> None:
        there = (await self._store.load([record.key])).get(record.key)
        record.version = there.version if there else 0
        await self._store.save([record])


class DoesNotKeep(Chain):
    def stop(self, name: str) -> Any:
        decide = super().stop(name)

        def on_stop(*given: Any) -> Any:
            result = decide(*given)
            return Ignore("not_mine") if isinstance(result, Keep) else result

        return on_stop


class SaysElsewhere(Loop[Any]):
    """What the runtime did before it knew a second kind: whatever is said goes to one topic."""

    async def _publish(self, records: Sequence[Record[Any]]) -> None:
        await self._writer.publish([each for record in records for each in record.to_say("tickets")])


class KnocksElsewhere(World):
    """The knocks of every kind go to one topic."""

    def _knock(self) -> None:
        kinds = self.services
        self.services = {name: replace(each, says="tickets", logs=("tickets",)) for name, each in kinds.items()}
        super()._knock()
        self.services = kinds


def _world(**parts: Any) -> type[World]:
    return type("ToothlessWorld", (World,), parts)


@pytest.mark.parametrize(
    "world",
    [
        pytest.param(_world(store_class=WithoutVersionGuard), id="without the version guard"),
        pytest.param(_world(store_class=WithoutStoredFacts), id="without facts stored before they are said"),
        pytest.param(_world(writer_class=Overtaking), id="without the order of a ticket's facts"),
        pytest.param(_world(loop_class=CommitsFirst), id="commit first"),
        pytest.param(_world(reader_class=GoesOn), id="without going back to what is committed"),
        pytest.param(_world(loop_class=ForgetsTooEarly), id="out dropped before its cause is committed"),
        pytest.param(_world(loop_class=SaysElsewhere), id="facts of both kinds in one log"),
        pytest.param(KnocksElsewhere, id="knocks for both kinds in one log"),
        pytest.param(_world(dead_letters_class=ReplaysOver, replays=0.3), id="a replay that writes over the loop"),
    ],
)
def test_without_a_guard_some_history_breaks(world: type[World]) -> None:
    assert _some_history_breaks(world)


def test_without_seen_some_history_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_module, "_is_copy", lambda record, message: False)
    assert _some_history_breaks(World)


def test_without_positions_some_history_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    take = Fold._take

    def forgetful(self: Fold[Any], folded: Any, read: Any) -> None:
        folded.record.position.clear()
        take(self, folded, read)

    monkeypatch.setattr(Fold, "_take", forgetful)
    monkeypatch.setattr(fold_module, "OUTCOMES_KEPT", 1)
    assert _some_history_breaks(World)


def test_with_positions_as_few_outcomes_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before this one takes away is the position, and not the memory of requests."""
    monkeypatch.setattr(fold_module, "OUTCOMES_KEPT", 1)
    assert not _some_history_breaks(World)


def test_without_kept_requests_some_history_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.simulation.loop_world.Chain", DoesNotKeep)
    assert _some_history_breaks(World)


def test_without_the_queue_behind_a_parked_message_some_history_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    park = Fold._park

    def park_alone(self: Fold[Any], folded: Any, incoming: Any, reason: str, **more: Any) -> None:
        park(self, folded, incoming, reason, **more)
        folded.record.parked = False

    monkeypatch.setattr(Fold, "_park", park_alone)
    assert _some_history_breaks(World)


def _some_history_breaks(world: type[World]) -> bool:
    for seed in range(TEETH_HISTORIES):
        try:
            play(seed, world)
        except AssertionError:
            return True
    return False
