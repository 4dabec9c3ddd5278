"""The portal put together: the fold over the log, the API over what it folded, pages over the API. Start here."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import cast

from fastapi import FastAPI

from contracts.envelope import Body, Message
from contracts.messages.staff import TokenKeyPublished
from contracts.topics import TICKET_SNAPSHOTS
from runtime.delivery.service import Prepare, Service
from runtime.http.addresses import networks
from runtime.http.audit import AuditTrail
from runtime.identity import vault
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.memory.store import InMemoryStore
from runtime.process.configuration import Configuration
from runtime.process.platform import Platform, tried_codes_of, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.portal.pages.app import add_pages
from services.portal.pages.frame.edge import Edge
from services.portal.pages.services import within
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.adapters.mongo import MongoTickets, VaultWords
from services.portal.reading.api.actions import action_routes
from services.portal.reading.api.app import build_api
from services.portal.reading.api.code_desk import CodeDesk
from services.portal.reading.api.inbox import inbox_routes
from services.portal.reading.api.public import public_routes
from services.portal.reading.api.readings import reading_routes
from services.portal.reading.api.staff import staff_routes
from services.portal.reading.live.boards import Boards
from services.portal.reading.live.freshness import LoopFreshness
from services.portal.reading.live.open_streams import OpenStreams
from services.portal.reading.live.rates import FollowedRates
from services.portal.reading.live.snapshots import SnapshotTelling, TellingParts
from services.portal.reading.live.stream_of_board import Sources
from services.portal.reading.ports import OpenedWords, Tickets
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold import reacts
from services.portal.reading.ticket.fold import words as words_of
from services.portal.reading.ticket.fold.sealed import Sealed
from services.portal.settings import PagesSettings, PortalSettings
from services.portal.site import Site


def build(words: OpenedWords) -> Service[Ticket]:
    """The portal's loop; documents are stored whole, because they are searched by any field."""
    return Service(
        name="portal",
        says="tickets",
        document=Ticket,
        reacts=reacts.REACTS,
        prepare=_opened(words),
        omit_defaults=False,
    )


def of(platform: Platform) -> Service[Ticket]:
    """The portal's loop on a platform."""
    return build(VaultWords(_vault_words(platform)))


async def api(platform: Platform) -> FastAPI:
    """The JSON API, and the pages as its client."""
    settings = _settings(platform)
    words, clock = VaultWords(_vault_words(platform)), platform.clock
    service = build(words)
    tickets, rates = tickets_of(platform, service), FollowedRates(platform.follower("live-rates"), clock)
    site = Site(place_zh=settings.portal_place_zh, place_en=settings.portal_place_en, division=settings.portal_division)
    freshness = LoopFreshness(platform.progress("portal.loop", service.logs), clock)
    desk = CodeDesk(tickets, settings.code_secret.encode(), tried_codes_of(platform))
    boards = Boards(Sources(tickets, rates, clock, freshness), site)
    streams = OpenStreams(settings.streams_per_network)
    trail = AuditTrail(platform.writer, clock, "portal", secrets.token_hex)
    of_staff = staff_routes(tickets, desk, clock, words, trail), inbox_routes(tickets, clock), reading_routes()
    routes = public_routes(tickets, boards, clock, streams), *of_staff, action_routes(tickets, desk, clock)
    pages = load(PagesSettings)
    app = build_api(routes, boards, tickets.ready, [rates.worker(), freshness.worker()])
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    keys = Configuration(platform.follower("configuration"), [TokenKeyPublished])
    app.state.gate = Gate(settings.token_public_key, clock.wall, lambda: keys.all(TokenKeyPublished))
    asked = within(app, pages.url_of)
    app.state.background += [Worker("token-keys", keys.run), asked.worker()]
    add_pages(app, site, asked, Edge(tuple(pages.pages_key.split(",")), clock.wall, secrets.token_bytes, pages.site))
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, and what says where tickets stand; the indexes are laid before it starts."""
    service = of(platform)
    tickets = tickets_of(platform, service)
    await tickets.create_indexes()
    snapshots = _snapshots(platform, tickets)
    loop = await workers_of(platform, replace(service, stored=snapshots.hear))
    return [*loop, Worker("snapshots", snapshots.run)]


def _snapshots(platform: Platform, tickets: Tickets) -> SnapshotTelling:
    def held() -> Collection[int]:
        partitions: Collection[int] = platform.readers["portal"].partitions()
        return partitions

    tail, clock = platform.tail(TICKET_SNAPSHOTS.name), platform.clock
    return SnapshotTelling(TellingParts(tickets, tail, platform.writer, held, clock.stopwatch, clock.wall))


def tickets_of(platform: Platform, service: Service[Ticket]) -> Tickets:
    """The documents that the loop of ``service`` writes on this platform."""
    database = platform.database(service.name)
    if database is None:
        return InMemoryTickets(cast("InMemoryStore[Ticket]", platform.store(service)))
    return MongoTickets(database, service.collection)


def _vault_words(platform: Platform) -> vault.WordKeys:
    wrap = key_wrap(_settings(platform).vault_key, secrets.token_bytes)
    return vault.WordKeys(vault_of(platform, "words_keys"), wrap, platform.clock.stopwatch)


def _settings(platform: Platform) -> PortalSettings:
    """The portal's own settings: those of its process, or from the environment where services share one."""
    return platform.settings if isinstance(platform.settings, PortalSettings) else load(PortalSettings)


def _opened(words: OpenedWords) -> Prepare:
    """Clear words by message id, all tickets of a batch in one read of the vault."""

    async def prepare(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        sealed = [(message, texts) for message in messages if (texts := words_of.sealed_in(message.body))]
        by_ticket: dict[str, list[Sealed]] = {}
        for message, texts in sealed:
            written = [text for text in texts if text.text]
            if written:
                by_ticket.setdefault(message.key, []).extend(written)
        clear = {ticket: iter(opened) for ticket, opened in (await words.open_many(by_ticket)).items()}
        return {
            message.id: tuple(next(clear[message.key], "") if text.text else "" for text in texts)
            for message, texts in sealed
        }

    return prepare
