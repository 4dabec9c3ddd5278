"""What anybody may see: the live page, the list, a ticket's story without words, the six counters, the stream."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from contracts.identifiers import NumberMalformed, parse_number
from runtime.clock import Clock
from services.portal.api.answers import json
from services.portal.api.live import LiveBoard
from services.portal.domain.counters import Counter
from services.portal.domain.filters import PUBLIC, Filters, in_scope
from services.portal.domain.lights import Light
from services.portal.domain.ticket import Ticket
from services.portal.pages.render import ListPage, Pages
from services.portal.pages.texts import Language
from services.portal.ports import Tickets

PAGE_SIZE = 30
LAST_PAGE = 200  # a reader who needs more asks with filters

Lang = Annotated[Language, Query()]


class PublicFilters(BaseModel):
    """The filters of the public list. No text: the words are not public."""

    counter: Counter | None = None
    light: Light | None = None
    urgent: bool | None = None
    collective: bool | None = None
    ordered: bool | None = None
    reworked: bool | None = None
    page: int = 1
    lang: Language = "zh"

    def filters(self) -> Filters:
        """As the domain has them."""
        return Filters(
            counter=self.counter,
            lights=(self.light,) if self.light else (),
            urgent=self.urgent,
            collective=self.collective,
            ordered=self.ordered,
            reworked=self.reworked,
        )


def public_routes(tickets: Tickets, live: LiveBoard, pages: Pages, clock: Clock) -> APIRouter:
    """The routes without a token."""
    routes = APIRouter()

    @routes.get("/", response_class=HTMLResponse)
    async def live_page(lang: Lang = "zh") -> str:
        board = await live.latest()
        return pages.live(lang, board.counters, board.now)

    @routes.get("/v1/counters")
    async def six_counters() -> Response:
        board = await live.latest()
        return json({"now": board.now, **asdict(board.counters), "valid": board.counters.valid})

    @routes.get("/v1/live", response_class=EventSourceResponse, dependencies=[Depends(live.admit)])
    async def stream() -> AsyncIterator[ServerSentEvent]:
        async for event in live.watch():
            yield event

    _list_routes(routes, tickets, pages, clock)
    return routes


def _list_routes(routes: APIRouter, tickets: Tickets, pages: Pages, clock: Clock) -> None:
    @routes.get("/tickets", response_class=HTMLResponse)
    async def list_page(asked: Annotated[PublicFilters, Query()]) -> str:
        now, page = clock.now(), min(max(asked.page, 1), LAST_PAGE)
        filters = asked.filters()
        found = await tickets.find(filters, PUBLIC, now, skip=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        last = min(max(1, -(-found.total // PAGE_SIZE)), LAST_PAGE)
        shown = ListPage(asked=filters, found=found.tickets, total=found.total, page=page, pages=last)
        return pages.tickets(asked.lang, shown, now)

    @routes.get("/tickets/{number}", response_class=HTMLResponse)
    async def ticket_page(number: str, lang: Lang = "zh") -> Response:
        ticket = await _found(tickets, number)
        if ticket is None:
            return HTMLResponse(pages.missing(lang), status_code=404)
        return HTMLResponse(pages.ticket(lang, ticket, clock.now()))


async def _found(tickets: Tickets, number: str) -> Ticket | None:
    try:
        ticket = await tickets.by_number(parse_number(number))
    except NumberMalformed:
        return None
    return ticket if ticket and in_scope(ticket, PUBLIC) else None
