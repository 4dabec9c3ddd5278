"""What anybody may see: the live page, the list, a ticket's story without words, the six counters, the stream."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field, model_validator

from contracts.identifiers import NumberMalformed, parse_number
from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language
from runtime.clock import Clock
from runtime.http.bodies import AS_READ
from services.portal.pages.frame.render import ListPage, Pages
from services.portal.reading.api.answers import json
from services.portal.reading.board.board import LANES
from services.portal.reading.live.boards import BoardPlace, Boards
from services.portal.reading.ports import Tickets
from services.portal.reading.search.filters import PUBLIC, Filters, TicketScope, in_scope
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.lights import Light

PAGE_SIZE = 30
LAST_PAGE = 200  # a reader who needs more asks with filters
DIVISION = r"^([0-9]{2,12})?$"  # province to township, "" is the site's own

Lang = Annotated[Language, Query()]
Division = Annotated[str, AS_READ, Query(pattern=DIVISION)]


class PublicFilters(BaseModel):
    """The filters of the public list. No text: the words are not public."""

    counter: OfficialCounter | None = None
    light: Light | None = None
    overdue: bool | None = None
    urgent: bool | None = None
    collective: bool | None = None
    ordered: bool | None = None
    reworked: bool | None = None
    division: Annotated[str, AS_READ] = Field(default="", pattern=DIVISION)
    page: int = 1
    lang: Language = "zh"

    @model_validator(mode="before")
    @classmethod
    def _chosen(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """A browser sends "" for 全部: nothing was chosen."""
        return {name: value for name, value in given.items() if value != ""}

    def filters(self) -> Filters:
        """As the domain has them. What was withdrawn is in no counter, and not in this list."""
        return Filters(
            states=tuple(LANES),
            counter=self.counter,
            lights=(self.light,) if self.light else (),
            overdue=self.overdue,
            urgent=self.urgent,
            collective=self.collective,
            ordered=self.ordered,
            reworked=self.reworked,
        )


def public_routes(tickets: Tickets, boards: Boards, pages: Pages, clock: Clock) -> APIRouter:
    """The routes without a token."""
    routes = APIRouter()

    async def place(division: Division = "") -> BoardPlace:
        return await boards.of(division)

    @routes.get("/", response_class=HTMLResponse)
    async def live_page(where: Annotated[BoardPlace, Depends(place)], lang: Lang = "zh") -> str:
        return pages.live(lang, await where.board.latest(), where.site)

    @routes.get("/v1/counters")
    async def six_counters(where: Annotated[BoardPlace, Depends(place)]) -> Response:
        board = await where.board.latest()
        apart = {"withdrawn": board.withdrawn, "invalid": board.invalid}
        return json({"now": board.now, **asdict(board.counters), "valid": board.counters.valid, **apart})

    @routes.get("/v1/live", response_class=EventSourceResponse, dependencies=[Depends(boards.admit)])
    async def stream(where: Annotated[BoardPlace, Depends(place)]) -> AsyncIterator[ServerSentEvent]:
        async for event in boards.watch(where.board):
            yield event

    _list_routes(routes, tickets, boards, pages, clock)
    return routes


def _list_routes(routes: APIRouter, tickets: Tickets, boards: Boards, pages: Pages, clock: Clock) -> None:
    @routes.get("/tickets", response_class=HTMLResponse)
    async def list_page(asked: Annotated[PublicFilters, Query()]) -> str:
        now, page = clock.now(), min(max(asked.page, 1), LAST_PAGE)
        site, filters = (await boards.of(asked.division)).site, asked.filters()
        scope = TicketScope(division=site.division, invalid_too=False)
        found = await tickets.find(filters, scope, now, skip=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        last = min(max(1, -(-found.total // PAGE_SIZE)), LAST_PAGE)
        shown = ListPage(asked=filters, found=found, page=page, pages=last)
        return pages.tickets(asked.lang, shown, now, site)

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
