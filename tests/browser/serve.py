"""Serve the made-up county on a port, for people: ``python -m tests.browser.serve 8199``."""

import asyncio
import sys
from datetime import timedelta

from cli.serve import stopped_by_signals
from runtime.clock import Clock, parse_segment, system_wall
from runtime.process.serve import http
from runtime.workers import Worker, repeated, run_workers
from services.portal.pages.app import add_pages
from services.portal.pages.services import within
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.api.app import build_api
from services.portal.reading.api.public import public_routes
from services.portal.reading.live.boards import Boards
from services.portal.reading.live.freshness import FreshnessUnknown
from services.portal.reading.live.stream_of_board import Sources
from services.portal.site import Site
from tests.browser.town import PlayedCounty
from tests.pages import edge

HOUR_IN_SECONDS = 2.0
PAUSE = 0.9


async def main(port: int) -> None:
    begin = system_wall()
    clock = Clock(parse_segment(f"{begin.isoformat()},2026-03-02T01:00:00+00:00,{3600 / HOUR_IN_SECONDS}"))
    town = PlayedCounty(clock.now())
    for _ in range(160):
        town.now -= timedelta(0)
        town.step()

    async def play() -> None:
        town.now = clock.now()
        town.step()
        town.order()

    async def ready() -> bool:
        return True

    tickets = InMemoryTickets(town.store)
    site = Site(place_zh="麻阳苗族自治县", place_en="Mayang County", division="431226")
    boards = Boards(Sources(tickets, town, clock, FreshnessUnknown()), site)
    playing = Worker("town", repeated("town", play, PAUSE))
    app = build_api([public_routes(tickets, boards, clock)], boards, ready, [playing])
    add_pages(app, site, within(app), edge(clock.wall))
    await run_workers([http("portal-api", app, "127.0.0.1", port)], stopped_by_signals())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
