"""Routing's HTTP: the work list, assignment, acceptance, return. Parse, check who may, put it into the log, answer."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body
from contracts.identifiers import NumberMalformed, parse_number, prefix_of
from contracts.requests import AcceptTicket, AssignTicket, ReturnTicket
from runtime.http import Ready, Refusal, answer, create_app, not_found
from runtime.ports import Store
from runtime.records import Record
from runtime.requests import Desk
from runtime.tokens import Gate, Principal, Staff, require, scope_of
from runtime.vault import Words
from services.routing.domain.routes import GROUNDS, Assignment
from services.routing.packaged import PackagedDirectory
from services.routing.ports import Places, WorkList

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)]
IN_BULK_AT_MOST = 500
WAITING = ("queued", "assigned", "disputed")


class Sent(BaseModel):
    """The base of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assignation(Sent):
    """交办 to a unit."""

    unit: Annotated[str, Field(min_length=1, max_length=40)]
    category: Annotated[str, Field(max_length=20)] = ""


class BulkAssignation(Assignation):
    """交办 of many matters to one unit."""

    numbers: Annotated[list[str], Field(min_length=1, max_length=IN_BULK_AT_MOST)]


class Acceptance(Sent):
    """受理 under a standard."""

    standard: Annotated[str, Field(min_length=1, max_length=40)]


class Return(Sent):
    """退回 with a ground."""

    ground: Annotated[str, Field(min_length=1, max_length=40)]
    explanation: Annotated[str, Field(min_length=1, max_length=2000)]


class Window:
    """What the routes share."""

    def __init__(self, desk: Desk, store: Store[Assignment], words: Words) -> None:
        self._desk, self._store, self._words = desk, store, words

    async def found(self, number: str, staff: Principal) -> Record[Assignment]:
        """The assignment in the scope of ``staff``; the same 404 when there is none."""
        try:
            record = await self._store.find(prefix_of(parse_number(number)))
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        document = record.document if record else None
        if record is None or document is None or not scope_of(staff).allows(document.division, document.unit):
            raise not_found()
        return record

    async def ask(self, number: str, staff: Principal, key: str, body: Body) -> Response:
        """Put the request into the log and answer with its outcome."""
        record = await self.found(number, staff)
        asked = await self._desk.ask(self._desk.request(record.ticket, body, actor_of(staff), key))
        return answer(asked, f"/v1/tickets/{number}/requests")

    async def put(self, numbers: list[str], staff: Principal, key: str, body: Body) -> int:
        """Put one request per matter into the log in one go."""
        records = [await self.found(number, staff) for number in numbers]
        await self._desk.put([self._desk.request(each.ticket, body, actor_of(staff), key) for each in records])
        return len(records)

    async def sealed(self, number: str, staff: Principal, text: str) -> str:
        """Text under the ticket's words key. Raises a 410 when the keys are destroyed."""
        record = await self.found(number, staff)
        sealed = await self._words.seal(record.ticket, "return", text)
        if sealed is None:
            raise Refusal(410, "erased", "此事的身份信息已销毁。", "The words of this matter were erased.")
        return sealed


def actor_of(staff: Principal) -> Actor:
    """Staff as a message names them."""
    return Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")


def build_app(
    window: Window, work_list: WorkList, directory: PackagedDirectory, places: Places, gate: Gate, ready: Ready
) -> FastAPI:
    """All routes of routing."""
    app = create_app("duban routing", ready)
    app.state.gate = gate
    _deciding(app, window)
    _looking(app, work_list, directory, places)
    return app


def _deciding(app: FastAPI, window: Window) -> None:
    @app.post("/v1/tickets/{number}/assignment")
    async def assign_ticket(number: str, wanted: Assignation, staff: Staff, idempotency_key: Key) -> Response:
        """一键交办; in a dispute, the supervision office's decision."""
        require(staff, "lead", "supervisor")
        return await window.ask(
            number, staff, idempotency_key, AssignTicket(unit=wanted.unit, category=wanted.category)
        )

    @app.post("/v1/assignments", status_code=202)
    async def assign_tickets(wanted: BulkAssignation, staff: Staff, idempotency_key: Key) -> dict[str, int]:
        """一键交办 in bulk: each matter's outcome is asked for by its own number."""
        require(staff, "lead", "supervisor")
        body = AssignTicket(unit=wanted.unit, category=wanted.category)
        return {"requested": await window.put(wanted.numbers, staff, idempotency_key, body)}

    @app.post("/v1/tickets/{number}/acceptance")
    async def accept_ticket(number: str, wanted: Acceptance, staff: Staff, idempotency_key: Key) -> Response:
        """受理: the choice of a standard is the promise to the reporter."""
        require(staff, "unit")
        return await window.ask(number, staff, idempotency_key, AcceptTicket(standard=wanted.standard))

    @app.post("/v1/tickets/{number}/return")
    async def return_ticket(number: str, wanted: Return, staff: Staff, idempotency_key: Key) -> Response:
        """退回."""
        require(staff, "unit")
        explanation = await window.sealed(number, staff, wanted.explanation)
        body = ReturnTicket(ground=wanted.ground, explanation=explanation)
        return await window.ask(number, staff, idempotency_key, body)


def _looking(app: FastAPI, work_list: WorkList, directory: PackagedDirectory, places: Places) -> None:
    @app.get("/v1/work-list")
    async def work(staff: Staff, state: str = "", at_most: int = 100) -> list[dict[str, Any]]:
        """待办: what waits in the caller's scope, oldest first."""
        states = [state] if state in WAITING else list(WAITING)
        return await work_list.waiting(scope_of(staff), states, max(1, min(at_most, 1000)))

    @app.get("/v1/units")
    async def units(county: Annotated[str, Field(pattern=r"^\d{6}$")]) -> list[dict[str, Any]]:
        """The duty table of a county."""
        found = directory.units(county)
        return [
            {"code": u.code, "zh": u.zh, "en": u.en, "level": u.level, "duties": u.duties, "standards": u.standards}
            for u in found
        ]

    @app.get("/v1/return-grounds")
    async def grounds() -> list[dict[str, str]]:
        """The list from which a unit returns a matter."""
        return [{"code": code, "zh": zh, "en": en} for code, (zh, en) in GROUNDS.items()]

    @app.get("/v1/divisions/resolve")
    async def resolve(text: Annotated[str, Field(max_length=2000)]) -> dict[str, Any]:
        """Which division a text names, how sure, and why."""
        found = places.resolve("", (), text)
        return {
            "code": found.code,
            "name": places.name(found.code),
            "confidence": found.confidence,
            "why": found.why,
            "candidates": found.candidates,
        }
