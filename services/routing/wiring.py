"""Routing's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from contracts.envelope import Body
from contracts.facts import HandlingStandard, StandardPublished, TicketErased, TicketRegistered
from contracts.requests import AcceptTicket, AssignTicket, ReturnTicket, WithdrawTicket
from runtime.configuration import Configuration
from runtime.platform import Platform
from runtime.ports import Unavailable
from runtime.requests import Desk
from runtime.seals import KeyWrap
from runtime.serve import Worker, workers_of
from runtime.service import Prepare, Service, nothing
from runtime.settings import load
from runtime.tokens import Gate
from runtime.vault import Words, vault_of
from services.routing import packaged
from services.routing.api import Window, build_app
from services.routing.domain.routes import Assignment
from services.routing.handlers import Handlers
from services.routing.memory import InMemoryWorkList
from services.routing.mongo import MongoWorkList
from services.routing.opening import Opening
from services.routing.ports import Standards, WorkList
from services.routing.settings import RoutingSettings


@dataclass(frozen=True, slots=True)
class PublishedStandards:
    """The catalogue as it was published."""

    configuration: Configuration

    def standard(self, code: str) -> HandlingStandard | None:
        """The newest version of a standard."""
        found = self.configuration.all(StandardPublished).get(f"standard/{code}")
        return found.standard if found else None


class NoStandards:
    """Nothing is published yet."""

    def standard(self, code: str) -> HandlingStandard | None:
        """There is none."""
        return None


def build(standards: Standards | None = None, prepare: Prepare = nothing) -> Service[Assignment]:
    """What routing reacts to."""
    known = standards or NoStandards()
    handlers = Handlers(packaged.places(), packaged.kinds(), packaged.directory(), known)
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
    wrap = KeyWrap(b64decode(settings.vault_key), secrets.token_bytes)
    return Words(vault_of(platform, "words_keys"), wrap, platform.clock.wall)


def configuration_of(platform: Platform) -> Configuration:
    """The folded catalogue, one per process."""
    if "routing.configuration" not in platform.shared:
        follower = platform.follower("configuration")
        platform.shared["routing.configuration"] = Configuration(follower, [StandardPublished])
    made: Configuration = platform.shared["routing.configuration"]
    return made


def of(platform: Platform) -> Service[Assignment]:
    """Routing on this platform."""
    return build(PublishedStandards(configuration_of(platform)), Opening(words_of(platform)).prepare)


def work_list_of(platform: Platform) -> WorkList:
    """The adapter that fits the platform."""
    database = platform.database("routing")
    store: Any = platform.store(build())
    return InMemoryWorkList(store) if database is None else MongoWorkList(database)


async def api(platform: Platform) -> FastAPI:
    """Routing's HTTP."""
    settings, store = load(RoutingSettings), platform.store(build())
    window = Window(Desk("routing", store, platform.writer, platform.clock), store, words_of(platform))
    gate = Gate(settings.token_public_key, platform.clock.wall)

    async def ready() -> bool:
        return True

    return build_app(window, work_list_of(platform), packaged.directory(), packaged.places(), gate, ready)


async def workers(platform: Platform) -> list[Worker]:
    """The loop, with the catalogue kept fresh beside it."""
    configuration, work_list = configuration_of(platform), work_list_of(platform)
    try:
        await configuration.catch_up()
        if isinstance(work_list, MongoWorkList):
            await work_list.create_indexes()
    except Unavailable:
        configuration.version = 0  # the worker below catches up as soon as Kafka answers
    return [*await workers_of(platform, of(platform)), Worker("configuration", configuration.run)]
