"""抽查 over HTTP (E8): announce, supply what a source gave, see how it stands; and the checks that follow."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Response

from contracts.draws import commitment_of, nonce_of
from contracts.messages.draws import AnnounceDraw, CheckTicket, RecordCheck, SupplyOutside
from contracts.sealed import SealField
from contracts.values import Evidence
from runtime.delivery.ports import Store
from runtime.http.app import IdempotencyKey, Json, answer
from runtime.http.bodies import canonical
from runtime.http.problems import Refusal, not_found
from runtime.http.requests import RequestDesk
from runtime.http.tables import ALSO_CSV, csv_file
from runtime.identity.tokens import Principal, Staff, require
from runtime.ids import id_of
from services.feedback.api.bodies import CheckFound, CheckWanted, DrawWanted, OutsideValue
from services.feedback.api.tickets import CaseRequests, actor_of, reach_of
from services.feedback.domain.affair import Affair
from services.feedback.domain.check.checks import CHECKING
from services.feedback.domain.draw.draws import Draw
from services.feedback.ports import FailedCheck

Code = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[str, Path(max_length=40)]
CHECKS_AT_MOST = 200
SEEING = ("supervisor", "auditor")


@dataclass(frozen=True, slots=True)
class DrawDesk:
    """Puts requests about draws into the log of affairs. ``secret``: nonces are derived from it, none is stored."""

    desk: RequestDesk
    store: Store[Affair]
    secret: bytes

    async def is_there(self, code: str) -> bool:
        """Whether the loop has announced it."""
        return key_of(code) in await self.store.load([key_of(code)])

    async def find(self, code: str, staff: Principal) -> Draw:
        """The draw within the scope of ``staff``; one 404 for what does not exist and what is not theirs."""
        key = key_of(code)
        record = (await self.store.load([key])).get(key)
        draw = record.document if record else None
        if not isinstance(draw, Draw) or not _may_see(staff, draw.division):
            raise not_found()
        return draw


def key_of(code: str) -> str:
    """The key of a draw in the log of affairs."""
    return f"draw/{code}"


def add_draws(app: FastAPI, draws: DrawDesk, window: CaseRequests) -> None:
    _of_draws(app, draws, window)
    _of_checks(app, window)


def _of_draws(app: FastAPI, draws: DrawDesk, window: CaseRequests) -> None:
    @app.post("/v1/draws")
    async def announce_draw(wanted: DrawWanted, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """预告抽查: before the period ends; the commitment is published with it."""
        require(staff, "supervisor")
        if not _may_see(staff, wanted.division):
            raise _elsewhere()
        code = id_of("draw", staff.sub, idempotency_key)[:16]
        body = AnnounceDraw(**dict(wanted), commitment=commitment_of(nonce_of(draws.secret, key_of(code))))
        request = draws.desk.request(key_of(code), body, actor_of(staff), idempotency_key, sent=canonical(wanted))
        asked = answer(await draws.desk.ask(request), f"/v1/draws/{code}/requests")
        asked.headers["Draw-Code"] = code
        return asked

    @app.get("/v1/draws/{code}")
    async def draw(code: Code, staff: Staff) -> dict[str, Any]:
        """Announced, closed or drawn; its commitment, and once drawn its seed."""
        require(staff, *SEEING)
        return _shown(code, await draws.find(code, staff))

    @app.get("/v1/draws/{code}/requests/{request}")
    async def draw_outcome(
        code: Code, request: str, staff: Staff, asked: Annotated[int, Query(ge=0, le=2**40)] = 0
    ) -> Response:
        """What became of a request that was answered with 202."""
        require(staff, *SEEING)
        if await draws.is_there(code):
            await draws.find(code, staff)
        found = await draws.desk.asked(key_of(code), request, asked, first=True)
        return answer(found, f"/v1/draws/{code}/requests")

    @app.post("/v1/draws/{code}/outside")
    async def supply_outside(
        code: Code, given: OutsideValue, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """The value of the source that the announcement named."""
        require(staff, "supervisor")
        await draws.find(code, staff)
        body = SupplyOutside(value=given.value)
        request = draws.desk.request(key_of(code), body, actor_of(staff), idempotency_key, sent=canonical(given))
        return answer(await draws.desk.ask(request), f"/v1/draws/{code}/requests")

    @app.get("/v1/draws/{code}/notices", responses=ALSO_CSV)
    async def notices(
        code: Code, staff: Staff, form: Annotated[str, Query(pattern="^(json|csv)$")] = "json"
    ) -> Response:
        """通报: what failed, by unit, with ground and the day by which it is to be mended."""
        require(staff, *SEEING)
        await draws.find(code, staff)
        failed = await window.cases.failed_checks(key_of(code), reach_of(staff), CHECKS_AT_MOST)
        return csv_file(FIELDS, _rows(failed)) if form == "csv" else Json({"notices": _rows(failed)})


def _of_checks(app: FastAPI, window: CaseRequests) -> None:
    @app.get("/v1/checks")
    async def open_checks(
        staff: Staff, limit: Annotated[int, Query(ge=1, le=CHECKS_AT_MOST)] = 50
    ) -> dict[str, list[dict[str, str]]]:
        """Matters that wait to be checked, what is due first."""
        require(staff, *CHECKING)
        waiting = await window.cases.to_check(reach_of(staff), limit)
        return {
            "checks": [
                {"number": filed.case.number, "unit": filed.case.unit, "draw": check.draw, "due": check.due.isoformat()}
                for filed in waiting
                for check in filed.case.open_checks
            ][:limit]
        }

    @app.post("/v1/tickets/{number}/checks")
    async def check_ticket(
        number: Number, wanted: CheckWanted, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """A check by hand, of no draw."""
        require(staff, *CHECKING)
        filed = await window.for_staff(number, staff)
        draw = f"hand/{id_of('check', staff.sub, idempotency_key)[:16]}"
        body = CheckTicket(draw=draw, remote=wanted.remote, due=wanted.due)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, wanted)

    @app.post("/v1/tickets/{number}/check-result")
    async def record_check(
        number: Number, found: CheckFound, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """What the supervision office found; a matter that failed goes back to work."""
        require(staff, *CHECKING)
        filed = await window.for_staff(number, staff)
        note = await window.sealed(filed.ticket, SealField.NOTE, found.words)
        given = found.model_dump(exclude={"words", "evidence"})
        evidence = tuple(Evidence(**each.model_dump()) for each in found.evidence)
        return await window.ask(
            filed, RecordCheck(**given, evidence=evidence, note=note), actor_of(staff), idempotency_key, found
        )


def _may_see(staff: Principal, division: str) -> bool:
    return bool(staff.division) and division.startswith(staff.division)


def _elsewhere() -> Refusal:
    zh = "只能在您管辖的区划内抽查，请改填区划代码。"
    return Refusal(403, "out_of_scope", zh, "A draw lies within your own division: correct the division.")


def _shown(code: str, draw: Draw) -> dict[str, Any]:
    state = "drawn" if draw.seed else "closed" if draw.is_closed else "announced"
    return {
        "code": code,
        "state": state,
        "division": draw.division,
        "begins": draw.begins.isoformat(),
        "ends": draw.ends.isoformat(),
        "closes": draw.closes.isoformat(),
        "permille": draw.permille,
        "percent": draw.percent,
        "commitment": draw.commitment,
        "outside": draw.outside,
        "outside_value": draw.value,
        "seed": draw.seed,
        "drawn": draw.size,
    }


FIELDS = ("unit", "number", "ground", "correct_by")


def _rows(failed: tuple[FailedCheck, ...]) -> list[dict[str, str]]:
    return [
        {"unit": each.unit, "number": each.number, "ground": each.ground, "correct_by": each.correct_by}
        for each in sorted(failed, key=lambda each: (each.unit, each.number))
    ]
