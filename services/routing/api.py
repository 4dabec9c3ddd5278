"""Routing's HTTP: the work list, assignment, acceptance, return. Parse, check who may, put it into the log, answer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body, Message
from contracts.identifiers import parse_number
from contracts.requests import AcceptTicket, AssignTicket, ReturnTicket
from runtime.bodies import canonical
from runtime.http import AskedAt, IdempotencyKey, Ready, answer, create_app, registration_number, to_ask
from runtime.problems import Refusal, not_found
from runtime.requests import Desk, seconds
from runtime.tokens import Gate, Principal, Staff, require, scope_of
from services.routing.domain.assignment import GROUNDS, WAITING, State
from services.routing.domain.categories import Category
from services.routing.ports import Assignments, Directory, Filed, Kinds, Places, Reach, Words

Number = Annotated[str, Path(max_length=40)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
IN_BULK_AT_MOST = 500  # matters in one call
NEAREST = 3  # categories named when one is not known
LISTED_AT_MOST = 1000  # entries of the work list in one answer


class Sent(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assignation(Sent):
    """交办 to a unit; the category is mended in the same breath."""

    unit: Code
    category: Annotated[str, Field(max_length=20)] = ""


class BulkAssignation(Assignation):
    """交办 of many matters to one unit."""

    numbers: Annotated[
        tuple[Annotated[str, Field(max_length=40)], ...], Field(min_length=1, max_length=IN_BULK_AT_MOST)
    ]


class Acceptance(Sent):
    """受理 under a standard of the catalogue."""

    standard: Code


class Return(Sent):
    """退回 with a ground of the list."""

    ground: Code
    explanation: Annotated[str, Field(min_length=1, max_length=2000)]


@dataclass(frozen=True, slots=True)
class Window:
    """What the routes share: finding the matter for whoever asks, sealing words, asking the log."""

    desk: Desk
    assignments: Assignments
    words: Words

    async def found(self, number: str, staff: Principal) -> Filed:
        """The matter in the scope of ``staff``; one 404 for what does not exist and what is not theirs."""
        found = await self.assignments.find([registration_number(parse_number, number)], reach_of(staff))
        if not found:
            raise not_found()
        return found[0]

    async def ask(self, filed: Filed, staff: Principal, key: str, body: Body, wanted: Sent) -> Response:
        """Put the request into the log and answer with its outcome. ``wanted``: as it was sent."""
        sent = canonical(wanted)
        asked = await self.desk.ask(self.desk.request(filed.ticket, body, actor_of(staff), key, sent=sent))
        return answer(asked, _requests_of(filed))

    async def put(self, numbers: Sequence[str], staff: Principal, key: str, body: Body) -> dict[str, Any]:
        """Put one request per matter into the log in one go; those out of reach are named, not done."""
        sent = canonical(body)
        wanted = [registration_number(parse_number, each, "body", "numbers", nth) for nth, each in enumerate(numbers)]
        found = await self.assignments.find(wanted, reach_of(staff))
        asked = [(filed, self.desk.request(filed.ticket, body, actor_of(staff), key, sent=sent)) for filed in found]
        await self.desk.put([request for _, request in asked])
        requested = [{"number": filed.assignment.number, "ask": _where(filed, request)} for filed, request in asked]
        missing = sorted(set(wanted) - {filed.assignment.number for filed in found})
        return {"requested": requested, "not_found": missing}

    async def sealed(self, filed: Filed, text: str) -> str:
        """An explanation under the ticket's words key. Once the keys are destroyed nothing more is kept: then ""."""
        return await self.words.seal(filed.ticket, "explanation", text) or ""

    async def outcome(self, filed: Filed, request: str, at: int) -> Response:
        """What became of an earlier request; 202 while nobody knows. Raises request_unknown."""
        return answer(await self.desk.asked(filed.ticket, request, at), _requests_of(filed))


def _requests_of(filed: Filed) -> str:
    return f"/v1/tickets/{filed.assignment.number}/requests"


def _where(filed: Filed, request: Message[Body]) -> str:
    return to_ask(_requests_of(filed), request.id, seconds(request))


def reach_of(staff: Principal) -> Reach:
    """What the token lets its bearer see."""
    scope = scope_of(staff)
    return Reach(scope.division, scope.unit)


