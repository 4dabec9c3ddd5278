"""The route of what was found of a matter (核实, E13)."""

from fastapi import FastAPI, Response

from contracts.messages.verification import VerifyMatter
from contracts.sealed import SealField
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Staff, require
from services.feedback.api.bodies import FindingBody
from services.feedback.api.tickets import CaseRequests, Number, actor_of, evidence_of


def of_findings(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/verification")
    async def verify_matter(
        number: Number, found: FindingBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """核实: what the unit finds in its own favour stands once its lead unit or supervision has found it, too."""
        require(staff, "unit", "lead", "supervisor")
        filed = await window.for_staff(number, staff)
        words = await window.sealed(filed.ticket, SealField.FINDING, found.words)
        given = found.model_dump(exclude={"words", "evidence"})
        body = VerifyMatter(**given, evidence=evidence_of(found.evidence), words=words)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, found)
