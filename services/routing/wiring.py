"""Routing's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import structlog
from fastapi import FastAPI

from contracts.catalogue import consumed_by
from contracts.envelope import Body, Message
from contracts.messages.intake import TicketErased, TicketRegistered, WithdrawTicket
from contracts.messages.routing import AcceptTicket, AssignTicket, ReturnTicket, UnitPublished
from contracts.messages.sla import StandardPublished
from runtime.delivery.ports import Unavailable
from runtime.delivery.service import Prepare, Service, nothing
from runtime.http.readiness import while_answering
from runtime.http.requests import Desk
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import Words
from runtime.memory.store import InMemoryStore
from runtime.pauses import AGAIN, pause
from runtime.process.configuration import LOOK_EVERY, Configuration, informed, publication
from runtime.process.platform import Platform, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Work, Worker
from services.routing import metrics, packaged
from services.routing.api.app import build_app
from services.routing.api.shelf import Shelf
from services.routing.api.window import Window
from services.routing.domain.assignment import Assignment
from services.routing.domain.doors import Served
from services.routing.domain.units import unattended
from services.routing.handlers import Handlers
from services.routing.mongo import MongoAssignments
from services.routing.opening import Opening
from services.routing.packaged import PublishedDirectory
from services.routing.ports import Assignments, Census, Directory, InMemoryAssignments, Standards
from services.routing.settings import RoutingSettings

log = structlog.get_logger()
COUNT_EVERY = 15.0  # seconds between counts of the work list


@dataclass(frozen=True, slots=True)
class PublishedStandards:
    """The catalogue as it was published."""

    configuration: Configuration

    async def wait_for(self, messages: Sequence[Message[Body]]) -> None:
        """Raises Unavailable while nothing at all is published: what asks for a standard waits, and is not refused."""
        if not self.configuration.all(StandardPublished) and any(isinstance(m.body, AcceptTicket) for m in messages):
            raise Unavailable("no standard is published yet")

    def published(self) -> Sequence[StandardPublished]:
        """All that is there."""
        return tuple(self.configuration.all(StandardPublished).values())


class NoStandards:
    """Nothing is published yet."""

    def published(self) -> Sequence[StandardPublished]:
        """There is none."""
        return ()


def build(
    standards: Standards | None = None,
    prepare: Prepare = nothing,
    directory: Directory | None = None,
    divisions: Sequence[str] = ("43",),
) -> Service[Assignment]:
    """What routing reacts to."""
    known, units, serves = standards or NoStandards(), directory or packaged.directory(), Served(tuple(divisions))
    handlers = Handlers(packaged.places(), packaged.kinds(), units, known, serves)
    reacts: dict[type[Body], Any] = {
        TicketRegistered: handlers.on_ticket_registered,
        AssignTicket: handlers.on_assign_ticket,
        AcceptTicket: handlers.on_accept_ticket,
        ReturnTicket: handlers.on_return_ticket,
        WithdrawTicket: handlers.on_withdraw_ticket,
        TicketErased: handlers.on_ticket_erased,
    }
    return Service(name="routing", document=Assignment, reacts=reacts, prepare=prepare, collection="assignments")


def words_of(platform: Platform) -> Words:
    """People's words, as routing may open them."""
    settings = load(RoutingSettings)
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    return Words(vault_of(platform, "words_keys"), wrap, platform.clock.wall)


def configuration_of(platform: Platform) -> Configuration:
    """The folded catalogue, one per process."""
    if "routing.configuration" not in platform.shared:
        follower = platform.follower("configuration")
        platform.shared["routing.configuration"] = Configuration(follower, consumed_by("routing", "configuration"))
    made: Configuration = platform.shared["routing.configuration"]
    return made


def directory_of(platform: Platform) -> PublishedDirectory:
    """The units as they were published, one per process."""
    if "routing.directory" not in platform.shared:
        made = PublishedDirectory(packaged.directory(), configuration_of(platform))
        platform.shared["routing.directory"] = made
    return cast("PublishedDirectory", platform.shared["routing.directory"])


