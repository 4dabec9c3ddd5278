"""Feedback's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from collections.abc import Mapping
from typing import Any, cast

from fastapi import FastAPI

from contracts.envelope import Body, WakeUp
from contracts.messages.feedback import (
    CompleteTicket,
    EvaluateTicket,
    PlanTicket,
    RecordLookBack,
    ReopenTicket,
    ReportProgress,
)
from contracts.messages.intake import TicketErased, WithdrawTicket
from contracts.messages.routing import TicketAccepted
from runtime.delivery.service import Service
from runtime.http.addresses import networks
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.identity.vault import WordKeys
from runtime.memory.store import InMemoryStore
from runtime.process.platform import Platform, vault_of
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.feedback.adapters.memory import InMemoryCases
from services.feedback.adapters.mongo import MongoCases
from services.feedback.api.app import build_app
from services.feedback.api.tickets import CaseRequests
from services.feedback.domain.case import Case, wake_at
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.handlers import FeedbackHandlers, Handler
from services.feedback.ports import Cases
from services.feedback.settings import FeedbackRules, FeedbackSettings

USUAL = EvaluationPolicy()


def build(policy: EvaluationPolicy = USUAL) -> Service[Case]:
    """Feedback under a policy."""
    return Service(
        name="feedback",
        says="tickets",
        document=Case,
        reacts=reacts(FeedbackHandlers(policy)),
        wake_at=wake_at,
        collection="cases",
    )


def reacts(handlers: FeedbackHandlers) -> Mapping[type[Body], Handler]:
    """What feedback reacts to."""
    return {
        TicketAccepted: handlers.on_ticket_accepted,
        PlanTicket: handlers.on_plan_ticket,
        ReportProgress: handlers.on_report_progress,
        CompleteTicket: handlers.on_complete_ticket,
        EvaluateTicket: handlers.on_evaluate_ticket,
        RecordLookBack: handlers.on_record_look_back,
        ReopenTicket: handlers.on_reopen_ticket,
        WithdrawTicket: handlers.on_withdraw_ticket,
        WakeUp: handlers.on_wake_up,
        TicketErased: handlers.on_ticket_erased,
    }


def of(platform: Platform) -> Service[Case]:
    """Feedback on this platform, under the installation's rules."""
    if "feedback.service" not in platform.shared:
        platform.shared["feedback.service"] = build(load(FeedbackRules).policy())
    return cast("Service[Case]", platform.shared["feedback.service"])


def cases_of(platform: Platform) -> Cases:
    """The cases that the loop writes on this platform."""
    service, database = of(platform), platform.database("feedback")
    if database is None:
        return InMemoryCases(cast("InMemoryStore[Case]", platform.store(service)))
    return MongoCases(database, service.collection)


async def api(platform: Platform) -> FastAPI:
    """Feedback's HTTP."""
    settings, clock = load(FeedbackSettings), platform.clock
    wrap = key_wrap(settings.vault_key, secrets.token_bytes)
    words = WordKeys(vault_of(platform, "words_keys"), wrap, clock.wall)
    store: Any = platform.store(of(platform))
    desk = RequestDesk(of(platform), store, platform.writer, clock)
    window = CaseRequests(desk, cases_of(platform), words, CodeAttempts(clock.wall), settings.code_secret.encode())

    app = build_app(window, Gate(settings.token_public_key, clock.wall), while_answering(store))
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop and the reminders' timers; the indexes are laid before they start."""
    cases = cases_of(platform)
    if isinstance(cases, MongoCases):
        await cases.create_indexes()
    return await workers_of(platform, of(platform))
