"""The reporter's view: number and query code, nothing else. Guesses of a code are limited.

A number that nobody knows here is said to be unknown and counts as no guess: the portal may not have read it yet, and
numbers are no secret (60 bits, and whoever has one finds its public page).
"""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.vocabulary import Language
from runtime.clock import Clock
from runtime.http.addresses import Address
from runtime.http.bodies import FORM, limited
from runtime.identity.code_attempts import TooManyGuesses, WrongCode
from services.portal.pages.frame.render import Pages
from services.portal.reading.api.code_desk import CodeDesk, NumberUnknown

TYPED_AT_MOST = 40  # characters of a number or a code as people type them


def reporter_routes(desk: CodeDesk, pages: Pages, clock: Clock) -> APIRouter:
    """The form and the page behind it."""
    routes = APIRouter()

    @routes.get("/mine", response_class=HTMLResponse)
    async def form(lang: Annotated[Language, Query()] = "zh", number: Annotated[str, Query(max_length=40)] = "") -> str:
        return pages.mine(lang, number=number)

    @routes.post("/mine", response_class=HTMLResponse)
    async def own_page(request: Request, address: Address, lang: Annotated[Language, Query()] = "zh") -> Response:
        number, code = _typed(await limited(request, FORM))
        try:
            opened = await desk.open(number, code, address)
        except NumberUnknown:
            return HTMLResponse(pages.mine(lang, number=number, problem="mine_unknown"), status_code=404)
        except WrongCode:
            return HTMLResponse(pages.mine(lang, number=number, problem="mine_refused"), status_code=404)
        except TooManyGuesses:
            return HTMLResponse(pages.mine(lang, number=number, problem="mine_slow"), status_code=429)
        return HTMLResponse(pages.ticket(lang, opened.ticket, clock.now(), reporter=True))

    return routes


def _typed(body: bytes) -> tuple[str, str]:
    """Number and code of the form; what is missing or too long is empty, and so wrong."""
    try:
        fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=8)
    except ValueError:
        return "", ""
    number, code = (fields.get(name, [""])[0] for name in ("number", "code"))
    return number[:TYPED_AT_MOST], code[:TYPED_AT_MOST]
