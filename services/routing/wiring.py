"""Routing's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

import structlog
from fastapi import FastAPI

from contracts.envelope import Body, Message
from contracts.labels import labels_of
from contracts.messages.staff import TokenKeyPublished
from runtime.delivery.service import Prepare, Service, nothing, reactions
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import WordKeys
from runtime.memory.store import InMemoryStore
from runtime.process.configuration import informed
from runtime.process.platform import Platform, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.routing.adapters import packaged
from services.routing.adapters.memory import InMemoryAssignments
from services.routing.adapters.mongo import MongoAssignments
from services.routing.adapters.published import (
    NoPlanRules,
    NoStandards,
    PublishedPlanRules,
    PublishedStandards,
    configuration_of,
    directory_of,
)
from services.routing.adapters.unsealing import WordsOpening
from services.routing.api.app import build_app
from services.routing.api.look_ups import LookUps
from services.routing.api.readings import RoutingReader, reading
from services.routing.api.tickets import AssignmentRequests
from services.routing.domain.assignment.assignment import Assignment
from services.routing.domain.assignment.coverage import wake_at
from services.routing.domain.place.near_the_door import Served
from services.routing.handlers.intake import RegistrationHandlers
from services.routing.handlers.routing import AssignmentHandlers
from services.routing.handlers.timers import RoutingTimers
from services.routing.ports import Assignments, Directory, PlanRules, Standards
from services.routing.settings import RoutingSettings
from services.routing.workers.census import counting
from services.routing.workers.publishing import indexing, publishing

log = structlog.get_logger()


def build(
    standards: Standards | None = None,
    prepare: Prepare = nothing,
    directory: Directory | None = None,
    divisions: Sequence[str] = ("43",),
    plans: PlanRules | None = None,
) -> Service[Assignment]:
    known, units, serves = standards or NoStandards(), directory or packaged.directory(), Served(tuple(divisions))
    given = packaged.places(), packaged.kinds(), units, known, serves
    reacts = reactions(
        RegistrationHandlers(*given), AssignmentHandlers(*given, plans or NoPlanRules()), RoutingTimers(*given)
    )
    return Service(
        name="routing",
        says="tickets",
        document=Assignment,
        reacts=reacts,
        prepare=prepare,
        wake_at=wake_at,
        labels=lambda matter: labels_of(matter.division, matter.category, matter.unit),
        collection="assignments",
    )


def words_of(platform: Platform) -> WordKeys:
    """People's words, as routing may open them."""
    settings = load(RoutingSettings)
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    return WordKeys(vault_of(platform, "words_keys"), wrap, platform.clock.stopwatch)


def of(platform: Platform) -> Service[Assignment]:
    return platform.once(_service)


def _service(platform: Platform) -> Service[Assignment]:
    standards, opening = PublishedStandards(configuration_of(platform)), WordsOpening(words_of(platform))
    divisions = load(RoutingSettings).platform

    async def prepare(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        await standards.wait_for(messages)
        return await opening.prepare(messages)

    rules = PublishedPlanRules(configuration_of(platform))
    return build(standards, prepare, directory_of(platform), divisions, rules)


def assignments_of(platform: Platform) -> Assignments:
    """The assignments that the loop writes on this platform."""
    service, database = of(platform), platform.database("routing")
    if database is None:
        return InMemoryAssignments(cast("InMemoryStore[Assignment]", platform.store(service)))
    return MongoAssignments(database, service.collection)


async def api(platform: Platform) -> FastAPI:
    settings, clock = load(RoutingSettings), platform.clock
    service = of(platform)
    store: Any = platform.store(service)
    desk = RequestDesk(service, store, platform.writer, clock)
    window = AssignmentRequests(desk, assignments_of(platform), words_of(platform))
    configuration = configuration_of(platform)
    looked_up = directory_of(platform), packaged.places(), packaged.kinds(), PublishedStandards(configuration)
    shelf = LookUps(*looked_up, clock.now, lambda: configuration.is_caught_up)

    gate = Gate(settings.token_public_key, clock.wall, lambda: configuration.all(TokenKeyPublished))
    app = build_app(window, shelf, gate, while_answering(store))
    reading(app, reader_of(shelf, settings.platform))
    app.state.background.append(Worker("configuration", configuration.run))
    return app


def reader_of(shelf: LookUps, served: Sequence[str]) -> RoutingReader:
    """Who reads a text as the loop does."""
    return RoutingReader(shelf.places, shelf.kinds, shelf.directory, Served(tuple(served)), shelf.now)


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the catalogue kept fresh beside it, the units published, the work list counted."""
    configuration, assignments = configuration_of(platform), assignments_of(platform)
    own = [
        Worker("configuration", configuration.run),
        Worker("units", publishing(platform, load(RoutingSettings).counties)),
        Worker("census", counting(platform, assignments)),
    ]
    if isinstance(assignments, MongoAssignments):
        own.append(Worker("indexes", indexing(assignments)))
    return [*informed("routing", configuration, await workers_of(platform, of(platform))), *own]
