"""A member of a consumer group. aiokafka's unsafe defaults are undone here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.protocol.group import LeaveGroupRequest

from runtime.delivery.log_identity import LogWatch
from runtime.delivery.ports import LogLost, LogPartition, PositionLost, ShareRefused, Unavailable, still_open
from runtime.delivery.records import Incoming
from runtime.kafka.beginning import Beginning, PositionMarks
from runtime.kafka.bus import CALL_WAIT, FETCH_WAIT_MS, Bus, incoming_of
from runtime.kafka.closing import answered, leaves
from runtime.kafka.fence import fence_of
from runtime.telemetry import metrics

log = structlog.get_logger()
START_WAIT = 30.0  # seconds to join a group


class KafkaReader:
    """A static member of a consumer group that commits by hand and never resets a position by itself."""

    def __init__(
        self,
        bus: Bus,
        group: str,
        topics: Sequence[str],
        member: str = "",
        watch: LogWatch | None = None,
        marks: PositionMarks | None = None,
    ) -> None:
        self._bus, self._topics = bus, {bus.topic(name): f"{name}/{bus.epoch}" for name in topics}
        self._full = {log_name: topic for topic, log_name in self._topics.items()}
        self._committed: dict[LogPartition, int] = {}
        self._next: dict[LogPartition, int] = {}
        self._open: dict[LogPartition, range] = {}  # what was fetched and is not committed
        self._left = False  # whether it left the group to be given what it asks for
        self._in_doubt = False  # whether the consumer may have passed over records, or be mute for ever
        self._group, self._member = f"{bus.namespace}.{group}", member
        self._fence = fence_of(bus, watch)
        self._beginning = Beginning(marks, self._topics) if marks is not None else None
        self._position_lost = metrics.POSITION_LOST.labels(group)
        self._consumer = self._made()

    def _made(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            *self._topics,
            **self._bus.client_options(),
            group_id=self._group,
            group_instance_id=f"{self._group}.{self._member}" if self._member else None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            partition_assignment_strategy=(RangePartitionAssignor,),  # a key's partitions of all topics go together
            session_timeout_ms=30_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=3_600_000,  # the watchdog looks after a stuck loop, not the group
            fetch_max_bytes=8 * 1024 * 1024,
            max_partition_fetch_bytes=1024 * 1024,
        )
        if self._fence is not None:
            self._fence.around(consumer._client)
        return consumer

    async def start(self) -> None:
        """Join the group. Raises LogLost, Unavailable."""
        if self._fence is not None:
            await self._fence.watch.look()
        try:
            await answered(self._consumer.start(), START_WAIT)
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def _join_anew_if_not_as_asked(self) -> None:
        """Kafka gives a static member that comes back its old share, whatever it asks for now: a topic more is never
        read. So it leaves properly and joins as a new one. Raises ShareRefused when that does not help; Unavailable."""
        given = {place.topic for place in self._consumer.assignment()}
        if not given or given == self._topics.keys():
            self._left = self._left and not given
            return
        lacking = ", ".join(sorted(self._topics.keys() ^ given))
        if self._left:
            raise ShareRefused(f"{self._group} was given partitions of other topics than it asked for: {lacking}")
        log.warning("group_joined_anew", group=self._group, topics=lacking)
        coordinator = self._consumer._coordinator
        await self._call(coordinator._send_req(LeaveGroupRequest(self._group, coordinator.member_id)))
        self._left = self._in_doubt = True
        await self._begin_again_if_in_doubt()

    async def stop(self) -> None:
        """Leave without waiting for a frozen broker."""
        if not await leaves(self._consumer):
            log.warning("consumer_abandoned")

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        """What follows the last commit. Raises PositionLost when the group has no position; LogLost; Unavailable."""
        await self._see_the_log()
        await self._begin_again_if_in_doubt()
        await self._join_anew_if_not_as_asked()
        self._go_back()
        self._in_doubt = True
        try:
            if self._beginning is not None:
                await answered(self._beginning.begin(self._consumer), CALL_WAIT)
            fetched = await self._consumer.getmany(timeout_ms=FETCH_WAIT_MS, max_records=at_most)
        except LogLost:
            self._position_lost.set(1)
            raise
        except (NoOffsetForPartitionError, OffsetOutOfRangeError) as lost:
            self._position_lost.set(1)
            raise PositionLost(f"no position: {lost}; `duban topics` lays it anew") from None
        except (TimeoutError, KafkaError, OSError, RuntimeError) as why:  # the last: its coordinator met what it does
            raise Unavailable(f"kafka: {type(why).__name__}") from None  # not know, as from a broker that is dying
        if self._fence is not None:
            await self._fence.look_if_refused()
        self._in_doubt = False
        self._position_lost.set(0)
        for place, records in ((place, records) for place, records in fetched.items() if records):
            self._open[self._topics[place.topic], place.partition] = range(records[0].offset, records[-1].offset + 1)
        self._next.update({place: fetched.stop for place, fetched in self._open.items()})
        return [incoming_of(self._topics[each.topic], each) for records in fetched.values() for each in records]

    async def _see_the_log(self) -> None:
        if self._fence is not None:
            await self._fence.watch.seen()

    async def _begin_again_if_in_doubt(self) -> None:
        """A fetch that failed may have passed over records of other partitions; a new consumer has not."""
        if self._in_doubt:
            log.warning("consumer_made_anew", group=self._group)
            await self.stop()
            self._open.clear()
            self._consumer = self._made()
            if self._beginning is not None:
                self._beginning.forget()
            await self.start()
            self._in_doubt = False

    async def commit(self, next_offsets: Mapping[LogPartition, int]) -> None:
        """Commit explicit offsets. Raises Unavailable (also when the partitions are another member's now)."""
        offsets = {TopicPartition(self._full[name], part): offset for (name, part), offset in next_offsets.items()}
        await self._call(self._consumer.commit(offsets))
        self._committed.update(next_offsets)
        if self._beginning is not None:
            await self._beginning.committed(next_offsets)
        self._open = still_open(self._open, next_offsets)

    def _go_back(self) -> None:
        """To the first record that is not committed, without asking Kafka: this cannot fail half-way.

        Not ``seek_to_committed``: aiokafka asks for each partition by itself, and passes over a committed 0.
        """
        held = self._consumer.assignment()
        for (name, partition), fetched in self._open.items():
            place = TopicPartition(self._full[name], partition)
            if place in held:
                self._consumer.seek(place, fetched.start)
        self._open.clear()

    def committed(self, place: LogPartition) -> int:
        """What this member has committed itself; 0 until then."""
        return self._committed.get(place, 0)

    def partitions(self) -> Collection[int]:
        """The partitions assigned now, of any one topic: all topics of a key are split alike."""
        return {place.partition for place in self._consumer.assignment()}

    async def lag(self) -> int:
        """Records behind the end of the log, as the last fetches told it."""
        behind = 0
        for place in self._consumer.assignment():
            end = self._consumer.highwater(place)
            if end is not None:
                behind += max(0, end - self._next.get((self._topics[place.topic], place.partition), end))
        return behind

    async def _call(self, call: Any) -> None:
        """A call that is not answered may never be again: a consumer can lose its coordinator and still fetch."""
        try:
            await answered(call, CALL_WAIT)
        except (TimeoutError, KafkaError, OSError) as why:
            self._in_doubt |= isinstance(why, TimeoutError)
            raise Unavailable(f"kafka: {type(why).__name__}") from None
