"""What whoever asks may do with a matter now, and where: from one table, so that nobody finds it out by trying."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from contracts.actions import REPORTER
from contracts.identifiers import parse_number
from runtime.clock import Clock
from runtime.http.addresses import Address
from runtime.http.app import parsed
from runtime.identity.tokens import MaybeStaff
from services.portal.reading.api import answers
from services.portal.reading.api import staff as lists
from services.portal.reading.api.code_desk import CODE_HEADER, CodeDesk
from services.portal.reading.ports import Tickets
from services.portal.reading.ticket import offers


def action_routes(tickets: Tickets, desk: CodeDesk, clock: Clock) -> APIRouter:
    """The actions of one matter, for staff in scope and for the holder of a code; with the time that counts here."""
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
            opened = await desk.open(known, code, address)
            ticket, role, is_confirmed = opened.ticket, REPORTER, opened.is_confirmed
        else:
            ticket, role, is_confirmed = await lists.in_scope(tickets, known, lists.scope_of(staff)), staff.role, True
        found = tuple(offers.offers(ticket.number, ticket.state, role, is_confirmed=is_confirmed))
        told = {"number": ticket.number, "state": ticket.state, "role": role, "now": clock.now(), "actions": found}
        return answers.json(told)

    return routes
