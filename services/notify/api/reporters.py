"""What reporters do with number and code: read the messages that were not sent, and say how they want to hear."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, stamp
from contracts.identifiers import parse_code, parse_number, prefix_of
from contracts.messages.notify import SetPreferences
from runtime.http.addresses import Address
from runtime.http.app import IdempotencyKey, answer, parsed
from runtime.http.bodies import canonical
from runtime.http.requests import RequestDesk
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.vault import Contacts
from services.notify import metrics
from services.notify.adapters.people import SeatContact, known_people
from services.notify.adapters.templates import Templates
from services.notify.domain.deliveries import REPORTER, Delivery, TicketDeliveries
from services.notify.ports import Outbox, Waiting

QueryCode = Annotated[str, Header(alias="Query-Code", max_length=40)]
EVERYWHERE = ""
NO_TIME = datetime(1, 1, 1, tzinfo=UTC)  # nothing waits


class PreferencesSent(BaseModel):
    """By which channel a reporter wants to hear ("" as they said at the door), and of what not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Literal["", "sms", "email", "page"]
    muted: Annotated[tuple[Literal["assigned", "progress", "remind"], ...], Field(max_length=3)]


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """The seat whose code somebody has, in the post of its ticket."""

    ticket: str
    post: TicketDeliveries
    person: int
    contact: SeatContact


@dataclass(frozen=True, slots=True)
class ReporterDesk:
    outbox: Outbox
    contacts: Contacts
    templates: Templates
    requests: RequestDesk
    guesses: CodeAttempts

    async def seat(self, number: str, code: str, address: str) -> OwnSeat:
        """Whose code it is. Raises WrongCode, TooManyGuesses, Unavailable."""
        known = parsed(parse_number, number)
        async with self.guesses.one(known, address):
            found = await self.outbox.post(prefix_of(known), known, EVERYWHERE)
            seat = await self._seat(*found, code) if found else None
            if seat is None:
                metrics.CODE_GUESSES.inc()
                raise self.guesses.refusal()
            return seat

    async def _seat(self, ticket: str, post: TicketDeliveries, code: str) -> OwnSeat | None:
        waiting = Waiting(ticket, post.number, (), NO_TIME, post.division, post.others)
        people = (await known_people(self.contacts, [waiting])).get(ticket)
        seats = people.seats.items() if people else ()
        fits = [(nth, each) for nth, each in seats if each.code and _fits(each.code, code)]
        return OwnSeat(ticket, post, *fits[0]) if fits else None

    def text(self, seat: OwnSeat, delivery: Delivery) -> str:
        """As an e-mail would say it: whoever reads it here has no SMS to fit it into."""
        values = {"number": seat.post.number, "code": seat.contact.code, **dict(delivery.values)}
        language, county = seat.contact.language or "zh", seat.post.number[:6]
        return self.templates.render(delivery.kind, language, values, "email", county)


def _fits(code: str, typed: str) -> bool:
    return hmac.compare_digest(parse_code(code).encode(), parse_code(typed).encode())


def reporter_routes(app: FastAPI, desk: ReporterDesk) -> None:
    @app.get("/v1/tickets/{number}/messages")
    async def messages(number: str, query_code: QueryCode, address: Address) -> list[dict[str, Any]]:
        """What whoever has no address, or wants no message, would have been told, oldest first."""
        seat = await desk.seat(number, query_code, address)
        own = [item for item in seat.post.items if (item.audience, item.person) == (REPORTER, seat.person)]
        shown = [item for item in own if item.state == "undeliverable"]
        return [
            {"kind": item.kind, "round": item.round, "at": stamp(item.not_before), "text": desk.text(seat, item)}
            for item in shown
        ]

    @app.put("/v1/tickets/{number}/preferences")
    async def prefer(
        number: str,
        preferences: PreferencesSent,
        query_code: QueryCode,
        address: Address,
        idempotency_key: IdempotencyKey,
    ) -> Response:
        """How a reporter wants to hear from now on, whole; an index travels, never an address."""
        seat = await desk.seat(number, query_code, address)
        body = SetPreferences(voter=seat.person, channel=preferences.channel, muted=preferences.muted)
        actor = Actor(role="reporter", principal=f"voter:{seat.person}")
        request = desk.requests.request(seat.ticket, body, actor, idempotency_key, sent=canonical(preferences))
        return answer(await desk.requests.ask(request), f"/v1/tickets/{seat.post.number}/requests")
