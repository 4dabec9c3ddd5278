"""Feedback's HTTP: what units report and reporters evaluate. Parse, check who may, put it into the log, answer."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import FastAPI, Header, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body
from contracts.facts import Evidence, Measure
from contracts.identifiers import NumberMalformed, code_matches, parse_number, prefix_of
from contracts.requests import (
    CompleteTicket,
    EvaluateTicket,
    PlanTicket,
    RecordLookBack,
    ReopenTicket,
    ReportProgress,
)
from runtime.guesses import Guesses
from runtime.http import Ready, Refusal, answer, create_app, not_found
from runtime.ports import Store
from runtime.records import Record
from runtime.requests import Desk
from runtime.tokens import Gate, Principal, Staff, require, scope_of
from services.feedback import metrics
from services.feedback.domain import Case
from services.feedback.ports import Words

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)]
QueryCode = Annotated[str, Header(alias="Query-Code", max_length=40)]
Note = Annotated[str, Field(min_length=1, max_length=20_000)]
Found = Record[Case]


class Sent(BaseModel):
    """The base of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureSent(Sent):
    """One measure of a plan."""

    text: Note
    person: Annotated[str, Field(min_length=1, max_length=100)]
    due: AwareDatetime


class Plan(Sent):
    """办理方案."""

    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: Annotated[list[MeasureSent], Field(max_length=20)] = []
    rule_quoted: Annotated[str, Field(max_length=20_000)] = ""
    review_on: AwareDatetime | None = None


class Progress(Sent):
    """办理进展."""

    text: Note
    public: bool = True


class EvidenceSent(Sent):
    """佐证材料: a kind of the eight, and a URI or a SHA-256 digest."""

    kind: Annotated[str, Field(max_length=40)]
    uri: Annotated[str, Field(max_length=2000, pattern=r"^https?://\S+$|^$")] = ""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$|^$")] = ""
    dated: AwareDatetime


class Completion(Sent):
    """办结报告."""

    explanation: Note
    evidence: Annotated[list[EvidenceSent], Field(max_length=50)] = []


class Evaluation(Sent):
    """评价: grade 1 (very dissatisfied) to 5 (very satisfied)."""

    grade: Annotated[int, Field(ge=1, le=5)]
    solved: bool
    words: Annotated[str, Field(max_length=20_000)] = ""


class LookBack(Evaluation):
    """回访."""

    method: Literal["telephone", "on_site", "online"]


class Reopening(Sent):
    """复号."""

    reason: Literal["untrue", "not_solved", "feedback_missing", "dissatisfied"]


class Window:
    """What the routes share: finding the case for whoever asks, sealing, asking the log."""

    def __init__(self, desk: Desk, store: Store[Case], words: Words, guesses: Guesses, code_secret: bytes) -> None:
        self._desk, self._store, self._words = desk, store, words
        self._guesses, self._secret = guesses, code_secret

    async def staff_case(self, number: str, staff: Principal) -> Found:
        """The case, if it lies in the scope of ``staff``; the same 404 when it does not exist."""
        record = await self._find(number)
        if record is None or record.document is None:
            raise not_found()
        if not scope_of(staff).allows(record.document.division, record.document.unit):
            raise not_found()
        return record

    async def reporter_case(self, number: str, code: str) -> tuple[Found, int]:
        """The case and the voter whose code it is."""
        if self._guesses.too_many(number):
            raise Refusal(
                429, "too_many_tries", "查询码错误次数过多，请稍后再试。", "Too many tries: wait ten minutes."
            )
        record = await self._find(number)
        for seat in record.document.voters if record is not None and record.document is not None else ():
            if record is not None and code_matches(self._secret, record.ticket, code, seat.code_digest):
                return record, seat.index
        self._guesses.wrong(number)
        metrics.CODE_GUESSES.inc()
        raise not_found()

    async def _find(self, number: str) -> Found | None:
        try:
            parsed = parse_number(number)
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        record = await self._store.find(prefix_of(parsed))
        return record if record and record.document and record.document.number == parsed else None

    async def sealed(self, ticket: str, field: str, text: str) -> str:
        """Text under the ticket's words key; "" stays "". Raises a 410 when the keys are destroyed."""
        if not text:
            return ""
        sealed = await self._words.seal(ticket, field, text)
        if sealed is None:
            raise Refusal(410, "erased", "此事的身份信息已销毁。", "The words of this matter were erased.")
        return sealed

    async def ask(self, found: Found, body: Body, actor: Actor, key: str, number: str) -> Response:
        """Put the request into the log and answer with its outcome."""
        asked = await self._desk.ask(self._desk.request(found.ticket, body, actor, key))
        return answer(asked, f"/v1/tickets/{number}/requests")


