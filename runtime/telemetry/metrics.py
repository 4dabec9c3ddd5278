"""Every series of the runtime, declared once: kind, meaning, and what to do when it moves."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

READ = Counter(
    "duban_loop_records_total",
    "Records read from the log, by whether the service reacts to them. Flat while the log grows: the loop is stuck; "
    "see the runbook loop-stalled.",
    ["service", "concern"],
)
ENDED = Counter(
    "duban_loop_messages_total",
    "Messages handled, by type and end (change, ignored_*, refused_*, kept, copy, redelivered, parked). Rising "
    "`parked`: look at `duban dead-letters list`; rising `redelivered`: commits fail.",
    ["service", "type", "end"],
)
LOST = Counter(
    "duban_loop_writes_lost_total",
    "Guarded writes that lost to another writer. A few at a rebalance are normal; a steady rate means that two "
    "processes own one partition.",
    ["service"],
)
BEAT = Gauge(
    "duban_loop_heartbeat_timestamp_seconds",
    "Wall time of the loop's last attempt or known wait. Older than a minute: the watchdog restarts the process.",
    ["service"],
)
HELD = Gauge(
    "duban_loop_held",
    "1 while the service holds because most messages fail. Roll the deploy back, or release it; runbook loop-held.",
    ["service"],
)
DISK_FREE = Gauge(
    "duban_disk_free_bytes",
    "Bytes free on the fullest disk of a store. Below DUBAN_DISK_LEAST the door refuses; runbook disk-full.",
    ["store"],
)
DISK_SIZE = Gauge(
    "duban_disk_size_bytes",
    "Bytes that this disk has in all. Moves when somebody made it larger; see duban_disk_free_bytes.",
    ["store"],
)
CLOCK_SKEW = Gauge(
    "duban_clock_skew_seconds",
    "How far the machine's clock is ahead of the database's; below 0: behind. Beyond 60 either way timers rest and the "
    "API answers 503: set the clock; runbook clock-wrong.",
)
LOG_LOST = Gauge(
    "duban_log_lost",
    "1 while Kafka has another log than the one that the documents know: nothing is read or written. Runbook log-lost.",
    ["service"],
)
POSITION_LOST = Gauge(
    "duban_position_lost",
    "1 while a group has no position in its log, or the log ends before it: nothing is read. Runbook position-lost.",
    ["group"],
)
PARKED = Gauge(
    "duban_dead_letters",
    "Messages parked in the dead letters of a service. Above 0: `duban dead-letters list SERVICE`.",
    ["service"],
)
LAG = Gauge(
    "duban_loop_lag_records",
    "Records in the log that the loop has not read yet. Growing for ten minutes: add a replica or look at MongoDB.",
    ["service"],
)
STEP_SECONDS = Histogram(
    "duban_loop_step_seconds",
    "Wall time of one batch that had something to handle, from fetch to commit. p99 over 2 s: MongoDB or Kafka slow.",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
KNOCKS = Counter(
    "duban_timer_knocks_total",
    "Knocks put into the log. Zero while clocks run: the sweep is dead; runbook timers-late.",
    ["service"],
)
LATENESS = Histogram(
    "duban_timer_lateness_seconds",
    "Wall seconds between the instant a document wanted a knock and the sweep that saw it. p99 over 2 s: too much "
    "is due at once, or the sweep is slow.",
    ["service"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
CONNECTIONS = Gauge(
    "duban_http_connections",
    "Open connections of this process. Near `DUBAN_CONNECTIONS`: add a replica, or look who opens them.",
)
NOT_READ = Counter(
    "duban_http_not_read_total",
    "Requests that were not read, by why: `malformed`, `head_too_large`, `late` (half of one for too long), "
    "`too_many_connections`. Rising: somebody's program is broken, or somebody tries; look at the proxy's log.",
    ["why"],
)
LATE = Counter(
    "duban_http_late_total",
    "Requests that were not answered within `DUBAN_ANSWER_WITHIN` and so with 503. Rising: a store hangs, or bodies "
    "come too slowly; look which.",
)
REQUESTS = Counter(
    "duban_requests_total",
    "Requests put into the log by an API, by type and answer (accepted, refused, pending, unavailable). Rising "
    "`unavailable`: Kafka is silent; rising `pending`: a loop lags.",
    ["service", "type", "answer"],
)
PUBLISH_SECONDS = Histogram(
    "duban_publish_seconds",
    "Wall time until a batch was acknowledged by Kafka. p99 over 1 s: the broker is slow or frozen.",
    ["service"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
END_TO_END_SECONDS = Histogram(
    "duban_end_to_end_seconds",
    "Wall time from the message that caused a message to its handling here. p99 over 2 s: look at lag, then at steps.",
    ["service"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60),
)


@dataclass(frozen=True, slots=True)
class LoopMetrics:
    """The series of one service's loop."""

    service: str

    def read(self, records: int, mine: int, seconds: float) -> None:
        """A batch was read to its end, after so many seconds."""
        if mine:
            STEP_SECONDS.labels(self.service).observe(seconds)
        READ.labels(self.service, "yes").inc(mine)
        READ.labels(self.service, "no").inc(records - mine)

    def ended(self, folded: Sequence[Any]) -> None:
        for each in folded:
            for (kind, end), count in each.ends.items():
                ENDED.labels(self.service, kind, end).inc(count)

    def aged(self, said: Sequence[datetime], now: datetime) -> None:
        """Messages were handled that were said at these instants of wall time."""
        observe = END_TO_END_SECONDS.labels(self.service).observe
        for at in said:
            observe(max(0.0, (now - at).total_seconds()))

    def waiting(self, lag: int, parked: int) -> None:
        """So many records are not read yet, so many messages are parked."""
        LAG.labels(self.service).set(lag)
        PARKED.labels(self.service).set(parked)

    def lost(self, writes: int) -> None:
        LOST.labels(self.service).inc(writes)

    def beat(self) -> None:
        beat(self.service)


_BEATS: dict[str, float] = {}  # service → when its loop beat last, by the monotonic clock; a process has a handful


def beat(service: str) -> None:
    """A service's loop is alive, or waits for something known."""
    BEAT.labels(service).set_to_current_time()
    _BEATS[service] = time.monotonic()


def beat_of(label: str) -> Callable[[], None]:
    """Lets the heart of a loop, or of another process of a service, beat."""
    return partial(beat, label)


def since_last_beat(service: str) -> float:
    """Seconds, whatever happened to the wall clock meanwhile; infinite before the first beat."""
    return time.monotonic() - _BEATS.get(service, -math.inf)


def of_loop(service: str) -> LoopMetrics:
    """The series of a service's loop, present from the start."""
    for series in (LOST, BEAT, HELD, PARKED, LAG, KNOCKS):
        series.labels(service)
    return LoopMetrics(service)
