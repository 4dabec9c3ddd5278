"""Feedback's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

from fastapi import FastAPI

from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from contracts.labels import labels_of
from contracts.messages.staff import TokenKeyPublished
from runtime.delivery.records import Incoming, Outgoing
from runtime.delivery.service import Service, reactions
from runtime.http.addresses import networks
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import WordKeys
from runtime.memory.store import InMemoryStore
from runtime.process.configuration import informed
from runtime.process.part import Part
from runtime.process.platform import Platform, tried_codes_of, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.relay import Relay
from runtime.workers import Worker
from services.feedback.adapters.memory import InMemoryCases, InMemoryClassPlans
from services.feedback.adapters.mongo import MongoCases, MongoClassPlans
from services.feedback.adapters.published import DirectoryOfLeads, RulesInForce, configuration_of
from services.feedback.api.app import build_app
from services.feedback.api.class_plans import ClassPlanDesk, add_class_plans
from services.feedback.api.draws import DrawDesk, add_draws
from services.feedback.api.tickets import CaseRequests
from services.feedback.domain.affair import Affair
from services.feedback.domain.case import Case, wake_at
from services.feedback.domain.draw.draws import Draw
from services.feedback.domain.plan.class_plans import ClassPlan
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.handlers.accountability import AccountabilityHandlers
from services.feedback.handlers.affairs import AffairHandlers, AffairKind
from services.feedback.handlers.checks import CheckHandlers
from services.feedback.handlers.class_plans import ClassPlanHandlers
from services.feedback.handlers.conference import ConferenceObeyed
from services.feedback.handlers.contact import ContactHandlers
from services.feedback.handlers.draws import DrawHandlers
from services.feedback.handlers.evaluation import EvaluationHandlers
from services.feedback.handlers.finding import FindingHandlers
from services.feedback.handlers.handling import HandlingHandlers
from services.feedback.handlers.intake import ReporterHandlers
from services.feedback.handlers.motion import MotionHandlers
from services.feedback.handlers.planning import PlanHandlers
from services.feedback.handlers.review import ReviewHandlers
from services.feedback.handlers.routing import AcceptanceHandlers
from services.feedback.handlers.timers import CaseTimer
from services.feedback.ports import NOBODY_LEADS, NOTHING_PUBLISHED, Cases, ClassPlans, LeadUnits, PublishedRules
from services.feedback.settings import FeedbackRules, FeedbackSettings
from services.feedback.workers import checks, class_plans

USUAL = EvaluationPolicy()
CLASS_PLAN = "class_plan"
"""The stored name of that kind of affair."""


def build(policy: EvaluationPolicy = USUAL, rules: PublishedRules = NOTHING_PUBLISHED) -> Service[Case]:
    """Feedback under a policy of plans and votes, and what is published of plans and reviews."""
    reacts = reactions(
        AcceptanceHandlers(policy, rules),
        ContactHandlers(),
        MotionHandlers(policy),
        FindingHandlers(policy),
        ConferenceObeyed(),
        PlanHandlers(policy, rules),
        HandlingHandlers(policy, rules),
        ReviewHandlers(policy, rules),
        EvaluationHandlers(policy),
        ReporterHandlers(policy),
        CheckHandlers(),
        AccountabilityHandlers(),
        CaseTimer(policy),
    )
    return Service(
        name="feedback",
        says="tickets",
        document=Case,
        reacts=reacts,
        wake_at=wake_at,
        labels=lambda case: labels_of(case.division, case.category_code, case.unit),
        collection="cases",
    )


def of(platform: Platform) -> Service[Case]:
    """Feedback on this platform, under the installation's rules."""
    return platform.once(_service)


def _service(platform: Platform) -> Service[Case]:
    return build(load(FeedbackRules).policy(), RulesInForce(configuration_of(platform)))


