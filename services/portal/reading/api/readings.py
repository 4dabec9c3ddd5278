"""How a text is shown to staff: what of it is hidden, and where."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from contracts.trial import TrialText
from runtime.http.bodies import CheckedRoute
from runtime.identity.tokens import Staff
from runtime.quotes import Quote
from services.portal.reading.ticket.masking import Own, hidden_in, mask, mask_people


def read(asked: TrialText) -> dict[str, Any]:
    """The words as the office reads them, as the unit that handles the matter does, and what is hidden of whom."""
    own = Own(asked.given)
    fields = {"title": asked.title, "content": asked.content, "place": asked.place}
    return {
        "masking": {
            "office": {name: mask(text, own) for name, text in fields.items()},
            "unit": {name: mask_people(text, own) for name, text in fields.items()},
            "evidence": [asdict(each) for name, text in fields.items() for each in _hidden(name, text, own)],
        }
    }


def _hidden(name: str, text: str, own: Own) -> list[Quote]:
    return [Quote(name, start, end, text[start:end]) for start, end in sorted(set(hidden_in(text, own)))]


def reading_routes() -> APIRouter:
    """The route for staff who ask what a unit reads of a text."""
    routes = APIRouter(route_class=CheckedRoute)

    @routes.post("/v1/readings")
    async def readings(staff: Staff, asked: TrialText) -> dict[str, Any]:
        """How a text is shown to staff. Nothing of it is kept."""
        return read(asked)

    return routes
