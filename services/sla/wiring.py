"""sla's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import asyncio
from typing import Any

import structlog
from fastapi import FastAPI

from contracts.envelope import Body, WakeUp
from contracts.facts import (
    ReworkOrdered,
    StandardPublished,
    TicketAccepted,
    TicketAssigned,
    TicketCompleted,
    TicketReturned,
    TicketStruckOff,
    TicketWithdrawn,
)
from runtime.configuration import publication
from runtime.platform import Platform
from runtime.ports import Unavailable
from runtime.serve import Worker, pause, workers_of
from runtime.service import Service
from runtime.settings import load
from runtime.tokens import Gate
from services.sla import packaged
from services.sla.api import build_app
from services.sla.domain.sheet import Sheet, wake_at
from services.sla.handlers import Handlers
from services.sla.packaged import PackagedCalendars, PackagedCatalogue
from services.sla.ports import Calendars
from services.sla.settings import SlaSettings

log = structlog.get_logger()


def build(calendars: Calendars | None = None) -> Service[Sheet]:
    """What sla reacts to."""
    handlers = Handlers(calendars or PackagedCalendars())
    reacts: dict[type[Body], Any] = {
        TicketAssigned: handlers.on_ticket_assigned,
        TicketAccepted: handlers.on_ticket_accepted,
        TicketReturned: handlers.on_ticket_returned,
        TicketCompleted: handlers.on_ticket_completed,
        ReworkOrdered: handlers.on_rework_ordered,
        TicketStruckOff: handlers.on_ticket_struck_off,
        TicketWithdrawn: handlers.on_ticket_withdrawn,
        WakeUp: handlers.on_wake_up,
    }
    return Service(name="sla", document=Sheet, reacts=reacts, wake_at=wake_at, collection="clock_sheets")


def of(platform: Platform) -> Service[Sheet]:
    """sla on this platform: it needs nothing else."""
    return build()


async def api(platform: Platform) -> FastAPI:
    """sla's HTTP."""
    settings, store = load(SlaSettings), platform.store(build())

    async def ready() -> bool:
        return True

    gate = Gate(settings.token_public_key, platform.clock.wall)
    return build_app(store, PackagedCalendars(), PackagedCatalogue(), platform.clock, gate, ready)


async def workers(platform: Platform) -> list[Worker]:
    """The loop, its timers, and the publication of calendar and catalogue."""
    return [*await workers_of(platform, of(platform)), Worker("configuration", _publisher(platform))]


def _publisher(platform: Platform) -> Any:
    """Publishes once at start; the topic is compacted, so saying it again is harmless."""
    bodies: dict[str, Body] = {f"calendar/cn-{each.year}": each for each in packaged.published_years()}
    bodies |= {f"standard/{each.code}": StandardPublished(standard=each) for each in packaged.standards()}

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                batch = [publication(key, body, "sla", platform.clock) for key, body in bodies.items()]
                await platform.writer.publish(batch)
                await stop.wait()
            except Unavailable as why:
                log.warning("publication_waits", why=str(why))
                await pause(1.0, stop)

    return work
