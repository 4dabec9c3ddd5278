"""sla's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from typing import cast

import structlog
from fastapi import FastAPI

from contracts.labels import labels_of
from contracts.messages.staff import TokenKeyPublished
from runtime.delivery.service import Service, reactions
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
from services.sla.adapters.catalogue_book import CatalogueBook
from services.sla.adapters.memory import InMemorySheets
from services.sla.adapters.mongo import MongoSheets
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.adapters.published import PublishedCatalogue, PublishedLadders, calendars_of, configuration_of
from services.sla.adapters.published_applied import applied_of
from services.sla.adapters.published_checks import PublishedChecks
from services.sla.adapters.published_limits import PublishedLimits
from services.sla.adapters.published_schemes import PublishedSchemes
from services.sla.adapters.what_if import LogWhatIfs, PublishedSides
from services.sla.api.app import build_app
from services.sla.api.applying import ApplyingOffice, add_applying
from services.sla.api.publishing import PublishingOffice, add_publishing
from services.sla.api.requests import ClockRequests
from services.sla.api.tickets import ClockLookUps
from services.sla.api.what_if import add_what_if
from services.sla.domain.ladder import OURS, Ladder
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.transitions import OrderPolicy, wake_at
from services.sla.handlers.conference import ConferenceHandlers
from services.sla.handlers.contact import ContactClocks
from services.sla.handlers.feedback import FeedbackClocks
from services.sla.handlers.intake import WithdrawalClocks
from services.sla.handlers.measures import MeasureHandlers
from services.sla.handlers.more_time import MoreTimeClocks
from services.sla.handlers.orders import OrderHandlers
from services.sla.handlers.plans import PlanClocks
from services.sla.handlers.review import ReviewClocks
from services.sla.handlers.routing import RoutingClocks
from services.sla.handlers.timers import TimerClocks
from services.sla.handlers.urgency import UrgencyClocks
from services.sla.ports import (
    NO_LADDERS,
    NO_SCHEMES,
    NOTHING_APPLIED,
    OUR_CHECKS,
    AppliedStandards,
    Calendars,
    Checks,
    Ladders,
    Limits,
    SameLimits,
    Schemes,
)
from services.sla.settings import LadderSettings, SlaSettings
from services.sla.workers.calendars import watching_the_calendar
from services.sla.workers.coverage import finding_coverage
from services.sla.workers.gaps import counting_gaps
from services.sla.workers.publishing import publishing
from services.sla.workers.sweep import ClockSweep

log = structlog.get_logger()


def build(
    calendars: Calendars | None = None,
    policy: OrderPolicy | None = None,
    ladder: Ladder | None = None,
    ladders: Ladders = NO_LADDERS,
    limits: Limits | None = None,
    schemes: Schemes = NO_SCHEMES,
    checks: Checks = OUR_CHECKS,
    applied: AppliedStandards = NOTHING_APPLIED,
) -> Service[ClockSheet]:
    """sla under a calendar, a policy of orders and a ladder; the packaged ones where none is given.

    ``ladders``, ``schemes``, ``checks``: what divisions published; ``limits``: in the ladder's place, by division;
    ``applied``: standards that were ordered for what runs.
    """
    own = limits or SameLimits(ladder or OURS)
    given = calendars or PackagedCalendars(), policy or OrderPolicy(), own, ladders, schemes, checks, applied
    reacts = reactions(
        RoutingClocks(*given),
        UrgencyClocks(*given),
        FeedbackClocks(*given),
        ReviewClocks(*given),
        PlanClocks(*given),
        ContactClocks(*given),
        WithdrawalClocks(*given),
        MoreTimeClocks(*given),
        OrderHandlers(*given),
        ConferenceHandlers(*given),
        MeasureHandlers(),
        TimerClocks(*given),
    )
    return Service(
        name="sla",
        says="tickets",
        document=ClockSheet,
        reacts=reacts,
        wake_at=wake_at,
        labels=lambda sheet: labels_of(sheet.division, sheet.category_code, sheet.responsible),
        collection="clock_sheets",
    )


def of(platform: Platform) -> Service[ClockSheet]:
    ladder, configuration = load(LadderSettings), configuration_of(platform)
    limits = PublishedLimits(configuration, ladder.ladder())
    ladders, schemes = PublishedLadders(configuration), PublishedSchemes(configuration)
    checks = PublishedChecks(configuration)
    return build(
        calendars_of(platform),
        ladder.policy(),
        ladders=ladders,
        limits=limits,
        schemes=schemes,
        checks=checks,
        applied=applied_of(platform),
    )


def sheets_of(platform: Platform) -> InMemorySheets | MongoSheets:
    """The sheets that the loop writes on this platform: lists across matters, and what rests on which calendar."""
    service, database = of(platform), platform.database("sla")
    if database is None:
        return InMemorySheets(cast("InMemoryStore[ClockSheet]", platform.store(service)), platform.clock.now)
    return MongoSheets(database, platform.clock, service.collection)


def look_ups_of(platform: Platform) -> ClockLookUps:
    """What is looked up of sheets, calendars and the catalogue on this platform."""
    configuration, store = configuration_of(platform), platform.store(of(platform))
    published = calendars_of(platform), PublishedCatalogue(configuration)
    ladders, checks = PublishedLadders(configuration), PublishedChecks(configuration)
    return ClockLookUps(store, *published, platform.clock.now, lambda: configuration.is_caught_up, ladders, checks)


def what_ifs_of(platform: Platform) -> LogWhatIfs:
    """The log of this platform, to be played under what is published on it and under a candidate."""
    ladder, configuration = load(LadderSettings), configuration_of(platform)
    limits = PublishedLimits(configuration, ladder.ladder())

    def over(calendars: Calendars, ladders: Ladders, applied: AppliedStandards) -> Service[ClockSheet]:
        schemes, checks = PublishedSchemes(configuration), PublishedChecks(configuration)
        given = calendars, ladder.policy(), None, ladders, limits, schemes, checks
        return build(*given, applied=applied)

    published = PublishedLadders(configuration), PublishedCatalogue(configuration), applied_of(platform)
    sides = PublishedSides(over, calendars_of(platform), *published)
    return LogWhatIfs(platform.tail("tickets"), sides, platform.clock.now)


async def api(platform: Platform) -> FastAPI:
    """sla's HTTP, with the configuration kept fresh beside it."""
    settings, service, clock = load(SlaSettings), of(platform), platform.clock
    store, configuration = platform.store(service), configuration_of(platform)
    desk = look_ups_of(platform)
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    words = WordKeys(vault_of(platform, "words_keys"), wrap, clock.stopwatch)
    window = ClockRequests(desk, RequestDesk(service, store, platform.writer, clock), words)

    gate = Gate(settings.token_public_key, clock.wall, lambda: configuration.all(TokenKeyPublished))
    sheets, book = sheets_of(platform), CatalogueBook(configuration, platform.writer, clock)
    app = build_app(window, sheets, gate, while_answering(store))
    add_what_if(app, desk, what_ifs_of(platform))
    add_publishing(app, PublishingOffice(desk, book, clock))
    add_applying(app, ApplyingOffice(desk, sheets, book))
    app.state.background += [
        Worker("configuration", configuration.run),
        Worker("gaps", counting_gaps(desk)),
        Worker("calendar", watching_the_calendar(desk.calendars)),
    ]
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the publication of calendar and catalogue and the sweep for clocks that are to be set anew, once what
    is published was read; and timers.

    The indexes are laid before they start.
    """
    sheets = sheets_of(platform)
    if isinstance(sheets, MongoSheets):
        await sheets.create_indexes()
    configuration, service = configuration_of(platform), of(platform)
    looping = await workers_of(platform, service)
    sweep = ClockSweep(service, sheets, calendars_of(platform), applied_of(platform), platform)
    deciding = [
        *looping,
        Worker("publication", publishing(platform)),
        Worker("coverage", finding_coverage(platform)),
        Worker("clock-sweep", sweep.run),
        Worker("old-clocks", sweep.counting),
    ]
    waiting = ["publication", "coverage", "clock-sweep", "old-clocks"]
    return [*informed("sla", configuration, deciding, waiting), Worker("configuration", configuration.run)]
