"""What whoever asks may do with a matter now, and where: from one table, so that nobody finds it out by trying."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from contracts.actions import REPORTER
from contracts.identifiers import parse_number
from runtime.http.addresses import Address
from runtime.http.app import parsed
from runtime.identity.tokens import MaybeStaff
from services.portal.reading.api import answers
from services.portal.reading.api import staff as lists
from services.portal.reading.api.code_desk import CODE_HEADER, CodeDesk
from services.portal.reading.ports import Tickets
from services.portal.reading.ticket import offers


def action_routes(tickets: Tickets, desk: CodeDesk) -> APIRouter:
    """The actions of one matter, for staff in scope and for the holder of a code."""
    routes = APIRouter()

    @routes.get("/v1/tickets/{number}/actions")
    async def actions(
        number: str,
        address: Address,
        staff: MaybeStaff,
        code: Annotated[str, Header(alias=CODE_HEADER, max_length=40)] = "",
    ) -> Response:
        """Each request with method and path; what may not be sent now says when it may."""
        known = parsed(parse_number, number)
        if staff is None:
            ticket, role = (await desk.open(known, code, address)).ticket, REPORTER
        else:
            ticket, role = await lists.in_scope(tickets, known, lists.scope_of(staff)), staff.role
        found = tuple(offers.offers(ticket.number, ticket.state, role))
        return answers.json({"number": ticket.number, "state": ticket.state, "role": role, "actions": found})

    return routes
