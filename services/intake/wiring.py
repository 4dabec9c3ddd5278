"""Intake's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import functools
import gc
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI

from contracts.catalogue import consumed_by
from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from contracts.labels import labels_of
from contracts.messages.intake import (
    DayKeyPublished,
)
from contracts.messages.staff import TokenKeyPublished
from contracts.topics import LEDGER
from runtime.delivery.service import Prepare, Service, nothing, reactions
from runtime.http.addresses import networks
from runtime.http.requests import RequestDesk
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.seals import KeyWrap, key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import Keys, MongoVault, VaultStore, WordKeys
from runtime.mongo.tried_codes import MongoTriedCodes
from runtime.process.configuration import Configuration
from runtime.process.platform import Platform, tried_codes_of, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.intake.adapters.erasures import FileErasures, erase_again
from services.intake.adapters.memory import InMemoryDayKeys, InMemoryErasures, InMemoryLedger
from services.intake.adapters.mongo import MongoDayKeys, MongoLedger
from services.intake.adapters.oplog import MongoOplog
from services.intake.adapters.signing import Signer
from services.intake.adapters.unsealing import SubmissionOpening
from services.intake.api.app import build_app
from services.intake.api.registering import PublicKeys, Registering, Secrets
from services.intake.api.reporter import ReporterRequests
from services.intake.domain.submission import Registration
from services.intake.handlers.endings import EndingHandlers
from services.intake.handlers.reporters import ReporterWishes
from services.intake.handlers.submissions import SubmissionHandlers
from services.intake.ports import DayKeys, Erasures, Ledger
from services.intake.settings import DoorSettings, IntakeSettings
from services.intake.workers.day_keys import DayKeyDestroyer, DayKeyWorker
from services.intake.workers.drawing.worker import Drawing
from services.intake.workers.ledger import GROUP, LedgerLoop
from services.intake.workers.remains import OplogWatch


def build(prepare: Prepare = nothing) -> Service[Registration]:
    """Intake with what it has to know before a message is handled."""
    reacts = reactions(SubmissionHandlers(), ReporterWishes(), EndingHandlers())
    return Service(
        name="intake",
        says="tickets",
        document=Registration,
        reacts=reacts,
        prepare=prepare,
        labels=lambda registration: labels_of(registration.door),
        logs=("submissions", "tickets"),
    )


@dataclass(frozen=True, slots=True)
class Adapters:
    """What stands behind the ports of intake's loop on a platform; the API has none of the keys."""

    settings: IntakeSettings
    wrap: KeyWrap
    vault: VaultStore
    day_keys: DayKeys
    erasures: Erasures
    ledger: Ledger
    words: WordKeys


def adapters(platform: Platform) -> Adapters:
    """The adapters that fit the platform; made once per process."""
    return platform.once(_adapters)


def _adapters(platform: Platform) -> Adapters:
    settings = load(IntakeSettings)
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    database, vault = platform.database("intake"), vault_of(platform, "vault")
    return Adapters(
        settings,
        wrap,
        vault,
        InMemoryDayKeys() if database is None else MongoDayKeys(database, wrap),
        FileErasures(settings.erasure_list) if settings.erasure_list else InMemoryErasures(),
        ledger_of(platform),
        WordKeys(vault, wrap, platform.clock.stopwatch),
    )


def ledger_of(platform: Platform) -> Ledger:
    """The ledger, which the API only reads."""
    return platform.once(_ledger)


def _ledger(platform: Platform) -> Ledger:
    database = platform.database("intake")
    return InMemoryLedger() if database is None else MongoLedger(database)


def signer_of(parts: Adapters) -> Signer:
    """Who signs the ledger's heads."""
    return Signer(parts.ledger, parts.settings.ledger_key)


def of(platform: Platform) -> Service[Registration]:
    parts = adapters(platform)
    code_secret = parts.settings.code_secret.encode()
    opening = SubmissionOpening(parts.day_keys, Keys(parts.vault, parts.wrap), parts.words, code_secret, parts.erasures)
    return build(opening.prepare)


async def api(platform: Platform) -> FastAPI:
    """Intake's HTTP. Needs Kafka to be useful, and MongoDB only for what a reporter does later."""
    settings, store = load(DoorSettings), platform.store(build())
    configuration = Configuration(platform.follower("configuration"), consumed_by("intake", "configuration"))
    keys = Secrets(settings.ticket_id_secret.encode(), settings.code_secret.encode(), settings.body_secret.encode())
    day_keys = PublicKeys(configuration, platform.clock, secrets.token_bytes)
    door = Registering(keys, day_keys, platform.writer, store, platform.clock, settings.answer_within)
    desk = RequestDesk(build(), store, platform.writer, platform.clock)
    guesses = CodeAttempts(tried_codes_of(platform), keys.code, WRONG_CODE, TOO_MANY_CODES)
    erased_within = timedelta(days=settings.erased_within_days)
    counter = ReporterRequests(desk, store, guesses, keys.code, day_keys, erased_within)

    async def ready() -> bool:
        return bool(configuration.all(DayKeyPublished))

    gate = Gate(settings.token_public_key, platform.clock.wall, lambda: configuration.all(TokenKeyPublished))
    app = build_app(door, counter, ledger_of(platform), gate, settings, ready, platform.clock.stopwatch)
    app.state.background = [Worker("configuration", configuration.run)]
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    gc.freeze()  # what is here stays: a full collection need not look at it again, which is a tenth of the hot path
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the ledger's loop with its heads, and the day keys; first, nobody who was erased is back."""
    parts = adapters(platform)
    if isinstance(parts.ledger, MongoLedger) and isinstance(parts.vault, MongoVault):
        await parts.ledger.create_indexes()
        await parts.vault.create_views()
    if isinstance(tried := tried_codes_of(platform), MongoTriedCodes):
        await tried.create_indexes()
    await erase_again(parts.erasures, parts.vault)
    ledger, signer = LedgerLoop(await platform.reader(GROUP, LEDGER), parts.ledger), signer_of(parts)
    drawing = Drawing(parts.ledger, platform.writer, platform.clock, parts.settings.code_secret.encode())
    own = [Worker("ledger", ledger.run), Worker("heads", signer.run), Worker("drawing", drawing.run)]
    own += [*_day_keys(platform, parts), *_remains(platform, parts)]
    return [*await workers_of(platform, of(platform)), *own]


def _remains(platform: Platform, parts: Adapters) -> list[Worker]:
    if (database := platform.database("intake")) is None:
        return []
    promised = timedelta(days=parts.settings.erased_within_days)
    return [Worker("oplog", OplogWatch(MongoOplog(database), platform.clock, promised).run)]


def _day_keys(platform: Platform, parts: Adapters) -> list[Worker]:
    service = build()
    maker = DayKeyWorker(parts.day_keys, platform.writer, platform.clock, secrets.token_bytes)
    destroyer = DayKeyDestroyer(
        parts.day_keys,
        platform.progress("intake.loop", service.logs),
        functools.partial(platform.store(service).parked, ""),
        platform.clock,
        timedelta(days=parts.settings.day_key_retention_days),
    )
    return [Worker("day-keys", maker.run), Worker("old-day-keys", destroyer.run)]
