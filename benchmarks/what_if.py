"""What a what-if costs, beside its floor: the same records read and decoded, and nothing made of them.

``python -m benchmarks.what_if --tickets 200``. Both over one simulated log in memory, in turns; by processor time.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Annotated

import typer

from runtime.memory.log import InMemoryTail
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from runtime.telemetry import logs
from services.sla import wiring
from services.sla.adapters.histories import TicketHistories
from services.sla.adapters.packaged import standards
from services.sla.domain.what_if import LONGEST, WhatIfPeriod
from services.sla.ports import WhatIfCandidate
from simulation.village import BEGIN, Village

TARGET = 0.5  # of the floor's rate
DAYS = 60  # that a village lives
PERIOD = WhatIfPeriod(BEGIN, BEGIN + LONGEST)


def main(
    tickets: Annotated[int, typer.Option(min=1, help="Matters of the simulated log.")] = 200,
    turns: Annotated[int, typer.Option(min=1, help="Of each side; the medians are compared.")] = 7,
) -> None:
    """Print the rate of both and their ratio."""
    logs.configure("ERROR", "console")
    village = Village(1, faulty=False)
    with closing(village.events):
        village.live(tickets, DAYS)
    records = asyncio.run(_decoded(village))
    sides = [(_seconds(lambda: _compared(village)), _seconds(lambda: _decoded(village))) for _ in range(turns)]
    ours, floor = (records / statistics.median(each) for each in zip(*sides, strict=True))
    print(f"{records} records; what-if {ours:,.0f}/s, floor {floor:,.0f}/s: ratio {ours / floor:.2f} (target {TARGET})")


def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    async def done() -> None:
        await work()

    start = time.process_time()
    asyncio.run(done())
    return time.process_time() - start


async def _decoded(village: Village) -> int:
    """The floor: how many records were read and decoded."""
    histories, records = TicketHistories(InMemoryTail(village.log, "tickets"), list(wiring.build().reacts)), 0
    span = await histories.span()
    for partition in range(len(span.ends)):
        for each in await histories.of(partition, span, PERIOD, ""):
            assert histories.history(each) is not None
            records += len(each)
    return records


async def _compared(village: Village) -> None:
    """Every standard twice as long: both sides are played whole."""
    platform = InMemoryPlatform(load(Settings), village.clock, village.log)
    longer = tuple(
        each.model_copy(update={"standard": each.standard.model_copy(update={"limit": each.standard.limit * 2})})
        for each in standards()
    )
    async for _ in wiring.what_ifs_of(platform).run(WhatIfCandidate(standards=longer), PERIOD, ""):
        await asyncio.sleep(0)


if __name__ == "__main__":
    typer.run(main)