def actor_of(staff: Principal) -> Actor:
    """Staff as a message names them."""
    return Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What anybody on the staff may look up."""

    directory: Directory
    places: Places
    kinds: Kinds


def build_app(window: Window, shelf: Shelf, gate: Gate, ready: Ready) -> FastAPI:
    """All routes of routing."""
    app = create_app("duban routing", ready)
    app.state.gate = gate
    _assigning(app, window, shelf.kinds)
    _deciding(app, window)
    _listing(app, window)
    _looking_up(app, shelf)
    return app


def known(kinds: Kinds, category: str) -> str:
    """A category of the taxonomy, or "". Raises a 422 that names the nearest ones."""
    if not category or any(each.code == category for each in kinds.all()):
        return category
    near = nearest(category, kinds.all())
    zh = f"分类体系中没有此类别。相近的有：{'、'.join(f'{each.code} {each.zh}' for each in near)}。"
    en = f"No such category. The nearest are: {', '.join(f'{each.code} ({each.en})' for each in near)}."
    named = {"pointer": "/category", "code": "category_unknown", "zh": zh, "en": en}
    raise Refusal(422, "category_unknown", zh, en, errors=[named])


def nearest(typed: str, categories: Sequence[Category]) -> list[Category]:
    """Those whose code or name is most like what was typed, best first."""

    def likeness(category: Category) -> float:
        names = (category.code, category.zh, category.en)
        return max(SequenceMatcher(None, typed.casefold(), name.casefold()).ratio() for name in names)

    return nlargest(NEAREST, categories, key=likeness)


def _assigning(app: FastAPI, window: Window, kinds: Kinds) -> None:
    @app.post("/v1/tickets/{number}/assignment")
    async def assign_ticket(
        number: Number, wanted: Assignation, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """一键交办; in a dispute, the supervision office's decision."""
        require(staff, "lead", "supervisor")
        body = AssignTicket(unit=wanted.unit, category=known(kinds, wanted.category))
        filed = await window.found(number, staff)
        return await window.ask(filed, staff, idempotency_key, body, wanted)

    @app.post("/v1/assignments", status_code=202)
    async def assign_tickets(wanted: BulkAssignation, staff: Staff, idempotency_key: IdempotencyKey) -> dict[str, Any]:
        """一键交办 in bulk: where each matter's outcome can be asked for."""
        require(staff, "lead", "supervisor")
        body = AssignTicket(unit=wanted.unit, category=known(kinds, wanted.category))
        return await window.put(wanted.numbers, staff, idempotency_key, body)


def _deciding(app: FastAPI, window: Window) -> None:
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
        """退回."""
        require(staff, "unit")
        filed = await window.found(number, staff)
        body = ReturnTicket(ground=wanted.ground, explanation=await window.sealed(filed, wanted.explanation))
        return await window.ask(filed, staff, idempotency_key, body, wanted)

    @app.get("/v1/tickets/{number}/requests/{request}")
    async def outcome(number: Number, request: str, staff: Staff, asked: AskedAt = 0) -> Response:
        """What became of a request that was answered with 202."""
        return await window.outcome(await window.found(number, staff), request, asked)


def _listing(app: FastAPI, window: Window) -> None:
    @app.get("/v1/work-list")
    async def work_list(
        staff: Staff,
        state: Literal["", "queued", "assigned", "disputed"] = "",
        at_most: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 100,
    ) -> list[dict[str, Any]]:
        """待办: what waits in the caller's scope; urgent matters first, then the oldest."""
        states = [State(state)] if state else list(WAITING)
        return [_shown(filed) for filed in await window.assignments.waiting(reach_of(staff), states, at_most)]


def _shown(filed: Filed) -> dict[str, Any]:
    """An entry of the work list: nothing of the reporter."""
    shown = asdict(filed.assignment)
    return {"ticket": filed.ticket} | {name: value for name, value in shown.items() if name != "voters"}


def _looking_up(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/v1/units")
    async def units(county: Annotated[str, Query(pattern=r"^\d{6}$")], staff: Staff) -> list[dict[str, Any]]:
        """职能表: the units that act in a county, with their duties and the standards that they may choose."""
        return [asdict(unit) for unit in shelf.directory.units(county)]

    @app.get("/v1/categories")
    async def categories() -> list[dict[str, str]]:
        """分类体系: majors first; a minor's code begins with its major's."""
        return [asdict(category) for category in shelf.kinds.all()]

    @app.get("/v1/return-grounds")
    async def grounds() -> list[dict[str, str]]:
        """退回理由: the list from which a unit returns a matter."""
        return [asdict(ground) for ground in GROUNDS]

    @app.get("/v1/divisions/resolve")
    async def resolve(
        staff: Staff,
        text: Annotated[str, Query(max_length=2000)],
        place: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(pattern=r"^\d{0,9}$")] = "",
    ) -> dict[str, Any]:
        """Which division a code, an address and a text name, how sure, and why."""
        found = shelf.places.resolve(code, (place,), text)
        names = {each: shelf.places.name(each) for each in (found.code, *found.candidates) if each}
        return asdict(found) | {"names": names}
