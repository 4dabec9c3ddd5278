"""Notify's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import random
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from fastapi import FastAPI

from contracts.catalogue import consumed_by
from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from contracts.messages.staff import TokenKeyPublished
from runtime.delivery.service import Service, reactions
from runtime.http.addresses import networks
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import Contacts
from runtime.process.configuration import Configuration, informed
from runtime.process.part import Part
from runtime.process.platform import Platform, tried_codes_of, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker, repeated
from services.notify.adapters import subscription_book
from services.notify.adapters.channel_book import ChannelBook
from services.notify.adapters.hook_poster import HookPoster
from services.notify.adapters.hook_queue import MongoHookQueue
from services.notify.adapters.hook_queue_in_memory import InMemoryHookQueue
from services.notify.adapters.hook_signatures import HookSecrets
from services.notify.adapters.memory import InMemoryMessenger, InMemoryOutbox
from services.notify.adapters.mongo import MongoOutbox
from services.notify.adapters.phone_digests import PhoneDigests
from services.notify.adapters.providers import duties_of, messengers_of, templates_of
from services.notify.adapters.published import PublishedCalendar
from services.notify.adapters.questions import MongoOpenQuestions
from services.notify.adapters.questions_in_memory import InMemoryOpenQuestions
from services.notify.adapters.subscription_book import SubscriptionBook
from services.notify.api import schemas
from services.notify.api.app import build_app
from services.notify.api.channels import channel_routes
from services.notify.api.events.pages import EventPages
from services.notify.api.events.routes import routes
from services.notify.api.events.streams import FeedStreams
from services.notify.api.events.window import LOOK_EVERY, FeedWindow
from services.notify.api.replies import ReplyDesk, reply_routes
from services.notify.api.reporters import ReporterDesk
from services.notify.api.signatures import ProviderKeys
from services.notify.api.subscriptions.desk import DeskParts, SubscriptionDesk
from services.notify.api.subscriptions.routes import subscription_routes
from services.notify.domain.budget import LetterPlaces
from services.notify.domain.deliveries import TicketDeliveries
from services.notify.domain.office_hours import slots_of
from services.notify.handlers.feedback import FeedbackNotices
from services.notify.handlers.intake import IntakeNotices
from services.notify.handlers.planning import ASKED_AGAIN
from services.notify.handlers.preferences import Preferences
from services.notify.handlers.receipts import Receipts
from services.notify.handlers.replies import Replies
from services.notify.handlers.routing import RoutingNotices
from services.notify.handlers.sla import ClockNotices
from services.notify.ports import Messenger, OfficeHours, Outbox, Weekdays
from services.notify.ports.hooks import HookQueue
from services.notify.ports.replies import OpenQuestions
from services.notify.settings import CodeSettings, FeedSettings, HookSettings, NotifySettings, ReconciliationSettings
from services.notify.workers import expiry, feed, hook_fan_out, reconciliation
from services.notify.workers.catching_up import CatchingUp
from services.notify.workers.hook_fan_out import HookFanOut
from services.notify.workers.hook_senders import HookSenders, SendingParts
from services.notify.workers.questions import QuestionKeeping, forgetting
from services.notify.workers.reconciliation import Reconciliation, Reconciling
from services.notify.workers.sender import Sender


def build(offices: OfficeHours | None = None, asked_again: timedelta = ASKED_AGAIN) -> Service[TicketDeliveries]:
    """Notify under office hours; on weekdays where none are given."""
    hours = offices or Weekdays()
    reacts = reactions(
        IntakeNotices(hours),
        RoutingNotices(hours),
        ClockNotices(hours, asked_again),
        FeedbackNotices(hours, asked_again),
        Receipts(hours),
        Preferences(),
        Replies(hours),
    )
    return Service(name="notify", says="tickets", document=TicketDeliveries, reacts=reacts, collection="deliveries")


@dataclass(frozen=True, slots=True)
class Parts:
    """What notify shares between its loop, its deliverer and its API."""

    settings: NotifySettings
    configuration: Configuration
    outbox: Outbox
    questions: OpenQuestions
    messengers: Mapping[str, Messenger]


def parts_of(platform: Platform) -> Parts:
    return platform.once(_parts)


def _parts(platform: Platform) -> Parts:
    settings, database = load(NotifySettings), platform.database("notify")
    store: Any = platform.store(build())
    outbox: Outbox = InMemoryOutbox(store) if database is None else MongoOutbox(database)
    questions: OpenQuestions = InMemoryOpenQuestions() if database is None else MongoOpenQuestions(database)
    messengers = messengers_of(settings, platform.clock.wall)
    if database is None:
        messengers.setdefault("sms", InMemoryMessenger("sms"))
    configuration = Configuration(platform.follower("configuration"), consumed_by("notify", "configuration"))
    return Parts(settings, configuration, outbox, questions, messengers)


def configuration_of(platform: Platform) -> Configuration:
    """The folded configuration, one per process."""
    return parts_of(platform).configuration


def of(platform: Platform) -> Service[TicketDeliveries]:
    parts = parts_of(platform)
    service = build(_offices(parts), timedelta(days=parts.settings.asked_again_days))
    return replace(service, prepare=forgetting(parts.questions, platform.clock.wall))


def _offices(parts: Parts) -> PublishedCalendar:
    return PublishedCalendar(parts.configuration, slots_of(parts.settings.digest_at))


async def api(platform: Platform) -> FastAPI:
    parts, store = parts_of(platform), platform.store(build())
    desk = RequestDesk(build(), store, platform.writer, platform.clock)
    configuration = parts.configuration
    gate = Gate(parts.settings.token_public_key, platform.clock.wall, lambda: configuration.all(TokenKeyPublished))
    keys = ProviderKeys(platform.clock.wall, {"sms": parts.settings.sms_key})
    app = build_app(
        _reporters(platform, parts, desk), gate, while_answering(store), keys, duties_of(parts.settings).monitored
    )
    digests = PhoneDigests(parts.settings.vault_key)
    reply_routes(app, ReplyDesk(parts.outbox, parts.questions, digests, desk, platform.clock.wall), keys)
    schemas.routes(app, load(FeedSettings).schema_base)
    _feed_over_http(app, platform)
    app.state.background.append(Worker("configuration", configuration.run))
    return app


def _reporters(platform: Platform, parts: Parts, desk: RequestDesk) -> ReporterDesk:
    secret = load(CodeSettings).code_secret.encode()
    guesses = CodeAttempts(tried_codes_of(platform), secret, WRONG_CODE, TOO_MANY_CODES)
    return ReporterDesk(parts.outbox, _contacts(platform, parts), templates_of(parts.settings), desk, guesses)


def _feed_over_http(app: FastAPI, platform: Platform) -> None:
    tail, settings = platform.tail(feed.TOPIC), load(HookSettings)
    pages, window = EventPages(tail), FeedWindow(tail)
    routes(app, pages, FeedStreams(pages, window))
    configuration = _subscribed(platform)
    book = SubscriptionBook(configuration, platform.writer, platform.clock)
    channels = ChannelBook(configuration, platform.writer, platform.clock)
    channel_routes(app, channels, platform.clock)
    desk = SubscriptionDesk(
        DeskParts(book, channels, hook_queue(platform), secrets_of(settings), tail, pages, platform.clock)
    )
    subscription_routes(app, desk, networks(settings.hook_networks))
    app.state.background += [
        Worker("feed window", repeated("feed window", window.look, LOOK_EVERY)),
        Worker("subscriptions", configuration.run),
    ]


def _subscribed(platform: Platform) -> Configuration:
    """Each process, and each part of one, folds subscriptions by itself."""
    return Configuration(platform.follower("configuration"), subscription_book.READ)


def hook_queue(platform: Platform) -> HookQueue:
    """What waits for subscribers; in memory one for all parts of the process."""
    database = platform.database("notify")
    return platform.once(_hook_queue_in_memory) if database is None else MongoHookQueue(database)


def _hook_queue_in_memory(_platform: Platform) -> InMemoryHookQueue:
    return InMemoryHookQueue()


def secrets_of(settings: HookSettings) -> HookSecrets:
    """The secrets of subscriptions, as the configuration has them: wrapped."""
    return HookSecrets(key_wrap(settings.hook_key, secrets.token_bytes))


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the deliverer, the inquiries after what is unknown, the calendar."""
    parts = parts_of(platform)
    if isinstance(parts.outbox, MongoOutbox):
        await parts.outbox.create_indexes()
    if isinstance(parts.questions, MongoOpenQuestions):
        await parts.questions.create_indexes()
    deliverer = _deliverer(platform, parts)
    service = replace(of(platform), stored=deliverer.hear)
    deciding = [*await workers_of(platform, service), Worker("deliverer", deliverer.run)]
    return [
        *informed("notify", parts.configuration, deciding, also=["deliverer"]),
        Worker("inquiries", deliverer.inquiries.run),
        Worker("configuration", parts.configuration.run),
    ]


