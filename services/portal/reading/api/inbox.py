"""The one inbox of an office: all that it has to do, the most pressing first; asked anew at the cost of one look."""

from hashlib import sha256
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Response

from runtime.clock import Clock
from runtime.identity.tokens import Principal, Staff, require
from services.portal.reading.api import answers
from services.portal.reading.api import staff as lists
from services.portal.reading.ports import Tickets
from services.portal.reading.ticket import work

OFFICE_OF = {
    "unit": work.UNIT,
    "head": work.HEAD,
    "lead": work.LEAD,
    "supervisor": work.SUPERVISION,
    "leader": work.LEADER,
    "clerk": work.CLERK,
}
"""Role → the office whose inbox it has; other roles have none."""
LIMIT, SKIP = 200, 10_000  # lines of one answer, and lines passed over
Limit = Annotated[int, Query(ge=1, le=LIMIT)]
Skip = Annotated[int, Query(ge=0, le=SKIP)]


def inbox_routes(tickets: Tickets, clock: Clock) -> APIRouter:
    """The inbox, within the scope of the token."""
    routes = APIRouter()

    @routes.get("/v1/inbox")
    async def inbox(
        staff: Staff,
        limit: Limit = 50,
        skip: Skip = 0,
        known: Annotated[str, Header(alias="If-None-Match", max_length=100)] = "",
    ) -> Response:
        """What is to be done now: urgent and untouched first, then orders to answer, then by the due instant."""
        office, now = _office(staff), clock.now()
        found = await tickets.inbox(office, lists.scope_of(staff), unit=staff.unit, limit=limit, skip=skip)
        lines = answers.inbox(found, work.field_of(office), now)
        tag = f'"{sha256(orjson.dumps([lines, found.more])).hexdigest()[:32]}"'
        if known == tag:
            return Response(status_code=304, headers={"ETag": tag})
        answer = answers.json({"now": now, "office": office, "more": found.more, "tickets": lines})
        answer.headers["ETag"] = tag
        return answer

    return routes


def _office(staff: Principal) -> str:
    require(staff, *OFFICE_OF)
    return OFFICE_OF[staff.role]
