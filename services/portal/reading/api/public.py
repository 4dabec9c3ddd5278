"""What anybody may see: the board and its stream, the six counters, the list, a matter's story without words."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from contracts.identifiers import parse_number
from runtime.clock import Clock
from runtime.http.addresses import Address
from runtime.http.app import parsed
from runtime.http.bodies import AS_READ
from runtime.http.problems import not_found
from services.portal.reading.api import answers, fields
from services.portal.reading.api.brief import brief_routes
from services.portal.reading.api.fields import PublicFilters
from services.portal.reading.api.paging import ListedPage, PagePlace, PublicList
from services.portal.reading.board import board
from services.portal.reading.live.boards import BoardPlace, Boards
from services.portal.reading.live.briefs import Briefs
from services.portal.reading.live.open_streams import OpenStreams
from services.portal.reading.ports import Tickets
from services.portal.reading.search.filters import PUBLIC, Filters, TicketScope, in_scope
from services.portal.reading.ticket import visibility

Division = Annotated[
    str, AS_READ, Query(pattern=fields.DIVISION, description="A place inside the site; empty is all of it")
]

AskedPlace = Callable[[Division], Awaitable[BoardPlace]]


def public_routes(tickets: Tickets, boards: Boards, clock: Clock, streams: OpenStreams | None = None) -> APIRouter:
    """The JSON routes without a token."""

    async def place(division: Division = "") -> BoardPlace:
        return await boards.of(division)

    routes = APIRouter()
    _board_routes(routes, place)
    _stream_routes(routes, boards, place, streams or OpenStreams())
    _ticket_routes(routes, tickets, boards, clock)
    routes.include_router(brief_routes(Briefs(tickets, clock), place, clock))
    return routes


def _board_routes(routes: APIRouter, place: AskedPlace) -> None:
    @routes.get("/v1/board")
    async def whole_board(where: Annotated[BoardPlace, Depends(place)]) -> Response:
        seen = await where.board.latest()
        return answers.json(answers.whole(seen, where.site))

    @routes.get("/v1/counters")
    async def six_counters(where: Annotated[BoardPlace, Depends(place)]) -> Response:
        seen = await where.board.latest()
        apart = {"withdrawn": seen.withdrawn, "invalid": seen.invalid}
        return answers.json({"now": seen.now, **asdict(seen.counters), "valid": seen.counters.valid, **apart})


def _stream_routes(routes: APIRouter, boards: Boards, place: AskedPlace, streams: OpenStreams) -> None:
    async def held(address: Address) -> AsyncIterator[None]:
        with streams.held(address):
            yield

    @routes.get("/v1/live", response_class=EventSourceResponse)
    async def stream(
        where: Annotated[BoardPlace, Depends(place)], _held: Annotated[None, Depends(held)]
    ) -> AsyncIterator[ServerSentEvent]:
        async for event in boards.watch(where):
            yield event


def _ticket_routes(routes: APIRouter, tickets: Tickets, boards: Boards, clock: Clock) -> None:
    @routes.get("/v1/public/tickets")
    async def public_list(asked: Annotated[PublicFilters, Query()]) -> Response:
        now = clock.now()
        site = (await boards.of(asked.division)).site
        scope = TicketScope(division=site.division, invalid_too=False)
        wanted = Filters(state=tuple(board.LANES), **asked.asked())  # what was withdrawn is in no counter either
        place = PagePlace(page=asked.page, after=asked.after, before=asked.before)
        listed = await PublicList(tickets, wanted, scope, now).at(place)
        told = {"now": now, "site": site, "filters": answers.form(fields.PUBLIC, wanted)}
        return answers.json(told | answers.cards(listed.found, site.division, now) | _counted(listed))

    @routes.get("/v1/public/tickets/{number}")
    async def public_ticket(number: str) -> Response:
        ticket = await tickets.by_number(parsed(parse_number, number))
        if ticket is None or not in_scope(ticket, PUBLIC):
            raise not_found()
        return answers.json(answers.for_public(visibility.for_public(ticket), clock.now()))


def _counted(listed: ListedPage) -> dict[str, Any]:
    found = listed.found
    counted = {"total": found.total, "at_least": found.at_least, "page": listed.page, "pages": listed.pages}
    return counted | {"newer": listed.newer, "older": listed.older}
