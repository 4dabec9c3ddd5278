"""Feedback's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import secrets
from base64 import b64decode
from typing import Any

from fastapi import FastAPI

from contracts.envelope import Body, WakeUp
from contracts.facts import TicketAccepted, TicketErased
from contracts.requests import (
    CompleteTicket,
    EvaluateTicket,
    PlanTicket,
    RecordLookBack,
    ReopenTicket,
    ReportProgress,
    WithdrawTicket,
)
from runtime.guesses import Guesses
from runtime.platform import Platform
from runtime.requests import Desk
from runtime.seals import KeyWrap
from runtime.serve import Worker, workers_of
from runtime.service import Service
from runtime.settings import load
from runtime.tokens import Gate
from runtime.vault import Words, vault_of
from services.feedback.api import Window, build_app
from services.feedback.domain import Case, wake_at
from services.feedback.handlers import Handlers
from services.feedback.settings import FeedbackSettings


def build() -> Service[Case]:
    """What feedback reacts to."""
    handlers = Handlers()
    reacts: dict[type[Body], Any] = {
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
    return Service(name="feedback", document=Case, reacts=reacts, wake_at=wake_at)


def of(platform: Platform) -> Service[Case]:
    """Feedback on this platform: it needs nothing else."""
    return build()


async def api(platform: Platform) -> FastAPI:
    """Feedback's HTTP."""
    settings, store = load(FeedbackSettings), platform.store(build())
    wrap = KeyWrap(b64decode(settings.vault_key), secrets.token_bytes)
    words = Words(vault_of(platform, "words_keys"), wrap, platform.clock.wall)
    desk = Desk("feedback", store, platform.writer, platform.clock)
    window = Window(desk, store, words, Guesses(platform.clock.wall), settings.code_secret.encode())

    async def ready() -> bool:
        return True

    return build_app(window, Gate(settings.token_public_key, platform.clock.wall), ready)


async def workers(platform: Platform) -> list[Worker]:
    """The loop and the reminders' timers."""
    return await workers_of(platform, of(platform))