async def feeding(platform: Platform) -> list[Worker]:
    """The relay of the public feed and its nightly reconciliation, which need nothing but the log."""
    reader, schemas = await platform.reader(feed.GROUP, ("tickets",), keeps=False), load(FeedSettings).schema_base
    configuration = Configuration(platform.follower("configuration"), reconciliation.READ)
    looking = Reconciliation(reconciling_of(platform, configuration, reader.partitions))
    return [
        Worker("feed", feed.relay_of(reader, platform.writer, schemas).run),
        *informed(feed.GROUP, configuration, [Worker("reconciliation", looking.run)], also=["reconciliation"]),
        Worker("configuration", configuration.run),
    ]


def reconciling_of(platform: Platform, known: Configuration, held: Callable[[], Collection[int]]) -> Reconciling:
    """What reconciliation works with. ``held``: the partitions of the feed that it answers for."""
    progress = platform.progress(feed.GROUP, ("tickets",))
    return Reconciling(
        tail=platform.tail(feed.TOPIC),
        writer=platform.writer,
        wall=platform.clock.wall,
        schemas=load(FeedSettings).schema_base,
        held=held,
        relayed=reconciliation.relayed_of(platform.tail("tickets"), progress),
        counties=reconciliation.counties_of(known),
        offices=PublishedCalendar(known),
        silent_after=load(ReconciliationSettings).silent_after_days,
    )