def of(platform: Platform) -> Service[Assignment]:
    """Routing on this platform."""
    if "routing.service" not in platform.shared:
        standards, opening = PublishedStandards(configuration_of(platform)), Opening(words_of(platform))
        divisions = load(RoutingSettings).platform

        async def prepare(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
            await standards.wait_for(messages)
            return await opening.prepare(messages)

        platform.shared["routing.service"] = build(standards, prepare, directory_of(platform), divisions)
    return cast("Service[Assignment]", platform.shared["routing.service"])


def assignments_of(platform: Platform) -> Assignments:
    """The assignments that the loop writes on this platform."""
    service, database = of(platform), platform.database("routing")
    if database is None:
        return InMemoryAssignments(cast("InMemoryStore[Assignment]", platform.store(service)))
    return MongoAssignments(database, service.collection)


async def api(platform: Platform) -> FastAPI:
    """Routing's HTTP."""
    settings, clock = load(RoutingSettings), platform.clock
    store: Any = platform.store(of(platform))
    desk = Desk("routing", store, platform.writer, clock)
    window = Window(desk, assignments_of(platform), words_of(platform))
    configuration = configuration_of(platform)
    standards = PublishedStandards(configuration)
    shelf = Shelf(directory_of(platform), packaged.places(), packaged.kinds(), standards, clock.now)

    app = build_app(window, shelf, Gate(settings.token_public_key, clock.wall), while_answering(store))
    app.state.background.append(Worker("configuration", configuration.run))
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the catalogue kept fresh beside it, the units published, the work list counted."""
    configuration, assignments = configuration_of(platform), assignments_of(platform)
    own = [
        Worker("configuration", configuration.run),
        Worker("units", _publisher(platform, load(RoutingSettings).counties)),
        Worker("census", _counter(platform, assignments)),
    ]
    if isinstance(assignments, MongoAssignments):
        own.append(Worker("indexes", _indexes(assignments)))
    return [*informed("routing", configuration, await workers_of(platform, of(platform))), *own]


def _indexes(assignments: MongoAssignments) -> Work:
    """Lays what the work list leans on, as soon as the database answers."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await assignments.create_indexes()
                await stop.wait()
            except Unavailable as why:
                log.warning("indexes_wait", why=str(why))
                await pause(AGAIN, stop)

    return work


def _publisher(platform: Platform, counties: Sequence[str]) -> Work:
    """Publishes what is not published yet, once it is known what is."""
    units = {unit.code: unit for county in counties for unit in packaged.directory().units(county)}
    configuration = configuration_of(platform)

    async def work(stop: asyncio.Event) -> None:
        while not (configuration.is_caught_up or stop.is_set()):
            await pause(LOOK_EVERY, stop)
        while not stop.is_set():
            wanted = packaged.unpublished(units.values(), configuration.all(UnitPublished))
            try:
                await platform.writer.publish(
                    [publication(key, body, "routing", platform.clock) for key, body in wanted]
                )
                await stop.wait()
            except Unavailable as why:
                log.warning("publication_waits", why=str(why))
                await pause(AGAIN, stop)

    return work


def _counter(platform: Platform, assignments: Assignments) -> Work:
    """Counts what waits, for the metrics."""
    counties, directory = load(RoutingSettings).counties, directory_of(platform)

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                _show(await assignments.census())
            except Unavailable as why:
                log.warning("census_waits", why=str(why))
            units = {unit for county in counties for unit in directory.units(county)}
            metrics.UNATTENDED.set(len(unattended(units, platform.clock.now())))
            await pause(COUNT_EVERY, stop)

    return work


def _show(census: Census) -> None:
    for state, count in census.by_state.items():
        metrics.WAITING.labels(state.value).set(count)
    metrics.RETURNED.set(census.returned)
