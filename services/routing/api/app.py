"""Routing's routes: the work list, assignment, acceptance, return."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Response

from contracts.messages.routing import AcceptTicket, AssignTicket, ReturnTicket
from contracts.sealed import SealField
from runtime.http.app import AskedAt, IdempotencyKey, Ready, create_app
from runtime.identity.tokens import Gate, Staff, require
from services.routing.api.bodies import Acceptance, BulkAssignation, Decision, Return
from services.routing.api.look_ups import LookUps, known, look_up
from services.routing.api.tickets import AssignmentRequests, reach_of
from services.routing.domain.assignment.assignment import WAITING, AssignmentState
from services.routing.ports import FiledAssignment, Kinds

Number = Annotated[str, Path(max_length=40)]
LISTED_AT_MOST = 1000  # entries of the work list in one answer


def build_app(window: AssignmentRequests, shelf: LookUps, gate: Gate, ready: Ready) -> FastAPI:
    app = create_app("duban routing", ready)
    app.state.gate = gate
    _assigning(app, window, shelf.kinds)
    _deciding(app, window, shelf)
    _listing(app, window, shelf)
    look_up(app, shelf)
    return app


def _assigning(app: FastAPI, window: AssignmentRequests, kinds: Kinds) -> None:
    @app.post("/v1/tickets/{number}/assignment")
    async def assign_ticket(
        number: Number, wanted: Decision, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """一键交办; in a dispute, the supervision office's decision and its reason."""
        require(staff, "lead", "supervisor")
        category = known(kinds, wanted.category)
        filed = await window.found(number, staff)
        reason = await window.sealed(filed, wanted.reason, SealField.REASON)
        body = AssignTicket(unit=wanted.unit, category=category, reason=reason, gives_reason=bool(wanted.reason))
        return await window.ask(filed, staff, idempotency_key, body, wanted)

    @app.post("/v1/assignments", status_code=202)
    async def assign_tickets(wanted: BulkAssignation, staff: Staff, idempotency_key: IdempotencyKey) -> dict[str, Any]:
        """一键交办 in bulk: where each matter's outcome can be asked for."""
        require(staff, "lead", "supervisor")
        body = AssignTicket(unit=wanted.unit, category=known(kinds, wanted.category))
        return await window.put(wanted.numbers, staff, idempotency_key, body)


def _deciding(app: FastAPI, window: AssignmentRequests, shelf: LookUps) -> None:
    @app.get("/v1/tickets/{number}/standards")
    async def standards(number: Number, staff: Staff) -> list[dict[str, Any]]:
        """可选用的办理标准: those under which the unit that has the matter may accept it."""
        return shelf.choices((await window.found(number, staff)).assignment)

    @app.post("/v1/tickets/{number}/acceptance")
    async def accept_ticket(
        number: Number, wanted: Acceptance, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """受理: the choice of a standard is the promise to the reporter."""
        require(staff, "unit")
        filed = await window.found(number, staff)
        return await window.ask(filed, staff, idempotency_key, AcceptTicket(standard=wanted.standard), wanted)

    @app.post("/v1/tickets/{number}/return")
    async def return_ticket(number: Number, wanted: Return, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        require(staff, "unit")
        filed = await window.found(number, staff)
        body = ReturnTicket(ground=wanted.ground, explanation=await window.sealed(filed, wanted.explanation))
        return await window.ask(filed, staff, idempotency_key, body, wanted)

    @app.get("/v1/tickets/{number}/requests/{request}")
    async def outcome(number: Number, request: str, staff: Staff, asked: AskedAt = 0) -> Response:
        """What became of a request that was answered with 202."""
        return await window.outcome(await window.found(number, staff), request, asked)


def _listing(app: FastAPI, window: AssignmentRequests, shelf: LookUps) -> None:
    @app.get("/v1/work-list")
    async def work_list(
        staff: Staff,
        state: Literal["", "queued", "assigned", "disputed"] = "",
        at_most: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 100,
    ) -> list[dict[str, Any]]:
        """待办: what waits in the caller's scope; urgent matters first, then the oldest."""
        states = [AssignmentState(state)] if state else list(WAITING)
        waiting = await window.assignments.waiting(reach_of(staff), states, at_most)
        return [_shown(filed) | {"names": shelf.named(filed.assignment.places)} for filed in waiting]


def _shown(filed: FiledAssignment) -> dict[str, Any]:
    """An entry of the work list: nothing of the reporter."""
    shown = asdict(filed.assignment)
    return {"ticket": filed.ticket} | {name: value for name, value in shown.items() if name != "voters"}
