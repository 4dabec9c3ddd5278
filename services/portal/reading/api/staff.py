"""Lists for staff: every filter may be combined, the scope of the token is inside the query. And one ticket as JSON."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import parse_number
from contracts.messages.audit import Looked
from contracts.sealed import SealField
from contracts.vocabulary import OF_A_UNIT
from runtime.clock import Clock
from runtime.http.addresses import Address
from runtime.http.app import parsed
from runtime.http.audit import AuditTrail
from runtime.http.bodies import CheckedRoute
from runtime.http.problems import not_found
from runtime.identity import tokens
from runtime.identity.tokens import MaybeStaff, Principal, Staff, require
from runtime.values.fields import Writable
from services.portal.reading.api import answers
from services.portal.reading.api.code_desk import CODE_HEADER, CodeDesk
from services.portal.reading.api.fields import ListFilters
from services.portal.reading.ports import OpenedWords, Tickets
from services.portal.reading.search import filters
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket import visibility
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold.sealed import Sealed
from services.portal.reading.ticket.fold.words import own_of
from services.portal.reading.ticket.masking import Own

READ_ORIGINALS = ("supervisor", "leader")
READ_RESTRICTED = ("supervisor", "auditor")
"""Roles that read who was held to account."""


class LookSent(BaseModel):
    """What somebody wants to see that is masked for everybody, and why: the reason stands in the audit."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Literal["original"]
    reason: Annotated[str, Field(min_length=4, max_length=500), Writable]


def scope_of(principal: Principal) -> TicketScope:
    """What the principal may see, in the portal's words."""
    scope = tokens.scope_of(principal)
    return TicketScope(division=scope.division, unit=scope.unit or None)


def staff_routes(tickets: Tickets, desk: CodeDesk, clock: Clock, words: OpenedWords, trail: AuditTrail) -> APIRouter:
    """The JSON routes of staff; the single ticket also opens to a query code.

    ``words`` opens what the reporters gave of themselves, so that it is hidden in what staff read. ``trail``: whoever
    of staff looks at one matter is named there before it is shown; while it is silent, nothing is (503).
    """
    routes = APIRouter(route_class=CheckedRoute)

    @routes.get("/v1/tickets")
    async def list_tickets(asked: Annotated[ListFilters, Query()], staff: Staff) -> Response:
        now = clock.now()
        wanted, scope = asked.filters(), scope_of(staff)
        found = await tickets.find(wanted, scope, now, skip=asked.skip, limit=asked.limit, after=asked.after)
        return answers.json(answers.a_list(found, now, asked.skip))

    @routes.get("/v1/tickets/{number}")
    async def one_ticket(
        number: str,
        address: Address,
        staff: MaybeStaff,
        code: Annotated[str, Header(alias=CODE_HEADER, max_length=40)] = "",
    ) -> Response:
        now, known = clock.now(), parsed(parse_number, number)
        if staff is not None:
            found = await in_scope(tickets, known, scope_of(staff))
            shown = answers.for_staff(_as_read_by(staff, found, await _own(words, found)), now)
            await trail.say(staff.sub, _look(staff, known, "words"))
            return answers.json(shown)
        opened = await desk.open(known, code, address)
        return answers.json(answers.for_reporter(opened.ticket, opened.voter, now))

    @routes.post("/v1/tickets/{number}/looks")
    async def look_at_original(number: str, wanted: LookSent, staff: Staff) -> Response:
        """查看原文: the words as they were written; what reporters gave of themselves beside them stays sealed."""
        require(staff, *READ_ORIGINALS)
        now, known = clock.now(), parsed(parse_number, number)
        found = await in_scope(tickets, known, scope_of(staff))
        await trail.say(staff.sub, _look(staff, known, wanted.what, wanted.reason))
        original = visibility.original(found, restricted=staff.role in READ_RESTRICTED)
        return answers.json(answers.for_staff(original, now))

    return routes


def _look(staff: Principal, number: str, what: str, reason: str = "") -> Looked:
    return Looked(
        account=staff.sub,
        role=staff.role,
        unit=staff.unit,
        division=staff.division,
        number=number,
        what=what,
        reason=reason,
    )


def _as_read_by(staff: Principal, ticket: Ticket, own: Own) -> Ticket:
    at_work = staff.role in OF_A_UNIT and staff.unit == ticket.unit
    restricted = staff.role in READ_RESTRICTED
    return visibility.for_unit(ticket, own) if at_work else visibility.for_office(ticket, own, restricted=restricted)


async def _own(words: OpenedWords, ticket: Ticket) -> Own:
    sealed = [Sealed(SealField.HIDE, each) for each in ticket.hide]
    opened = await words.open_many({ticket.id: sealed}) if sealed else {}
    return own_of(opened.get(ticket.id, ()))


async def in_scope(tickets: Tickets, number: str, scope: TicketScope) -> Ticket:
    """The ticket within the scope; one 404 for what does not exist and what is not theirs."""
    ticket = await tickets.by_number(number)
    if ticket is None or not filters.in_scope(ticket, scope):
        raise not_found()
    return ticket
