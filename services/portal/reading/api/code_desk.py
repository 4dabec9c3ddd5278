"""Number and query code: who may open a matter, and how often one may guess."""

from dataclasses import dataclass

from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE, NumberMalformed, code_matches, parse_number
from runtime.http.problems import Refusal
from runtime.identity.code_attempts import CodeAttempts, TooManyGuesses, TriedCodes
from services.portal import metrics
from services.portal.reading.ports import Tickets
from services.portal.reading.ticket import visibility
from services.portal.reading.ticket.document import Ticket, VoterCode

CODE_HEADER = "Query-Code"


class NumberUnknown(Refusal):
    """The portal knows no such number (yet): try again in a few minutes."""

    def __init__(self) -> None:
        zh = "没有查到这个登记号，请核对；刚登记的请几分钟后再查。"
        en = "No such number here. Check it; if it was registered just now, try again in a few minutes."
        super().__init__(404, "number_unknown", zh, en)


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """A ticket as the holder of one of its codes reads it."""

    ticket: Ticket
    voter: int

    @property
    def is_confirmed(self) -> bool:
        """Whether the seat of this code counts."""
        return all(each.confirmed for each in self.ticket.voters if each.index == self.voter)


class CodeDesk:
    """Where a code is shown: checks it, and counts the wrong ones."""

    def __init__(self, tickets: Tickets, code_secret: bytes, tried: TriedCodes) -> None:
        self._tickets, self._secret = tickets, code_secret
        self._guesses = CodeAttempts(tried, code_secret, WRONG_CODE, TOO_MANY_CODES)

    async def open(self, number: str, code: str, address: str) -> OpenedTicket:
        """The ticket, if the code is one of its codes. Raises NumberUnknown, WrongCode, TooManyGuesses."""
        try:
            async with self._guesses.one(number, address):
                return await self._opened(number, code)
        except TooManyGuesses:
            metrics.CODES_REFUSED.labels("limited").inc()
            raise

    async def _opened(self, number: str, code: str) -> OpenedTicket:
        ticket = await self._found(number)
        if ticket is None:
            metrics.CODES_REFUSED.labels("unknown").inc()
            raise NumberUnknown
        voter = self._voter(ticket, code)
        if voter is None:
            metrics.CODES_REFUSED.labels("wrong").inc()
            raise self._guesses.refusal()
        return OpenedTicket(visibility.for_voter(ticket, voter), voter.index)

    async def _found(self, number: str) -> Ticket | None:
        try:
            return await self._tickets.by_number(parse_number(number))
        except NumberMalformed:
            return None

    def _voter(self, ticket: Ticket, code: str) -> VoterCode | None:
        fits = [each for each in ticket.voters if code_matches(self._secret, ticket.id, code, each.digest)]
        return fits[0] if fits else None
