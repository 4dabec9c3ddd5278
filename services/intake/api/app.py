"""The routes."""

import re
from typing import Annotated, Any

from fastapi import FastAPI, Header, Response

from contracts.envelope import Actor, Body
from contracts.identifiers import NumberMalformed, code_matches, parse_number, prefix_of, spoken
from contracts.requests import EraseIdentity, SupplementTicket, WithdrawTicket
from runtime.guesses import Guesses
from runtime.http import Json, Ready, Refusal, answer, create_app, not_found, unavailable
from runtime.ports import Unavailable
from runtime.records import Record
from runtime.requests import Desk
from runtime.tokens import Gate, MaybeStaff, Principal
from runtime.vault import Words
from services.intake import metrics
from services.intake.api.bodies import Submission, Supplement
from services.intake.api.door import Caller, Door, OtherBody
from services.intake.domain.submission import Registration
from services.intake.ledger import heads_of
from services.intake.ports import Ledger

KEY = re.compile(r"^[A-Za-z0-9._:-]{8,128}$")
UUID = re.compile(r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")
CHANNELS = {"clerk": "operator", "unit": "grassroots", "lead": "leader", "supervisor": "leader"}
HOLDERS = ("intake", "routing", "feedback")
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key")]
QueryCode = Annotated[str, Header(alias="Query-Code")]


class Counter:
    """What a reporter with number and code may do."""

    def __init__(self, desk: Desk, store: Any, guesses: Guesses, code_secret: bytes, words: Words) -> None:
        self._desk, self._store, self._guesses, self._secret = desk, store, guesses, code_secret
        self._words = words

    async def reporter(self, number: str, code: str) -> tuple[Record[Registration], int]:
        """The registration and the voter's index; the same 404 for a wrong number and a wrong code."""
        try:
            parsed = parse_number(number)
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        if self._guesses.too_many(parsed):
            raise Refusal(
                429, "too_many_tries", "查询码错误次数过多，请十分钟后再试。", "Too many tries: wait ten minutes."
            )
        record = await self._store.find(prefix_of(parsed))
        if record is not None and record.document is not None and record.document.number == parsed:
            for seat in record.document.voters:
                if code_matches(self._secret, record.ticket, code, seat.code_digest):
                    return record, seat.index
        self._guesses.wrong(parsed)
        metrics.CODE_GUESSES.inc()
        raise not_found()

    async def ask(self, number: str, code: str, key: str, body: Any, to: tuple[str, ...] = ("intake",)) -> Response:
        """Put a reporter's request into the log. ``body``: from (ticket, voter) to the request."""
        record, voter = await self.reporter(number, code)
        request: Body = await body(record.ticket, voter)
        actor = Actor(role="reporter", principal=f"voter:{voter}")
        asked = await self._desk.ask(self._desk.request(record.ticket, request, actor, checked_key(key), to))
        return answer(asked, f"/v1/tickets/{number}/requests")

    async def sealed(self, ticket: str, field: str, text: str) -> str:
        """Text under the ticket's words key. Raises a 410 when the keys are destroyed."""
        sealed = await self._words.seal(ticket, field, text)
        if sealed is None:
            raise Refusal(
                410, "erased", "此事的身份信息已销毁，不能再补充。", "The identity of this matter was erased."
            )
        return sealed


def checked_key(key: str) -> str:
    """An idempotency key as it may be. Raises a 422."""
    if not KEY.match(key):
        zh, en = (
            "请求头 Idempotency-Key 须为 8–128 位字母数字。",
            "Idempotency-Key: 8 to 128 letters, digits or . _ : -",
        )
        raise Refusal(422, "idempotency_key", zh, en)
    return key


def caller_of(principal: Principal | None, key: str, default_division: str) -> Caller:
    """The door: from the token alone, never from the body. The public must bring a UUID as key."""
    if principal is None:
        if not UUID.match(key):
            zh, en = "请求头 Idempotency-Key 须为 UUID。", "Idempotency-Key must be a UUID when you are not signed in."
            raise Refusal(422, "idempotency_key", zh, en)
        return Caller("web", "", default_division)
    division = (principal.division or default_division).ljust(6, "0")[:6]
    return Caller(CHANNELS.get(principal.role, "operator"), principal.sub, division)


def build_app(door: Door, counter: Counter, ledger: Ledger, gate: Gate, default_division: str, ready: Ready) -> FastAPI:
    """All routes of intake."""
    app = create_app("duban intake", ready)
    app.state.gate = gate
    _submissions(app, door, default_division)
    _reporters(app, counter)

    @app.get("/v1/ledger/heads")
    async def heads(at_most: int = 10) -> list[dict[str, object]]:
        """The last signed heads of the ledger."""
        return heads_of(await ledger.heads(max(1, min(at_most, 1000))))

    return app


def _submissions(app: FastAPI, door: Door, default_division: str) -> None:
    @app.post("/v1/submissions", status_code=201)
    async def register_ticket(
        submission: Submission, principal: MaybeStaff, idempotency_key: IdempotencyKey
    ) -> Response:
        """登记. Send the same key again whenever in doubt: it gives the same number and no second ticket."""
        caller = caller_of(principal, checked_key(idempotency_key), default_division)
        try:
            receipt = await door.take(caller, idempotency_key, submission)
        except OtherBody:
            metrics.SUBMISSIONS.labels(caller.channel, "conflict").inc()
            zh, en = (
                "同一编号已登记过不同的内容。新的事项请换一个编号。",
                "This key came with another body: use a new key.",
            )
            raise Refusal(422, "other_body", zh, en) from None
        except Unavailable:
            metrics.SUBMISSIONS.labels(caller.channel, "unavailable").inc()
            raise unavailable() from None
        metrics.SUBMISSIONS.labels(caller.channel, "created").inc()
        body = {"number": receipt.number, "spoken": spoken(receipt.number), "query_code": receipt.code}
        return Json(body, status_code=201, headers={"Location": f"/v1/tickets/{receipt.number}"})


def _reporters(app: FastAPI, counter: Counter) -> None:
    @app.post("/v1/tickets/{number}/supplements")
    async def supplement(
        number: str, body: Supplement, query_code: QueryCode, idempotency_key: IdempotencyKey
    ) -> Response:
        """补充事实."""

        async def wanted(ticket: str, voter: int) -> Body:
            return SupplementTicket(voter=voter, words=await counter.sealed(ticket, "supplement", body.text))

        return await counter.ask(number, query_code, idempotency_key, wanted)

    @app.post("/v1/tickets/{number}/withdrawal")
    async def withdraw(number: str, query_code: QueryCode, idempotency_key: IdempotencyKey) -> Response:
        """撤回. Only whoever filed it may."""

        async def wanted(ticket: str, voter: int) -> Body:
            return WithdrawTicket(voter=_filer(voter))

        return await counter.ask(number, query_code, idempotency_key, wanted, HOLDERS)

    @app.post("/v1/tickets/{number}/erasure")
    async def erase(number: str, query_code: QueryCode, idempotency_key: IdempotencyKey) -> Response:
        """销毁身份信息. Cannot be undone."""

        async def wanted(ticket: str, voter: int) -> Body:
            return EraseIdentity(voter=_filer(voter))

        return await counter.ask(number, query_code, idempotency_key, wanted)


def _filer(voter: int) -> int:
    if voter != 0:
        raise Refusal(403, "not_the_filer", "只有首位反映人可以这样做。", "Only whoever filed the matter may do this.")
    return voter
