"""Notify's HTTP: templates to look at, deliveries of a ticket by index, and those of which nobody knows."""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor
from contracts.identifiers import NumberMalformed, parse_number, prefix_of
from contracts.requests import ReportDelivery
from runtime.http import Ready, Refusal, answer, create_app, not_found
from runtime.ports import Store
from runtime.records import Record
from runtime.requests import Desk
from runtime.tokens import Gate, Principal, Staff, require, scope_of
from services.notify.domain import Post
from services.notify.ports import Outbox
from services.notify.templates import LANGUAGES, VARIABLES, Templates

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)]
SAMPLE = {name: f"‹{name}›" for name in VARIABLES}


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

    async def found(number: str, staff: Principal) -> Record[Post]:
        try:
            record = await store.find(prefix_of(parse_number(number)))
        except NumberMalformed as wrong:
            raise Refusal(422, "number_malformed", "登记号不对，请核对。", f"{wrong}.") from None
        post = record.document if record else None
        if record is None or post is None or not scope_of(staff).allows(post.division, post.unit):
            raise not_found()
        return record

    @app.get("/v1/templates")
    async def list_templates() -> dict[str, Any]:
        """Every kind, rendered with sample values in each language."""
        shown = {kind: {each: templates.render(kind, each, SAMPLE) for each in LANGUAGES} for kind in templates.kinds()}
        return {"version": templates.version, "templates": shown}

    @app.get("/v1/tickets/{number}/deliveries")
    async def deliveries(number: str, staff: Staff) -> list[dict[str, Any]]:
        """Who was told of what: indices, never persons."""
        post = (await found(number, staff)).document
        fields = ("ref", "audience", "person", "kind", "round", "state", "channel", "not_before")
        return [{name: getattr(item, name) for name in fields} for item in post.items] if post else []

    @app.get("/v1/deliveries/unknown")
    async def unknown(staff: Staff, at_most: int = 100) -> list[dict[str, object]]:
        """Deliveries of which nobody knows whether they arrived: a person looks, and says so below."""
        require(staff, "supervisor", "clerk", "auditor")
        return await outbox.unknown(max(1, min(at_most, 1000)))

    @app.post("/v1/deliveries/{reference}/resolution")
    async def resolve(reference: str, resolution: Resolution, staff: Staff, idempotency_key: Key) -> Response:
        """What a person found out."""
        require(staff, "supervisor", "clerk")
        record = await found(resolution.number, staff)
        body = ReportDelivery(reference=reference, channel="person", outcome=resolution.outcome)
        actor = Actor(role=staff.role, unit=staff.unit, principal=f"staff:{staff.sub}")
        asked = await desk.ask(desk.request(record.ticket, body, actor, idempotency_key))
        return answer(asked, f"/v1/tickets/{resolution.number}/requests")

    return app
