"""How a text is read here: whether it would be registered, and how urgent it is, each with its evidence."""

from dataclasses import asdict
from typing import Any

from fastapi import FastAPI

from contracts.trial import TrialText
from runtime.identity.tokens import Staff
from runtime.quotes import quoted
from services.intake.domain.evidence import screening_evidence
from services.intake.domain.screening import screen, signals_of


def read(asked: TrialText) -> dict[str, Any]:
    """Screening and urgency of a text, as the loop decides them for a reporter of the public."""
    signals = signals_of(asked.title, asked.content, asked.place, can_be_asked=asked.contact)
    screening, words = screen(signals), {"title": asked.title, "content": asked.content}
    decided = {name: getattr(screening, name) for name in ("rule", "reason_zh", "reason_en", "redirected_to")}
    looked_at = {name: getattr(signals, name) for name in ("statement", "has_reference", "out_of_scope")}
    seen = screening_evidence(words, signals.out_of_scope)
    evidence = {what: [asdict(each) for each in found] for what, found in seen.items()}
    urgent = [asdict(each) for each in quoted(signals.urgency_words, words)]
    return {
        "screening": {"is_valid": screening.is_valid, **decided, "signals": looked_at, "evidence": evidence},
        "urgency": {"level": signals.urgency_level or "no", "kind": signals.urgency, "evidence": urgent},
    }


def reading(app: FastAPI) -> None:
    """Lay the route for staff who ask why a matter was screened out, or called urgent."""

    @app.post("/v1/readings")
    async def readings(staff: Staff, asked: TrialText) -> dict[str, Any]:
        """How a text is read: screening and urgency. Nothing of it is kept."""
        return read(asked)
