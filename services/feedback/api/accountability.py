"""Routes of what came of a matter: who was held to account, which rule was made (E12)."""

from fastapi import FastAPI, Response

from contracts.messages.accountability import RecordAccountability, RecordRule
from contracts.sealed import SealField
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Staff, require
from services.feedback.api.bodies import AccountabilityBody, RuleBody
from services.feedback.api.tickets import CaseRequests, Number, actor_of
from services.feedback.domain.accountability import RECORDING

BETWEEN = "、"  # between the names of persons, as they are written in a row


def of_accountability(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/accountability")
    async def record_accountability(
        number: Number, held: AccountabilityBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """追责问责: the outcome is public; persons and words are read by supervision and auditors alone."""
        require(staff, *RECORDING)
        filed = await window.for_staff(number, staff)
        body = RecordAccountability(
            outcome=held.outcome,
            order=held.order,
            people=len(held.persons),
            persons=await window.sealed(filed.ticket, SealField.PERSON, BETWEEN.join(held.persons)),
            words=await window.sealed(filed.ticket, SealField.ACCOUNTABILITY, held.words),
        )
        return await window.ask(filed, body, actor_of(staff), idempotency_key, held)

    @app.post("/v1/tickets/{number}/rules")
    async def record_rule(number: Number, rule: RuleBody, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """建章立制: a rule that was made because of this matter. Its title is public."""
        require(staff, "unit", "lead", "supervisor")
        filed = await window.for_staff(number, staff)
        return await window.ask(filed, RecordRule(**dict(rule)), actor_of(staff), idempotency_key, rule)
