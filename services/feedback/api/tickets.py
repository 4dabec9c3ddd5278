"""What the routes share: finding the case for whoever asks, sealing words, asking the log."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path, Response

from contracts.envelope import Actor, Body, Message
from contracts.identifiers import code_matches, parse_number
from contracts.sealed import SealField
from contracts.values import Evidence, Measure
from runtime.http.app import answer, parsed, to_ask
from runtime.http.bodies import canonical
from runtime.http.problems import not_found
from runtime.http.requests import RequestDesk, request_id, seconds
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.tokens import Principal, scope_of
from services.feedback import metrics
from services.feedback.api.bodies import EvidenceSent, FeedbackBody, MeasureSent
from services.feedback.domain.case import Case
from services.feedback.ports import EVERYWHERE, Cases, CaseScope, FiledCase, WordSeals

Number = Annotated[str, Path(max_length=40)]
LONG_AGO = 0  # when a request was asked that is known already


def evidence_of(sent: Iterable[EvidenceSent]) -> tuple[Evidence, ...]:
    """Evidence as a message carries it."""
    return tuple(Evidence(**each.model_dump()) for each in sent)


def reach_of(staff: Principal) -> CaseScope:
    """What the token lets its bearer see."""
    scope = scope_of(staff)
    return CaseScope(scope.division, scope.unit)


def actor_of(staff: Principal) -> Actor:
    """Staff as a message names them."""
    return Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")


@dataclass(frozen=True, slots=True)
class CaseRequests:
    desk: RequestDesk
    cases: Cases
    words: WordSeals
    guesses: CodeAttempts
    code_secret: bytes

    async def for_staff(self, number: str, staff: Principal) -> FiledCase:
        """The case within the scope of ``staff``; one 404 for what does not exist and what is not theirs."""
        filed = await self.cases.find(parsed(parse_number, number), reach_of(staff))
        if filed is None:
            raise not_found()
        return filed

    async def for_reporter(self, number: str, code: str, address: str) -> tuple[FiledCase, int]:
        """The case and the voter whose code it is. Raises WrongCode, TooManyGuesses."""
        known = parsed(parse_number, number)
        async with self.guesses.one(known, address):
            return await self._opened(known, code)

    async def _opened(self, number: str, code: str) -> tuple[FiledCase, int]:
        filed = await self.cases.find(number, EVERYWHERE)
        voter = self._voter(filed.ticket, filed.case, code) if filed else None
        if filed is None or voter is None:
            metrics.CODE_GUESSES.inc()
            raise self.guesses.refusal()
        return filed, voter

    def _voter(self, ticket: str, case: Case, code: str) -> int | None:
        fits = [seat.index for seat in case.voters if code_matches(self.code_secret, ticket, code, seat.code_digest)]
        return fits[0] if fits else None

    async def sealed(self, ticket: str, field: SealField, text: str) -> str:
        """Text under the ticket's words key. Once the keys are destroyed nothing more is kept: then "" (E6 goes on)."""
        return (await self.words.seal(ticket, field, text) or "") if text else ""

    async def measure(self, ticket: str, sent: MeasureSent) -> Measure:
        """One measure with its words sealed."""
        text = await self.sealed(ticket, SealField.MEASURE, sent.text)
        return Measure(text=text, person=await self.sealed(ticket, SealField.PERSON, sent.person), due=sent.due)

    async def ask(self, filed: FiledCase, body: Body, actor: Actor, key: str, sent: FeedbackBody) -> Response:
        """Put the request into the log and answer with its outcome."""
        asked = await self.desk.ask(self.desk.request(filed.ticket, body, actor, key, sent=canonical(sent)))
        return answer(asked, f"/v1/tickets/{filed.case.number}/requests")

    async def put(
        self,
        numbers: Sequence[str],
        staff: Principal,
        key: str,
        body_of: Callable[[FiledCase], Awaitable[Body | None]],
        sent: FeedbackBody | None = None,
        again: type[Body] | None = None,
    ) -> dict[str, Any]:
        """One request per matter in one go; those out of reach, or with nothing to be done by the caller, are named.

        ``sent``: where a body holds what was sealed, for that is another each time; or what of each matter was said
        alike. ``again``: of what kind a request is that came under this key before, and is named though nothing is
        left to be done.
        """
        wanted = [parsed(parse_number, each, "body", "numbers", nth) for nth, each in enumerate(numbers)]
        there = [filed for each in dict.fromkeys(wanted) if (filed := await self.cases.find(each, reach_of(staff)))]
        bodies = [(filed, body) for filed in there if (body := await body_of(filed)) is not None]
        asked = [
            (filed, self.desk.request(filed.ticket, body, actor_of(staff), key, sent=canonical(sent or body)))
            for filed, body in bodies
        ]
        await self.desk.put([request for _, request in asked])
        requested = [{"number": filed.case.number, "ask": _where(filed, request)} for filed, request in asked]
        if again is not None and sent is not None:
            open_now = {each["number"] for each in requested}
            rest = [filed for filed in there if filed.case.number not in open_now]
            requested += [each for filed in rest if (each := await self._earlier(filed, staff, key, sent, again))]
        known, open_ = {filed.case.number for filed in there}, {each["number"] for each in requested}
        return {"requested": requested, "not_open": sorted(known - open_), "not_found": sorted(set(wanted) - known)}

    async def _earlier(
        self, filed: FiledCase, staff: Principal, key: str, sent: FeedbackBody, kind: type[Body]
    ) -> dict[str, str] | None:
        """Where to ask for a request that came under this key before; None: none came, or nobody knows it."""
        request = request_id(filed.ticket, kind, actor_of(staff), key, canonical(sent))
        if not await self.desk.is_known(filed.ticket, request):
            return None
        number = filed.case.number
        return {"number": number, "ask": to_ask(f"/v1/tickets/{number}/requests", request, LONG_AGO)}

    async def outcome(self, filed: FiledCase, request: str, at: int) -> Response:
        """What became of an earlier request; 202 while nobody knows. Raises request_unknown."""
        return answer(await self.desk.asked(filed.ticket, request, at), f"/v1/tickets/{filed.case.number}/requests")


def _where(filed: FiledCase, request: Message[Body]) -> str:
    return to_ask(f"/v1/tickets/{filed.case.number}/requests", request.id, seconds(request))
