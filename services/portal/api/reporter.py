"""The reporter's view: number and query code, nothing else. Guesses are limited; wrong and unknown look alike."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.identifiers import NumberMalformed, code_matches, parse_code, parse_number
from runtime.clock import Clock
from runtime.guesses import WITHIN, Guesses
from runtime.http import Refusal
from services.portal import metrics
from services.portal.domain.ticket import Ticket, VoterCode, seen_by
from services.portal.pages.render import Pages
from services.portal.pages.texts import Language
from services.portal.ports import Tickets

CODE_HEADER = "Query-Code"
TYPED_AT_MOST = 40  # characters of a number or a code as people type them


class WrongCode(Refusal):
    """Number or code is wrong: the two are not told apart."""

    def __init__(self) -> None:
        en = "Number or query code is wrong. Check both and try again."
        super().__init__(403, "wrong_code", "登记号或查询码不正确，请核对后再试。", en)


class TooManyGuesses(Refusal):
    """Too many wrong codes within ten minutes."""

    def __init__(self) -> None:
        zh, en = "尝试次数过多，请十分钟后再试。", "Too many wrong codes: try again in ten minutes."
        super().__init__(429, "too_many_guesses", zh, en, headers={"Retry-After": str(WITHIN.seconds)})


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket opened by the code of one of its reporters."""

    ticket: Ticket
    voter: int


class CodeDesk:
    """Where a code is shown: checks it, and counts the wrong ones."""

    def __init__(self, tickets: Tickets, code_secret: bytes, clock: Clock) -> None:
        self._tickets, self._secret = tickets, code_secret
        self._guesses = Guesses(clock.wall)

    async def open(self, number: str, code: str, address: str) -> Opened:
        """The ticket, if the code is one of its codes. Raises WrongCode, TooManyGuesses."""
        tried = (f"number {parse_code(number)}", f"address {address}")
        if any(self._guesses.too_many(each) for each in tried):
            metrics.CODES_REFUSED.labels("limited").inc()
            raise TooManyGuesses
        ticket = await self._found(number)
        voter = self._voter(ticket, code) if ticket else None
        if ticket is None or voter is None:
            for each in tried:
                self._guesses.wrong(each)
            metrics.CODES_REFUSED.labels("wrong").inc()
            raise WrongCode
        return Opened(seen_by(ticket, voter), voter.index)

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
    async def own_page(request: Request, lang: Annotated[Language, Query()] = "zh") -> Response:
        number, code = _typed(await request.body())
        try:
            opened = await desk.open(number, code, address_of(request))
        except WrongCode:
            return HTMLResponse(pages.mine(lang, number=number, problem="mine_refused"), status_code=403)
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


def address_of(request: Request) -> str:
    """Where a request came from."""
    return request.client.host if request.client else ""
