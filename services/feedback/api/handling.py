"""Routes of the unit that handles a matter: progress, completion, contact with the reporters."""

from fastapi import FastAPI, Response

from contracts.messages.feedback import AskProgress, AskReporter, CompleteTicket, RecordContact, ReportProgress
from contracts.sealed import SealField
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Staff, require
from services.feedback.api.bodies import Completion, ContactBody, ProgressBody, ProgressRequest, QuestionBody
from services.feedback.api.tickets import CaseRequests, Number, actor_of, evidence_of
from services.feedback.ports import FiledCase


def of_units(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/progress")
    async def report_progress(
        number: Number, progress: ProgressBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        text = await window.sealed(filed.ticket, SealField.PROGRESS, progress.text)
        body = ReportProgress(text=text, public=progress.public)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, progress)

    @app.post("/v1/tickets/{number}/completion")
    async def complete_ticket(
        number: Number, completion: Completion, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        body = await completion_of(window, filed, completion)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, completion)


async def completion_of(window: CaseRequests, filed: FiledCase, completion: Completion) -> CompleteTicket:
    """What was sent, with its words sealed for the matter."""
    return CompleteTicket(
        explanation=await window.sealed(filed.ticket, SealField.EXPLANATION, completion.explanation),
        evidence=evidence_of(completion.evidence),
        talked_to=await window.sealed(filed.ticket, SealField.PERSON, completion.talked_to),
        says_talked_to=bool(completion.talked_to),
    )


def of_requests(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/progress-request")
    async def ask_progress(
        number: Number, asked: ProgressRequest, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """催办, by exception: refused when progress was reported or asked for these days and the light is not red."""
        require(staff, "lead", "supervisor")
        filed = await window.for_staff(number, staff)
        words = await window.sealed(filed.ticket, SealField.QUESTION, asked.text)
        return await window.ask(filed, AskProgress(words=words), actor_of(staff), idempotency_key, asked)


def of_contact(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/contact")
    async def record_contact(
        number: Number, contact: ContactBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        body = RecordContact(method=contact.method, reached=contact.reached)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, contact)

    @app.post("/v1/tickets/{number}/question")
    async def ask_reporter(
        number: Number, question: QuestionBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """请补充情况: the reporters are told, and answer with a supplement."""
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        words = await window.sealed(filed.ticket, SealField.QUESTION, question.text)
        body = AskReporter(words=words, until=question.until)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, question)
