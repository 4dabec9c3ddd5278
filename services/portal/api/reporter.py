"""The reporter's view: number and query code, nothing else. Guesses of a code are limited.

A number that nobody knows here is said to be unknown and counts as no guess: the portal may not have read it yet, and
numbers are no secret (60 bits, and whoever has one finds its public page).
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.identifiers import NumberMalformed, code_matches, parse_code, parse_number
from contracts.vocabulary import Language
from runtime.clock import Clock
from runtime.http.addresses import Address
from runtime.http.bodies import FORM, limited
from runtime.http.problems import Refusal
from runtime.identity.code_attempts import Guesses, TooManyGuesses, WrongCode
from services.portal import metrics
from services.portal.domain import readers
from services.portal.domain.ticket import Ticket, VoterCode
from services.portal.pages.render import Pages
from services.portal.ports import Tickets

CODE_HEADER = "Query-Code"
TYPED_AT_MOST = 40  # characters of a number or a code as people type them


class NumberUnknown(Refusal):
    """The portal knows no such number (yet): try again in a few minutes."""

    def __init__(self) -> None:
        zh = "没有查到这个登记号，请核对；刚登记的请几分钟后再查。"
        en = "No such number here. Check it; if it was registered just now, try again in a few minutes."
        super().__init__(404, "number_unknown", zh, en)


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket as the holder of one of its codes reads it."""

    ticket: Ticket
    voter: int


class CodeDesk:
    """Where a code is shown: checks it, and counts the wrong ones."""

    def __init__(self, tickets: Tickets, code_secret: bytes, clock: Clock) -> None:
        self._tickets, self._secret = tickets, code_secret
        self._guesses = Guesses(clock.wall)

    async def open(self, number: str, code: str, address: str) -> Opened:
        """The ticket, if the code is one of its codes. Raises NumberUnknown, WrongCode, TooManyGuesses."""
        tried = parse_code(number), address
        try:
            self._guesses.refuse_guessing(*tried)
        except TooManyGuesses:
            metrics.CODES_REFUSED.labels("limited").inc()
            raise
        ticket = await self._found(number)
        if ticket is None:
            metrics.CODES_REFUSED.labels("unknown").inc()
            raise NumberUnknown
        voter = self._voter(ticket, code)
        if voter is None:
            self._guesses.wrong(*tried)
            metrics.CODES_REFUSED.labels("wrong").inc()
            raise WrongCode
        return Opened(readers.for_voter(ticket, voter), voter.index)

    async def _found(self, number: str) -> Ticket | None:
        try:
            return await self._tickets.by_number(parse_number(number))
        except NumberMalformed:
            return None

    def _voter(self, ticket: Ticket, code: str) -> VoterCode | None:
        fits = [each for each in ticket.voters if code_matches(self._secret, ticket.id, code, each.digest)]
        return fits[0] if fits else None


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