def build_affairs(leads: LeadUnits = NOBODY_LEADS) -> Service[Affair]:
    """Feedback's other kind of document: affairs of several kinds, in a log of their own."""
    kinds: tuple[AffairKind[Any], ...] = (
        AffairKind("", Draw, DrawHandlers()),
        AffairKind(CLASS_PLAN, ClassPlan, ClassPlanHandlers(leads)),
    )
    return Service(
        name="feedback",
        part="affairs",
        says="affairs",
        document=Affair,
        kinds={kind.stored_as: kind.document for kind in kinds},
        reacts=reactions(AffairHandlers(kinds)),
        wake_at=lambda affair: affair.wake_at,
    )


def affairs_of(platform: Platform) -> Service[Affair]:
    """The affairs on this platform."""
    return platform.once(_affairs)


def _affairs(platform: Platform) -> Service[Affair]:
    return build_affairs(DirectoryOfLeads(configuration_of(platform)))


def class_plans_of(platform: Platform) -> ClassPlans:
    """The class plans among the affairs on this platform."""
    service, database = affairs_of(platform), platform.database("feedback")
    if database is None:
        return InMemoryClassPlans(cast("InMemoryStore[Affair]", platform.store(service)))
    return MongoClassPlans(database, service.collection, CLASS_PLAN)


def cases_of(platform: Platform) -> Cases:
    """The cases that the loop writes on this platform."""
    service, database = of(platform), platform.database("feedback")
    if database is None:
        return InMemoryCases(cast("InMemoryStore[Case]", platform.store(service)))
    return MongoCases(database, service.collection)


async def api(platform: Platform) -> FastAPI:
    settings, clock = load(FeedbackSettings), platform.clock
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    words = WordKeys(vault_of(platform, "words_keys"), wrap, clock.stopwatch)
    store: Any = platform.store(of(platform))
    desk = RequestDesk(of(platform), store, platform.writer, clock)
    window = CaseRequests(
        desk,
        cases_of(platform),
        words,
        CodeAttempts(tried_codes_of(platform), settings.code_secret.encode(), WRONG_CODE, TOO_MANY_CODES),
        settings.code_secret.encode(),
    )

    affairs: Any = platform.store(affairs_of(platform))
    affair_desk = RequestDesk(affairs_of(platform), affairs, platform.writer, clock)
    configuration = configuration_of(platform)
    gate = Gate(settings.token_public_key, clock.wall, lambda: configuration.all(TokenKeyPublished))
    app = build_app(window, gate, while_answering(store))
    add_draws(app, DrawDesk(affair_desk, affairs, settings.code_secret.encode()), window)
    add_class_plans(app, ClassPlanDesk(affair_desk, class_plans_of(platform)))
    app.state.background.append(Worker("configuration", configuration.run))
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, which begins once the rules were read, and its timers; the indexes are laid before they start."""
    cases = cases_of(platform)
    if isinstance(cases, MongoCases):
        await cases.create_indexes()
    configuration = configuration_of(platform)
    deciding = informed("feedback", configuration, await workers_of(platform, of(platform)))
    return [*deciding, Worker("configuration", configuration.run)]


async def affairs(platform: Platform) -> list[Worker]:
    """The loop over affairs, and the relay to what they concern: matters that were drawn, class plans in force."""
    plans, configuration = class_plans_of(platform), configuration_of(platform)
    if isinstance(plans, MongoClassPlans):
        await plans.create_indexes()
    reader = await platform.reader(checks.GROUP, ("affairs",), keeps=False)
    relay = Relay("checks", reader, platform.writer, relayed)
    deciding = informed("feedback.affairs", configuration, await workers_of(platform, affairs_of(platform)))
    return [*deciding, Worker("checks", relay.run), Worker("configuration", configuration.run)]


def relayed(record: Incoming) -> Sequence[Outgoing]:
    """What is put elsewhere because of an affair."""
    return [*checks.checks_of(record), *class_plans.published_by(record)]


PARTS: Mapping[str, Part] = {"affairs": Part(affairs, affairs_of, build_affairs)}
