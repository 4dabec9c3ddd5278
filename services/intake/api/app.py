from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response as Plain

from contracts.envelope import Body
from contracts.identifiers import spoken
from contracts.messages.intake import ConfirmSeat, EraseIdentity, WithdrawTicket
from runtime.clock import Stopwatch
from runtime.delivery.ports import Unavailable
from runtime.http.addresses import Address, address_of
from runtime.http.admission import Admission
from runtime.http.app import AskedAt, IdempotencyKey, Ready, create_app
from runtime.http.bodies import canonical, read_as
from runtime.http.problems import Refusal, refusal_of
from runtime.http.requests import other_body
from runtime.identity.tokens import Gate, Principal
from runtime.keys import KEY, UUID, bare_key
from services.intake import metrics
from services.intake.adapters.signing import heads_of
from services.intake.api.admitting import Admitting, Frequencies, Knows, TooOften
from services.intake.api.bodies import Submission, Supplement, described
from services.intake.api.reading import ReadSubmission, read_submission
from services.intake.api.readings import reading
from services.intake.api.registering import Caller, OtherBody, Receipt, Registering
from services.intake.api.reporter import ReporterRequests, Shown
from services.intake.domain.submission import DESK, PUBLIC
from services.intake.ports import Ledger
from services.intake.settings import DoorSettings

CHANNELS = {
    "clerk": DESK,
    "unit": "grassroots",
    "head": "grassroots",
    "lead": "leader",
    "leader": "leader",
    "supervisor": "leader",
}
HOLDERS = ("intake", "routing", "feedback")
HEADS_AT_MOST = 1000
WHO_ASKS = (("Idempotency-Key", True), ("Authorization", False))
QueryCode = Annotated[str, Header(alias="Query-Code")]


async def _shown(number: str, query_code: QueryCode, address: Address) -> Shown:
    return Shown(number, query_code, address)


ShownCode = Annotated[Shown, Depends(_shown)]


def checked_key(typed: str) -> str:
    """An idempotency key as it is read. Raises a 422."""
    key = bare_key(typed)
    if not KEY.fullmatch(key):
        zh = "请求头 Idempotency-Key 须为 1–128 位字母、数字或 . _ : -，可加引号。"
        en = "Idempotency-Key: 1 to 128 letters, digits or . _ : -, in quotes or without"
        raise Refusal(422, "idempotency_key", zh, en)
    return key


def caller_of(principal: Principal | None, key: str, default_division: str) -> Caller:
    """The door: from the token alone, never from the body. The public must bring a UUID as key."""
    if principal is None:
        if not UUID.fullmatch(key):
            zh, en = "请求头 Idempotency-Key 须为 UUID。", "Idempotency-Key must be a UUID when you are not signed in."
            raise Refusal(422, "idempotency_key", zh, en)
        return Caller(PUBLIC, "", default_division)
    if principal.role not in CHANNELS:
        raise Refusal(403, "role_refused", "您的角色不能登记事项。", "Your role may not register a matter.")
    return Caller(CHANNELS[principal.role], principal.sub, principal.division.ljust(6, "0")[:6])


def build_app(
    door: Registering,
    counter: ReporterRequests,
    ledger: Ledger,
    gate: Gate,
    settings: DoorSettings,
    ready: Ready,
    stopwatch: Stopwatch,
) -> FastAPI:
    app, frequencies = create_app("duban intake", ready), Frequencies(settings, stopwatch)
    app.state.gate = gate
    _submissions(app, door, settings.default_division, frequencies)
    app.add_middleware(
        Admitting,
        admission=Admission(settings.answer_within, stopwatch),
        frequencies=frequencies,
        knows=_known_at(door, gate, settings.default_division),
    )
    _changes(app, counter)
    _seats(app, counter)
    _outcomes(app, counter)
    _heads(app, ledger)
    reading(app)
    return app


def _known_at(door: Registering, gate: Gate, default_division: str) -> Knows:
    async def knows(authorization: str, typed: str) -> bool:
        try:
            key = checked_key(typed)
            caller = caller_of(gate.principal(authorization), key, default_division)
        except Refusal:
            return False
        return await door.knows(caller, key, typed if UUID.fullmatch(typed) else "")

    return knows


