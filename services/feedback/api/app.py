from typing import Annotated

from fastapi import FastAPI, Header, Query, Response

from contracts.envelope import Actor
from contracts.messages.feedback import EvaluateTicket, RecordAttempt, RecordLookBack, ReopenTicket
from contracts.sealed import SealField
from runtime.http.addresses import Address
from runtime.http.app import AskedAt, IdempotencyKey, Ready, create_app
from runtime.identity.tokens import Gate, MaybeStaff, Staff, require
from services.feedback.api.accountability import of_accountability
from services.feedback.api.bodies import AttemptBody, Evaluation, LookBack, Reopening
from services.feedback.api.classes import of_classes
from services.feedback.api.finding import of_findings
from services.feedback.api.handling import of_contact, of_requests, of_units
from services.feedback.api.plans import of_plans
from services.feedback.api.reviews import of_reviews
from services.feedback.api.tickets import CaseRequests, Number, actor_of, reach_of
from services.feedback.domain.case import Case
from services.feedback.domain.evaluation import rounds

QueryCode = Annotated[str, Header(alias="Query-Code", max_length=40)]
CALLS_AT_MOST = 200


def build_app(window: CaseRequests, gate: Gate, ready: Ready) -> FastAPI:
    app = create_app("duban feedback", ready)
    app.state.gate = gate
    of_plans(app, window)
    of_findings(app, window)
    of_accountability(app, window)
    of_units(app, window)
    of_classes(app, window)
    of_reviews(app, window)
    of_contact(app, window)
    of_requests(app, window)
    _of_reporters(app, window)
    _of_supervision(app, window)
    return app


def _of_reporters(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/evaluation")
    async def evaluate_ticket(
        number: Number, evaluation: Evaluation, query_code: QueryCode, address: Address, idempotency_key: IdempotencyKey
    ) -> Response:
        """评价, by registration number and query code; once a voter and round."""
        filed, voter = await window.for_reporter(number, query_code, address)
        words = await window.sealed(filed.ticket, SealField.EVALUATION, evaluation.words)
        body = EvaluateTicket(voter=voter, grade=evaluation.grade, solved=evaluation.solved, words=words)
        actor = Actor(role="reporter", principal=f"voter:{voter}")
        return await window.ask(filed, body, actor, idempotency_key, evaluation)

    @app.get("/v1/tickets/{number}/requests/{request}")
    async def outcome(
        number: Number,
        request: str,
        staff: MaybeStaff,
        address: Address,
        query_code: QueryCode = "",
        asked: AskedAt = 0,
    ) -> Response:
        """What became of a request that was answered with 202."""
        if staff is None:
            filed, _ = await window.for_reporter(number, query_code, address)
        else:
            filed = await window.for_staff(number, staff)
        return await window.outcome(filed, request, asked)


def _of_supervision(app: FastAPI, window: CaseRequests) -> None:
    @app.get("/v1/look-backs")
    async def look_backs(
        staff: Staff, limit: Annotated[int, Query(ge=1, le=CALLS_AT_MOST)] = 50, *, unreached: bool = False
    ) -> dict[str, list[dict[str, str | int]]]:
        """Matters whose filer stayed silent: somebody has to ask; ``unreached``: those whom nobody could reach."""
        require(staff, *rounds.ASKING)
        waiting = await window.cases.to_call(reach_of(staff), limit, unreached=unreached)
        return {"calls": [_call(each.case) for each in waiting]}

    @app.post("/v1/tickets/{number}/look-back-attempt")
    async def record_attempt(
        number: Number, attempt: AttemptBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """回访未接通: nobody answered; counted once a day."""
        require(staff, *rounds.ASKING)
        filed = await window.for_staff(number, staff)
        return await window.ask(filed, RecordAttempt(method=attempt.method), actor_of(staff), idempotency_key, attempt)

    @app.post("/v1/tickets/{number}/look-back")
    async def record_look_back(
        number: Number, look_back: LookBack, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        require(staff, *rounds.ASKING)
        filed = await window.for_staff(number, staff)
        note = await window.sealed(filed.ticket, SealField.NOTE, look_back.words)
        body = RecordLookBack(method=look_back.method, grade=look_back.grade, solved=look_back.solved, note=note)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, look_back)

    @app.post("/v1/tickets/{number}/reopening")
    async def reopen_ticket(
        number: Number, reopening: Reopening, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """复号 after a failed check: only the supervision office."""
        require(staff, "supervisor")
        filed = await window.for_staff(number, staff)
        body = ReopenTicket(reason=reopening.reason)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, reopening)


def _call(case: Case) -> dict[str, str | int]:
    return {"number": case.number, "unit": case.unit, "round": case.round, "attempts": len(case.call_days)}
