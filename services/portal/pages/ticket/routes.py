"""One matter as the public sees it."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from contracts.identifiers import NumberMalformed, parse_number
from services.portal.pages.frame.parameters import Lang
from services.portal.pages.frame.render import Frame
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.ticket import view
from services.portal.pages.ticket.texts import TEXTS


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page of a number, however it is typed."""
    page, found = frame.page("ticket", TEXTS), APIRouter()

    @found.get("/tickets/{number}", response_class=HTMLResponse)
    async def ticket_page(number: str, lang: Lang = "zh") -> Response:
        ticket = await _ticket(services, number)
        if ticket is None:
            return HTMLResponse(page.html(lang, "/", template="missing.html"), status_code=404)
        return HTMLResponse(view.html(page, lang, ticket))

    return found


async def _ticket(services: Services, typed: str) -> Json | None:
    try:
        found: Json = await services.get(f"/v1/public/tickets/{parse_number(typed)}")
    except NumberMalformed:
        return None
    except ServiceRefused as refused:
        if refused.status != 404:
            raise
        return None
    return found
