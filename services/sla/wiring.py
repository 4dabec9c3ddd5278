"""sla's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import asyncio
from typing import Any

import structlog
from fastapi import FastAPI

from contracts.catalogue import consumed_by
from contracts.envelope import Body, WakeUp
from contracts.messages.feedback import ReworkOrdered, TicketCompleted, TicketStruckOff
from contracts.messages.intake import TicketWithdrawn
from contracts.messages.routing import AssignmentQueued, TicketAccepted, TicketAssigned, TicketReturned
from runtime.delivery.ports import Unavailable
from runtime.delivery.service import Service
from runtime.http.readiness import while_answering
from runtime.identity.tokens import Gate
from runtime.pauses import pause
from runtime.process.configuration import Configuration, informed, publication
from runtime.process.platform import Platform
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Work, Worker
from services.sla import packaged
from services.sla.api import Desk, build_app
from services.sla.domain.ladder import OURS, Ladder
from services.sla.domain.sheet import Sheet
from services.sla.domain.transitions import Policy, wake_at
from services.sla.handlers.reacting import Handlers
from services.sla.packaged import PackagedCalendars, PublishedCalendars, PublishedCatalogue
from services.sla.ports import Calendars
from services.sla.settings import LadderSettings, SlaSettings

log = structlog.get_logger()
GAPS_EVERY = 30.0  # seconds between counts of duties without a standard


def build(
    calendars: Calendars | None = None, policy: Policy | None = None, ladder: Ladder | None = None
) -> Service[Sheet]:
    """What sla reacts to."""
    handlers = Handlers(calendars or PackagedCalendars(), policy or Policy(), ladder or OURS)
    reacts: dict[type[Body], Any] = {
        AssignmentQueued: handlers.on_assignment_queued,
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


def configuration_of(platform: Platform) -> Configuration:
    """The folded configuration, one per process."""
    if "sla.configuration" not in platform.shared:
        follower = platform.follower("configuration")
        platform.shared["sla.configuration"] = Configuration(follower, consumed_by("sla", "configuration"))
    made: Configuration = platform.shared["sla.configuration"]
    return made


def calendars_of(platform: Platform) -> PublishedCalendars:
    """The calendars, one object per process: it keeps the editions that it has seen."""
    if "sla.calendars" not in platform.shared:
        platform.shared["sla.calendars"] = PublishedCalendars(configuration_of(platform))
    made: PublishedCalendars = platform.shared["sla.calendars"]
    return made


def of(platform: Platform) -> Service[Sheet]:
    """sla on this platform."""
    ladder = load(LadderSettings)
    return build(calendars_of(platform), ladder.policy(), ladder.ladder())


async def api(platform: Platform) -> FastAPI:
    """sla's HTTP, with the configuration kept fresh beside it."""
    settings, store = load(SlaSettings), platform.store(of(platform))
    configuration = configuration_of(platform)
    catalogue = PublishedCatalogue(configuration)

    gate = Gate(settings.token_public_key, platform.clock.wall)
    desk = Desk(store, calendars_of(platform), catalogue, platform.clock.now)
    app = build_app(desk, gate, while_answering(store))
    app.state.background += [Worker("configuration", configuration.run), Worker("gaps", _gaps_counter(desk))]
    return app


def _gaps_counter(desk: Desk) -> Work:
    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            desk.gaps()
            await pause(GAPS_EVERY, stop)

    return work


async def workers(platform: Platform) -> list[Worker]:
    """The loop and the publication of calendar and catalogue (not before what is published was read), and timers."""
    configuration = configuration_of(platform)
    deciding = [*await workers_of(platform, of(platform)), Worker("publication", _publisher(platform))]
    return [*informed("sla", configuration, deciding, ["publication"]), Worker("configuration", configuration.run)]


def _publisher(platform: Platform) -> Work:
    """Publishes once at start what is not there, or older: what an operator published since stands."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                bodies = packaged.missing(configuration_of(platform))
                batch = [publication(key, body, "sla", platform.clock) for key, body in bodies]
                await platform.writer.publish(batch)
                await stop.wait()
            except Unavailable as why:
                log.warning("publication_waits", why=str(why))
                await pause(1.0, stop)

    return work
