"""``python -m tests.faults.door_in_memory GUARD PORT``: intake's API on a real socket, over a log in memory.

The processor is all that it can be short of. ``GUARD`` as for ``tests.faults.toothless``.
"""

import asyncio
import secrets
import sys
from typing import cast

from cli.serve import run
from runtime.clock import Clock
from runtime.process.platform import InMemoryPlatform, Platform
from runtime.process.serve import http
from runtime.process.settings import Settings, load
from runtime.workers import run_workers
from services.intake import wiring
from services.intake.workers.day_keys import DayKeyWorker
from tests.faults.toothless import GUARDS


async def main(port: int) -> None:
    settings = load(Settings)
    platform = cast(Platform, InMemoryPlatform(settings, Clock()))
    days = wiring.adapters(platform).day_keys
    await DayKeyWorker(days, platform.writer, platform.clock, secrets.token_bytes).publish_ahead()
    app = await wiring.api(platform)
    await run_workers([http("door", app, "127.0.0.1", port, settings.connections)], asyncio.Event())


if __name__ == "__main__":
    GUARDS[sys.argv[1]]()
    run(main(int(sys.argv[2])))