def actor_of(staff: Principal) -> Actor:
    """Staff as a message names them."""
    return Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")


def build_app(window: Window, gate: Gate, ready: Ready) -> FastAPI:
    """All routes of feedback."""
    app = create_app("duban feedback", ready)
    app.state.gate = gate
    _of_units(app, window)
    _of_reporters(app, window)
    _of_supervision(app, window)
    return app


def _of_units(app: FastAPI, window: Window) -> None:
    async def handle(number: str, staff: Principal, key: str, body: Callable[[str], Awaitable[Body]]) -> Response:
        require(staff, "unit", "lead")
        found = await window.staff_case(number, staff)
        return await window.ask(found, await body(found.ticket), actor_of(staff), key, number)

    @app.post("/v1/tickets/{number}/plan")
    async def plan_ticket(number: str, plan: Plan, staff: Staff, idempotency_key: Key) -> Response:
        """办理方案."""

        async def wanted(ticket: str) -> Body:
            quoted = await window.sealed(ticket, "plan", plan.rule_quoted)
            measures = tuple([await _measure(window, ticket, each) for each in plan.measures])
            return PlanTicket(mode=plan.mode, measures=measures, rule_quoted=quoted, review_on=plan.review_on)

        return await handle(number, staff, idempotency_key, wanted)

    @app.post("/v1/tickets/{number}/progress")
    async def report_progress(number: str, progress: Progress, staff: Staff, idempotency_key: Key) -> Response:
        """办理进展."""

        async def wanted(ticket: str) -> Body:
            return ReportProgress(text=await window.sealed(ticket, "progress", progress.text), public=progress.public)

        return await handle(number, staff, idempotency_key, wanted)

    @app.post("/v1/tickets/{number}/completion")
    async def complete_ticket(number: str, completion: Completion, staff: Staff, idempotency_key: Key) -> Response:
        """办结报告."""

        async def wanted(ticket: str) -> Body:
            explanation = await window.sealed(ticket, "explanation", completion.explanation)
            evidence = tuple(Evidence(**each.model_dump()) for each in completion.evidence)
            return CompleteTicket(explanation=explanation, evidence=evidence)

        return await handle(number, staff, idempotency_key, wanted)


async def _measure(window: Window, ticket: str, sent: MeasureSent) -> Measure:
    text, person = [await window.sealed(ticket, "plan", part) for part in (sent.text, sent.person)]
    return Measure(text=text, person=person, due=sent.due)


def _of_reporters(app: FastAPI, window: Window) -> None:
    @app.post("/v1/tickets/{number}/evaluation")
    async def evaluate_ticket(
        number: str, evaluation: Evaluation, query_code: QueryCode, idempotency_key: Key
    ) -> Response:
        """评价, by registration number and query code."""
        found, voter = await window.reporter_case(number, query_code)
        words = await window.sealed(found.ticket, "evaluation", evaluation.words)
        body = EvaluateTicket(voter=voter, grade=evaluation.grade, solved=evaluation.solved, words=words)
        actor = Actor(role="reporter", principal=f"voter:{voter}")
        return await window.ask(found, body, actor, idempotency_key, number)


def _of_supervision(app: FastAPI, window: Window) -> None:
    @app.post("/v1/tickets/{number}/look-back")
    async def record_look_back(number: str, look_back: LookBack, staff: Staff, idempotency_key: Key) -> Response:
        """回访."""
        require(staff, "clerk", "lead", "supervisor")
        found = await window.staff_case(number, staff)
        note = await window.sealed(found.ticket, "look_back", look_back.words)
        body = RecordLookBack(method=look_back.method, grade=look_back.grade, solved=look_back.solved, note=note)
        return await window.ask(found, body, actor_of(staff), idempotency_key, number)

    @app.post("/v1/tickets/{number}/reopening")
    async def reopen_ticket(number: str, reopening: Reopening, staff: Staff, idempotency_key: Key) -> Response:
        """复号 after a failed check."""
        require(staff, "supervisor")
        found = await window.staff_case(number, staff)
        return await window.ask(found, ReopenTicket(reason=reopening.reason), actor_of(staff), idempotency_key, number)
