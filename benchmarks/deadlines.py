"""What a deadline costs with its colours, beside ``due_at`` alone, which is its floor; with two pauses beside that.

``python -m benchmarks.deadlines``. Both are measured in turns; the median of the pairs' ratios says more than either.
Targets: 4 times ``due_at``, and with two pauses 6 times what it costs with them.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from services.sla.adapters.packaged import calendar
from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import deadline, due_at
from services.sla.domain.limits import CALENDAR_DAYS, OFFICE_HOURS, Limit
from services.sla.domain.pauses import Pause

CALLS, TURNS = 300, 61
START = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
LIMITS = {
    "5 working days": Limit(5),
    "30 working days": Limit(30),
    "30, by days left": Limit(30, yellow_left=20, orange_left=10),
    "30 calendar days": Limit(30, CALENDAR_DAYS),
    "8 office hours": Limit(8, OFFICE_HOURS),
}
OPEN = calendar()
PAUSED = OPEN.paused([Pause(START + timedelta(days=n), START + timedelta(days=n + 2), "x") for n in (2, 9)])


def micros(work: Callable[[Limit, datetime, Calendar], object], limit: Limit, by: Calendar) -> float:
    """Microseconds of processor time that one call takes."""
    start = time.process_time()
    for _ in range(CALLS):
        work(limit, START, by)
    return (time.process_time() - start) / CALLS * 1e6


def measure(limit: Limit, by: Calendar) -> tuple[float, float, float]:
    """(the deadline, its floor) in microseconds, and their ratio: medians of turns."""
    turns = [(micros(deadline, limit, by), micros(due_at, limit, by)) for _ in range(TURNS)]
    ours, floor = zip(*turns, strict=True)
    return statistics.median(ours), statistics.median(floor), statistics.median(a / b for a, b in turns)


def main() -> None:
    """Print a line for each limit, without and with pauses."""
    for name, limit in LIMITS.items():
        for paused, by in (("", OPEN), ("two pauses", PAUSED)):
            ours, floor, ratio = measure(limit, by)
            print(f"{name:17} {paused:10} {ours:6.2f} µs  due_at alone {floor:6.2f} µs  ratio {ratio:4.2f}")


if __name__ == "__main__":
    main()
