"""The reporter's view: number and query code, nothing else.

A number that nobody knows here is said to be unknown and counts as no guess: the portal may not have read it yet, and
numbers are no secret (60 bits, and whoever has one finds its public page).
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.identifiers import NumberMalformed, parse_code, parse_number
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from runtime.http.bodies import FORM, limited
from services.portal.pages.frame.parameters import Lang
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.mine import texts
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.ticket import texts as of_the_ticket
from services.portal.pages.ticket import view

TYPED_AT_MOST = 40  # characters of a number or a code as people type them
UNKNOWN = "mine_unknown"
PROBLEMS: Mapping[str, str] = {
    "number_unknown": UNKNOWN,
    "wrong_code": "mine_refused",
    "too_many_guesses": "mine_slow",
}
"""What the API's problem is called on the form."""


def routes(frame: Frame, services: Services) -> APIRouter:
    """The form and the page behind it."""
    page, own, found = frame.page("mine", texts.TEXTS), frame.page("ticket", of_the_ticket.TEXTS), APIRouter()

    @found.get("/mine", response_class=HTMLResponse)
    async def form(lang: Lang = "zh", number: Annotated[str, Query(max_length=40)] = "") -> str:
        return html(page, lang, number)

    @found.post("/mine", response_class=HTMLResponse)
    async def own_page(request: Request, address: Address, lang: Lang = "zh") -> Response:
        number, code = _typed(await limited(request, FORM))
        try:
            ticket = await _opened(services, number, code, address)
        except NumberMalformed:
            return HTMLResponse(html(page, lang, number, UNKNOWN), status_code=404)
        except ServiceRefused as refused:
            if refused.code not in PROBLEMS:
                raise
            return HTMLResponse(html(page, lang, number, PROBLEMS[refused.code]), status_code=refused.status)
        return HTMLResponse(view.html(own, lang, ticket, reporter=True))

    return found


def html(page: Page, language: Language, number: str, problem: str = "") -> str:
    """The form; ``problem`` is a name of its texts."""
    return page.html(language, "/mine", number=number, problem=problem)


async def _opened(services: Services, number: str, code: str, address: str) -> Json:
    path, proof = f"/v1/tickets/{parse_number(number)}", {"Query-Code": code}
    opened: Json = await services.get(path, headers=proof, address=address)
    return opened


def _typed(body: bytes) -> tuple[str, str]:
    """Number and code of the form; what is missing or too long is empty, and so wrong."""
    try:
        fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=8)
    except ValueError:
        return "", ""
    number, code = (fields.get(name, [""])[0] for name in ("number", "code"))
    return number[:TYPED_AT_MOST], _header_safe(parse_code(code[:TYPED_AT_MOST]))


def _header_safe(code: str) -> str:
    """A code goes in a header; no right one has another character than these."""
    return "".join(each for each in code if each.isascii() and each.isprintable())
