"""What routing's routes share: finding the matter for whoever asks, sealing words, asking the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from contracts.envelope import Actor, Body, Message
from contracts.identifiers import parse_number
from contracts.sealed import SealField
from runtime.http.app import answer, parsed, to_ask
from runtime.http.bodies import canonical
from runtime.http.problems import not_found
from runtime.http.requests import RequestDesk, seconds
from runtime.identity.tokens import Principal, scope_of
from services.routing.api.bodies import RoutingBody
from services.routing.ports import Assignments, AssignmentScope, FiledAssignment, ReasonSeals


@dataclass(frozen=True, slots=True)
class AssignmentRequests:
    """What the routes share: finding the matter for whoever asks, sealing words, asking the log."""

    desk: RequestDesk
    assignments: Assignments
    words: ReasonSeals

    async def found(self, number: str, staff: Principal) -> FiledAssignment:
        """The matter in the scope of ``staff``; one 404 for what does not exist and what is not theirs."""
        found = await self.assignments.find([parsed(parse_number, number)], reach_of(staff))
        if not found:
            raise not_found()
        return found[0]

    async def ask(
        self, filed: FiledAssignment, staff: Principal, key: str, body: Body, wanted: RoutingBody
    ) -> Response:
        """Put the request into the log and answer with its outcome. ``wanted``: as it was sent."""
        sent = canonical(wanted)
        asked = await self.desk.ask(self.desk.request(filed.ticket, body, actor_of(staff), key, sent=sent))
        return answer(asked, _requests_of(filed))

    async def put(self, numbers: Sequence[str], staff: Principal, key: str, body: Body) -> dict[str, Any]:
        """Put one request per matter into the log in one go; those out of reach are named, not done."""
        sent = canonical(body)
        wanted = [parsed(parse_number, each, "body", "numbers", nth) for nth, each in enumerate(numbers)]
        found = await self.assignments.find(wanted, reach_of(staff))
        asked = [(filed, self.desk.request(filed.ticket, body, actor_of(staff), key, sent=sent)) for filed in found]
        await self.desk.put([request for _, request in asked])
        requested = [{"number": filed.assignment.number, "ask": _where(filed, request)} for filed, request in asked]
        missing = sorted(set(wanted) - {filed.assignment.number for filed in found})
        return {"requested": requested, "not_found": missing}

    async def sealed(self, filed: FiledAssignment, text: str, field: SealField = SealField.EXPLANATION) -> str:
        """What staff wrote, under the ticket's words key. Once the keys are destroyed nothing more is kept: then ""."""
        return (await self.words.seal(filed.ticket, field, text) or "") if text else ""

    async def outcome(self, filed: FiledAssignment, request: str, at: int) -> Response:
        """What became of an earlier request; 202 while nobody knows. Raises request_unknown."""
        return answer(await self.desk.asked(filed.ticket, request, at), _requests_of(filed))


def _requests_of(filed: FiledAssignment) -> str:
    return f"/v1/tickets/{filed.assignment.number}/requests"


def _where(filed: FiledAssignment, request: Message[Body]) -> str:
    return to_ask(_requests_of(filed), request.id, seconds(request))


def reach_of(staff: Principal) -> AssignmentScope:
    """What the token lets its bearer see."""
    scope = scope_of(staff)
    return AssignmentScope(scope.division, scope.unit)


def actor_of(staff: Principal) -> Actor:
    """Staff as a message names them."""
    return Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")