async def hooking(platform: Platform) -> list[Worker]:
    """Webhooks: the fan-out, the senders, and the subscriptions that both go by."""
    settings, configuration, queue = load(HookSettings), _subscribed(platform), hook_queue(platform)
    await queue.create_indexes()
    book = SubscriptionBook(configuration, platform.writer, platform.clock)
    reader = await platform.reader(hook_fan_out.GROUP, (feed.TOPIC,), keeps=False)
    poster, wall = HookPoster(networks(settings.hook_networks)), platform.clock.wall
    channels = ChannelBook(configuration, platform.writer, platform.clock)
    operates = hook_fan_out.under(channels)
    parts = SendingParts(book, queue, poster, secrets_of(settings), wall, reader.partitions, random.random, operates)
    senders = HookSenders(parts)
    fan_out = HookFanOut(reader, book, queue, wall, senders.wake, operates, senders.state)
    deciding = [Worker("loop", fan_out.run), Worker("senders", senders.run)]
    return [
        *informed(hook_fan_out.GROUP, configuration, deciding, also=["senders"]),
        Worker("register", expiry.looking(channels, wall)),
        Worker("configuration", configuration.run),
    ]


PARTS: Mapping[str, Part] = {"feed": Part(feeding), "hooks": Part(hooking)}


def _contacts(platform: Platform, parts: Parts) -> Contacts:
    wrap = key_wrap(parts.settings.vault_key, secrets.token_bytes)
    return Contacts(vault_of(platform, "contact_keys"), wrap)


def _deliverer(platform: Platform, parts: Parts) -> Sender:
    contacts = _contacts(platform, parts)
    service = build()
    desk = RequestDesk(service, platform.store(service), platform.writer, platform.clock)

    def held() -> Collection[int]:
        partitions: Collection[int] = platform.readers["notify"].partitions()
        return partitions

    settings, clock, messengers = parts.settings, platform.clock, parts.messengers
    templates, duties = templates_of(settings), duties_of(settings)
    places = LetterPlaces(settings.letters_a_day, with_digests=bool(slots_of(settings.digest_at)))
    asking = QuestionKeeping(parts.questions, PhoneDigests(settings.vault_key), clock.wall)
    questions = asking if settings.sms_replies else None
    given = parts.outbox, contacts, messengers, templates, desk, clock, held, _offices(parts), duties
    catching_up = CatchingUp(platform.progress(service.group, service.logs), clock.stopwatch)
    return Sender(*given, places, questions, catching_up)
