"""Notify's HTTP: templates to look at, deliveries of a ticket by index, and those of which nobody knows."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, stamp
from contracts.identifiers import parse_number, prefix_of
from contracts.requests import DeliveryReport, ReportDelivery
from runtime.bodies import canonical
from runtime.http import AskedAt, IdempotencyKey, Ready, answer, create_app, registration_number
from runtime.ports import Store
from runtime.problems import not_found
from runtime.records import Record
from runtime.requests import Desk
from runtime.tokens import Gate, Principal, Staff, require, scope_of
from services.notify.domain import Post
from services.notify.ports import Outbox
from services.notify.templates import CHANNELS, LANGUAGES, VARIABLES, Templates

SAMPLE = {name: f"‹{name}›"[:longest] for name, longest in VARIABLES.items()}


class Resolution(BaseModel):
    """What a person found out about a delivery."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[str, Field(max_length=40)]
    outcome: Literal["sent", "failed"]


def build_app(
    store: Store[Post], outbox: Outbox, templates: Templates, desk: Desk, gate: Gate, ready: Ready
) -> FastAPI:
    """All routes of notify."""
    app = create_app("duban notify", ready)
    app.state.gate = gate
    _templates(app, templates)
    _deliveries(app, store, desk)
    _unknowns(app, store, outbox, desk)
    return app


def _templates(app: FastAPI, templates: Templates) -> None:
    def preview(kind: str, county: str) -> dict[str, dict[str, str]]:
        return {
            channel: {each: templates.render(kind, each, SAMPLE, channel, county) for each in LANGUAGES}
            for channel in CHANNELS
        }

    @app.get("/v1/templates")
    async def list_templates(county: str = "") -> dict[str, Any]:
        """Every kind, as it reads in a county with sample values, per channel and language."""
        return {"version": templates.version, "templates": {kind: preview(kind, county) for kind in templates.kinds()}}


async def _found(store: Store[Post], number: str, staff: Principal, *at: str) -> Record[Post]:
    known = registration_number(parse_number, number, *at)
    record = await store.find(prefix_of(known))
    post = record.document if record else None
    is_it = post is not None and post.number == known and scope_of(staff).allows(post.division, post.unit)
    if record is None or not is_it:
        raise not_found()
    return record


def _deliveries(app: FastAPI, store: Store[Post], desk: Desk) -> None:
    @app.get("/v1/tickets/{number}/deliveries")
    async def deliveries(number: str, staff: Staff) -> list[dict[str, Any]]:
        """Who was told of what: indices, never persons."""
        post = (await _found(store, number, staff)).document
        fields = ("ref", "audience", "person", "kind", "round", "state", "channel")
        shown = post.items if post else ()
        return [
            {name: getattr(item, name) for name in fields} | {"not_before": stamp(item.not_before)} for item in shown
        ]

    @app.get("/v1/tickets/{number}/requests/{request}")
    async def outcome(number: str, request: str, staff: Staff, asked: AskedAt = 0) -> Response:
        """What became of an earlier request."""
        record = await _found(store, number, staff)
        return answer(await desk.asked(record.ticket, request, asked), f"/v1/tickets/{number}/requests")


def _unknowns(app: FastAPI, store: Store[Post], outbox: Outbox, desk: Desk) -> None:
    @app.get("/v1/deliveries/unknown")
    async def unknown(staff: Staff, at_most: int = 100) -> list[dict[str, Any]]:
        """Deliveries of which nobody knows whether they arrived: a person looks, and says so below."""
        require(staff, "supervisor", "clerk", "auditor")
        found = await outbox.unknown(scope_of(staff).division, max(1, min(at_most, 1000)))
        return [asdict(each) for each in found]

    @app.post("/v1/deliveries/{reference}/resolution")
    async def resolve(
        reference: str, resolution: Resolution, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """What a person found out."""
        require(staff, "supervisor", "clerk")
        record = await _found(store, resolution.number, staff, "body", "number")
        report = DeliveryReport(reference=reference, channel="person", outcome=resolution.outcome)
        body = ReportDelivery(reports=(report,))
        actor = Actor(role=staff.role, unit=staff.unit, principal=f"staff:{staff.sub}")
        request = desk.request(record.ticket, body, actor, idempotency_key, sent=canonical(resolution))
        asked = await desk.ask(request)
        return answer(asked, f"/v1/tickets/{resolution.number}/requests")
