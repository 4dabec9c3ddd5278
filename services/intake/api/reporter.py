"""The counter: what a reporter may do later, with number and query code."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import Response

from contracts.envelope import Actor, Body
from contracts.identifiers import code_matches, parse_number, prefix_of
from contracts.messages.intake import SupplementTicket
from contracts.vocabulary import CHINA
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.http.app import answer, parsed
from runtime.http.requests import RequestDesk, StandingRequest
from runtime.identity import seals
from runtime.identity.code_attempts import CodeAttempts
from services.intake import metrics
from services.intake.api.registering import PublicKeys
from services.intake.domain.submission import Registration

Wanted = Callable[[str, int], Awaitable[Body]]
"""From ticket and voter to the request. May raise a Refusal."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reporter shows: number and code as they were typed, and from which address."""

    number: str
    code: str
    address: str


def erasure_receipt(gone_by: str) -> dict[str, str]:
    """What is done at once, and by when (YYYY-MM-DD, China) the rest."""
    zh = f"身份信息和所写内容的密钥即刻销毁，页面和检索中随即清除；数据库日志和备份中的残留最迟于 {gone_by} 清除。"
    en = f"The keys are destroyed at once, pages and searches follow; logs and backups of the database by {gone_by}."
    return {"gone_by": gone_by, "zh": zh, "en": en}


class ReporterRequests:
    """What a reporter with number and code may do."""

    def __init__(
        self,
        desk: RequestDesk,
        store: Store[Registration],
        guesses: CodeAttempts,
        code_secret: bytes,
        day_keys: PublicKeys,
        erased_within: timedelta,
    ) -> None:
        self._desk, self._store, self._guesses, self._secret = desk, store, guesses, code_secret
        self._day_keys, self._erased_within = day_keys, erased_within

    async def reporter(self, shown: Shown) -> tuple[Record[Registration], int]:
        """The registration and the voter's index. Raises WrongCode, TooManyGuesses."""
        number = parsed(parse_number, shown.number)
        async with self._guesses.one(number, shown.address):
            return await self._opened(number, shown.code)

    async def _opened(self, number: str, code: str) -> tuple[Record[Registration], int]:
        record = await self._store.find(prefix_of(number))
        if record is not None and record.document is not None and record.document.number == number:
            for seat in record.document.voters:
                if code_matches(self._secret, record.key, code, seat.code_digest):
                    return record, seat.index
        metrics.CODE_GUESSES.inc()
        raise self._guesses.refusal()

    async def ask(
        self, shown: Shown, key: str, wanted: Wanted, to: tuple[str, ...] = ("intake",), sent: bytes = b""
    ) -> Response:
        """Put a reporter's request into the log and answer with its outcome."""
        return answer(await self._asked(shown, key, wanted, to, sent), f"/v1/tickets/{shown.number}/requests")

    async def erase(self, shown: Shown, key: str, wanted: Wanted) -> Response:
        """Ask for the erasure; the answer is its receipt, which says by when nothing is left."""
        asked = await self._asked(shown, key, wanted, ("intake",))
        gone_by = (datetime.fromtimestamp(asked.at, UTC) + self._erased_within).astimezone(CHINA).date().isoformat()
        return answer(asked, f"/v1/tickets/{shown.number}/requests", erasure_receipt(gone_by))

    async def _asked(
        self, shown: Shown, key: str, wanted: Wanted, to: tuple[str, ...], sent: bytes = b""
    ) -> StandingRequest:
        record, voter = await self.reporter(shown)
        request = await wanted(record.key, voter)
        actor = Actor(role="reporter", principal=f"voter:{voter}")
        return await self._desk.ask(self._desk.request(record.key, request, actor, key, to, sent))

    async def outcome(self, shown: Shown, request: str, at: int) -> Response:
        """The outcome of an earlier request of this matter, or 202 again. Raises request_unknown."""
        record, _ = await self.reporter(shown)
        return answer(await self._desk.asked(record.key, request, at), f"/v1/tickets/{shown.number}/requests")

    def supplement(self, ticket: str, voter: int, text: str) -> SupplementTicket:
        """补充, sealed to the day key: this process cannot open it again. Raises Unavailable before there is a key."""
        key, sealer = self._day_keys.today()
        sealed = sealer.seal(f"{ticket}/supplement", text.encode())
        return SupplementTicket(voter=voter, day_key=key, sealed=seals.to_text(sealed))
