"""The counter: what a reporter may do later, with number and query code."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from contracts.envelope import Actor, Body
from contracts.identifiers import NumberMalformed, code_matches, parse_number, prefix_of
from runtime.guesses import WITHIN, Guesses
from runtime.http import Refusal, answer, not_found
from runtime.ports import Store
from runtime.records import Record
from runtime.requests import Asked, Desk
from runtime.vault import Words
from services.intake import metrics
from services.intake.domain.submission import Registration

Wanted = Callable[[str, int], Awaitable[Body]]
"""From ticket and voter to the request. May raise a Refusal."""


class Counter:
    """What a reporter with number and code may do."""

    def __init__(
        self, desk: Desk, store: Store[Registration], guesses: Guesses, code_secret: bytes, words: Words
    ) -> None:
        self._desk, self._store, self._guesses, self._secret = desk, store, guesses, code_secret
        self._words = words

    async def reporter(self, number: str, code: str) -> tuple[Record[Registration], int]:
        """The registration and the voter's index; the same 404 for a wrong number and a wrong code."""
        try:
            parsed = parse_number(number)
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        if self._guesses.too_many(parsed):
            zh, en = "查询码错误次数过多，请十分钟后再试。", "Too many tries: wait ten minutes."
            raise Refusal(429, "too_many_tries", zh, en, headers={"Retry-After": str(WITHIN.seconds)})
        record = await self._store.find(prefix_of(parsed))
        if record is not None and record.document is not None and record.document.number == parsed:
            for seat in record.document.voters:
                if code_matches(self._secret, record.ticket, code, seat.code_digest):
                    return record, seat.index
        self._guesses.wrong(parsed)
        metrics.CODE_GUESSES.inc()
        raise not_found()

    async def ask(
        self, number: str, code: str, key: str, wanted: Wanted, to: tuple[str, ...] = ("intake",)
    ) -> Response:
        """Put a reporter's request into the log and answer with its outcome."""
        record, voter = await self.reporter(number, code)
        request = await wanted(record.ticket, voter)
        actor = Actor(role="reporter", principal=f"voter:{voter}")
        asked = await self._desk.ask(self._desk.request(record.ticket, request, actor, key, to))
        return answer(asked, f"/v1/tickets/{number}/requests")

    async def outcome(self, number: str, code: str, request: str) -> Response:
        """The outcome of an earlier request of this matter, or 202 again."""
        record, _ = await self.reporter(number, code)
        return answer(Asked(request, record.outcome_of(request)), f"/v1/tickets/{number}/requests")

    async def sealed(self, ticket: str, field: str, text: str) -> str:
        """Text under the ticket's words key. Raises a 410 when the keys are destroyed."""
        sealed = await self._words.seal(ticket, field, text)
        if sealed is None:
            zh, en = "此事的身份信息已销毁，不能再补充。", "The identity of this matter was erased."
            raise Refusal(410, "erased", zh, en)
        return sealed
