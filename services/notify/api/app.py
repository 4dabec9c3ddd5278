"""Notify's HTTP: templates to look at, deliveries of a ticket by index, and those of which nobody knows."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body, Message, stamp
from contracts.identifiers import parse_number, prefix_of
from contracts.messages.notify import DeliveryReport, ReportDelivery
from contracts.vocabulary import OF_A_UNIT
from runtime.http.addresses import Address
from runtime.http.app import AskedAt, IdempotencyKey, Ready, answer, create_app, parsed
from runtime.http.bodies import canonical
from runtime.http.problems import not_found
from runtime.http.requests import RequestDesk
from runtime.http.tables import ALSO_CSV
from runtime.identity.tokens import Gate, MaybeStaff, Principal, Staff, require, scope_of
from services.notify.adapters.templates import CHANNELS, LANGUAGES, OF_THE_INSTALLATION, VARIABLES, Templates
from services.notify.api.burden import BurdenDays, BurdenQuery, answered, asked_of
from services.notify.api.receipts import receipt_routes
from services.notify.api.reporters import QueryCode, ReporterDesk, reporter_routes
from services.notify.api.signatures import ProviderKeys
from services.notify.domain.deliveries import PERSON, TicketDeliveries
from services.notify.ports import Outbox, SentLetter

SAMPLE = {name: f"‹{name}›"[:longest] for name, longest in VARIABLES.items() if name not in OF_THE_INSTALLATION}


class Resolution(BaseModel):
    """What a person found out about a delivery. ``resend``: it was not taken, and is to go again, under the same
    reference, which its provider takes once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[str, Field(max_length=40)]
    outcome: Literal["sent", "failed", "resend"]


def build_app(
    reporters: ReporterDesk, gate: Gate, ready: Ready, keys: ProviderKeys, monitored: Collection[str] = ()
) -> FastAPI:
    """``monitored``: accounts that are monitoring points of burden."""
    outbox, templates, desk = reporters.outbox, reporters.templates, reporters.requests
    app = create_app("duban notify", ready)
    app.state.gate = gate
    _templates(app, templates)
    _deliveries(app, reporters)
    _unknowns(app, outbox, desk)
    _burden(app, outbox, desk, monitored)
    receipt_routes(app, outbox, desk, keys)
    reporter_routes(app, reporters)
    return app


def _templates(app: FastAPI, templates: Templates) -> None:
    def preview(name: str, county: str) -> dict[str, dict[str, str]]:
        return {
            channel: {each: templates.render(name, each, SAMPLE, channel, county) for each in LANGUAGES}
            for channel in CHANNELS
        }

    @app.get("/v1/templates")
    async def list_templates(county: str = "") -> dict[str, Any]:
        """Every text, as it reads in a county with sample values, per channel and language.

        ``assigned`` is what reporters read of an assignment, ``assigned/unit`` what the unit does.
        """
        return {"version": templates.version, "templates": {name: preview(name, county) for name in templates.names()}}


async def _found(outbox: Outbox, number: str, staff: Principal, *at: str) -> tuple[str, TicketDeliveries]:
    known = parsed(parse_number, number, *at)
    scope = scope_of(staff)
    found = await outbox.post(prefix_of(known), known, scope.division, scope.unit)
    if found is None:
        raise not_found()
    return found


def _deliveries(app: FastAPI, reporters: ReporterDesk) -> None:
    outbox, desk = reporters.outbox, reporters.requests

    @app.get("/v1/tickets/{number}/deliveries")
    async def deliveries(number: str, staff: Staff) -> list[dict[str, Any]]:
        """Who was told of what: indices, never persons."""
        _, post = await _found(outbox, number, staff)
        fields = ("ref", "audience", "person", "kind", "round", "state", "channel", "letter")
        return [
            {name: getattr(item, name) for name in fields} | {"not_before": stamp(item.not_before)}
            for item in post.items
        ]

    @app.get("/v1/tickets/{number}/requests/{request}")
    async def outcome(
        number: str, request: str, staff: MaybeStaff, address: Address, query_code: QueryCode = "", asked: AskedAt = 0
    ) -> Response:
        """What became of an earlier request."""
        if staff is None:
            ticket = (await reporters.seat(number, query_code, address)).ticket
        else:
            ticket, _ = await _found(outbox, number, staff)
        return answer(await desk.asked(ticket, request, asked), f"/v1/tickets/{number}/requests")


def _unknowns(app: FastAPI, outbox: Outbox, desk: RequestDesk) -> None:
    @app.get("/v1/deliveries/unknown")
    async def unknown(staff: Staff, at_most: int = 100) -> list[dict[str, Any]]:
        """Letters of which nobody knows whether they arrived: a person looks, and says so below."""
        require(staff, "supervisor", "clerk", "auditor")
        found = await outbox.unknown(scope_of(staff).division, max(1, min(at_most, 1000)))
        return [asdict(each) for each in found]

    @app.post("/v1/deliveries/{reference}/resolution")
    async def resolve(
        reference: str, resolution: Resolution, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """What a person found out about a letter, or the letter of a delivery; of a digest for all its matters."""
        require(staff, "supervisor", "clerk")
        ticket, post = await _found(outbox, resolution.number, staff, "body", "number")
        actor = Actor(role=staff.role, unit=staff.unit, principal=f"staff:{staff.sub}")

        def request(about: str, reports: tuple[DeliveryReport, ...]) -> Message[Body]:
            body = ReportDelivery(reports=reports)
            return desk.request(about, body, actor, idempotency_key, sent=canonical(resolution))

        letter = _letter_of(post, reference)
        others = [each for each in await outbox.letters({letter}) if each.ticket != ticket]
        await desk.put([request(each.ticket, _of_digest(each, resolution.outcome)) for each in others])
        asked = await desk.ask(request(ticket, _by_person(post, letter, reference, resolution.outcome)))
        return answer(asked, f"/v1/tickets/{resolution.number}/requests")


def _burden(app: FastAPI, outbox: Outbox, desk: RequestDesk, monitored: Collection[str]) -> None:
    @app.get("/v1/burden", responses=ALSO_CSV)
    async def burden(query: Annotated[BurdenQuery, Query()], staff: Staff) -> Response:
        """减负: what staff were told, in how many letters, by whose act. An office reads what was told to it or by its
        act, the supervision office all of its division."""
        require(staff, *OF_A_UNIT, "supervisor")
        days = BurdenDays.of(query, desk.now())
        return await answered(query, days, asked_of(query, days, scope_of(staff), monitored), outbox)


def _letter_of(post: TicketDeliveries, reference: str) -> str:
    one = post.find(reference)
    return one.sent_as if one else reference


def _by_person(post: TicketDeliveries, letter: str, reference: str, outcome: str) -> tuple[DeliveryReport, ...]:
    """The same of all that went in one letter; of what is not there one report, which finds no delivery."""
    found = [item for item in post.items if item.sent_as == letter]
    attempts = {item.ref: item.attempt for item in found} or {reference: 0}
    plain = {"channel": PERSON, "outcome": outcome, "letter": letter}
    return tuple(
        DeliveryReport.model_validate(plain | {"reference": ref, "attempt": attempt})
        for ref, attempt in attempts.items()
    )


def _of_digest(letter: SentLetter, outcome: str) -> tuple[DeliveryReport, ...]:
    """The same of what it told of another matter: all of it went the first time."""
    plain = {"channel": PERSON, "outcome": outcome, "letter": letter.reference}
    return tuple(DeliveryReport.model_validate(plain | {"reference": ref}) for ref in letter.deliveries)