def _submissions(app: FastAPI, door: Registering, default_division: str, frequencies: Frequencies) -> None:
    @app.post("/v1/submissions", status_code=201, openapi_extra=described(Submission, *WHO_ASKS))
    async def register_ticket(request: Request) -> Response:
        """登记. Send the same key again whenever in doubt: it gives the same number and no second ticket.

        The hot path: it reads its two headers itself, which spares a third of the time.
        """
        principal = app.state.gate.principal(request.headers.get("authorization", ""))
        typed = request.headers.get("idempotency-key", "")
        idempotency_key = checked_key(typed)
        caller = caller_of(principal, idempotency_key, default_division)
        try:
            read = await read_submission(request, door.today(), is_vouched_for=principal is not None)
            named_from = address_of(request) if principal is None and read.submission.co_reporters else ""
            former_key = typed if UUID.fullmatch(typed) else ""
            often = frequencies.too_often_with(_phone(read), address_of(request)) if principal is None else None
            if often and not await door.knows(caller, idempotency_key, former_key):
                raise often
            receipt = await door.take(caller, idempotency_key, read, former_key=former_key, named_from=named_from)
        except TooOften as often:
            metrics.NOT_LET_IN.labels(often.type).inc()
            raise
        except (RequestValidationError, Refusal):
            metrics.SUBMISSIONS.labels(caller.channel, "invalid").inc()
            raise
        except OtherBody:
            metrics.SUBMISSIONS.labels(caller.channel, "conflict").inc()
            raise other_body() from None
        except Unavailable as why:
            refusal = refusal_of(why)
            metrics.SUBMISSIONS.labels(caller.channel, refusal.type).inc()
            raise refusal from None
        metrics.SUBMISSIONS.labels(caller.channel, "created").inc()
        return _created(receipt)


def _phone(read: ReadSubmission) -> str:
    reporter = read.submission.reporter
    return (reporter.phone if reporter else None) or ""


def _created(receipt: Receipt) -> Response:
    """The answer; its three values are letters, digits and spaces."""
    number, grouped = receipt.number, spoken(receipt.number)
    body = f'{{"number":"{number}","spoken":"{grouped}","query_code":"{receipt.code}"}}'
    headers = {"Location": f"/v1/tickets/{number}"}
    return Plain(body, status_code=201, headers=headers, media_type="application/json")


def _changes(app: FastAPI, counter: ReporterRequests) -> None:
    @app.post("/v1/tickets/{number}/supplements", openapi_extra=described(Supplement))
    async def supplement_ticket(
        body: Annotated[Supplement, Depends(read_as(Supplement))],
        shown: ShownCode,
        idempotency_key: IdempotencyKey,
    ) -> Response:
        async def wanted(ticket: str, voter: int) -> Body:
            return counter.supplement(ticket, voter, body.text)

        return await counter.ask(shown, idempotency_key, wanted, sent=canonical(body))

    @app.post("/v1/tickets/{number}/withdrawal")
    async def withdraw_ticket(shown: ShownCode, idempotency_key: IdempotencyKey) -> Response:
        """撤回. Only whoever filed it may."""

        async def wanted(_ticket: str, voter: int) -> Body:
            return WithdrawTicket(voter=_filer(voter))

        return await counter.ask(shown, idempotency_key, wanted, HOLDERS)

    @app.post("/v1/tickets/{number}/erasure")
    async def erase_identity(shown: ShownCode, idempotency_key: IdempotencyKey) -> Response:
        """销毁身份. The answer says by when (``gone_by``) no log and no backup of the database holds anything of it."""

        async def wanted(_ticket: str, voter: int) -> Body:
            return EraseIdentity(voter=_filer(voter))

        return await counter.erase(shown, idempotency_key, wanted)


def _seats(app: FastAPI, counter: ReporterRequests) -> None:
    @app.post("/v1/tickets/{number}/confirmation")
    async def confirm_seat(shown: ShownCode, idempotency_key: IdempotencyKey) -> Response:
        """确认席位. A co-reporter who was named at the public door says so, too: from now on the seat counts."""

        async def wanted(_ticket: str, voter: int) -> Body:
            return ConfirmSeat(voter=voter)

        return await counter.ask(shown, idempotency_key, wanted, HOLDERS)


def _filer(voter: int) -> int:
    if voter != 0:
        raise Refusal(403, "not_the_filer", "只有首位反映人可以这样做。", "Only whoever filed the matter may do this.")
    return voter


def _outcomes(app: FastAPI, counter: ReporterRequests) -> None:
    @app.get("/v1/tickets/{number}/requests/{request}")
    async def read_outcome(request: str, shown: ShownCode, asked: AskedAt = 0) -> Response:
        """What became of a request that was answered with 202."""
        return await counter.outcome(shown, request, asked)


def _heads(app: FastAPI, ledger: Ledger) -> None:
    @app.get("/v1/ledger/heads")
    async def read_heads(at_most: int = 10) -> list[dict[str, object]]:
        """The last signed heads of the ledger: keep one, and nobody can show you another history later."""
        return heads_of(await ledger.last_heads(max(1, min(at_most, HEADS_AT_MOST))))
