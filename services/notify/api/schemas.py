"""What is said of the public feed: its schemas, where each event's ``dataschema`` says, and the AsyncAPI document."""

from typing import Any

from fastapi import FastAPI

from contracts import asyncapi, feed
from contracts.released_schemas import schema_of
from runtime.http.problems import Refusal


def routes(app: FastAPI, base: str) -> None:
    """``base``: where others reach these routes."""

    @app.get("/v1/schemas/feed")
    async def kinds() -> dict[str, str]:
        """Every type of event, with where its schema is."""
        return {kind: f"{base}{kind}.json" for kind in feed.EVENTS}

    @app.get("/v1/asyncapi")
    async def described() -> dict[str, Any]:
        """The AsyncAPI document of the feed, the snapshots and webhooks."""
        return asyncapi.document()

    @app.get("/v1/schemas/feed/{kind}")
    async def schema(kind: str) -> dict[str, Any]:
        """The JSON Schema of an event's data: ``duban.ticket.registered.v1``, with or without ``.json``."""
        known = kind.removesuffix(".json")
        if known not in feed.EVENTS:
            raise unknown_type()
        return {"$id": f"{base}{known}.json", **schema_of(known)}


def unknown_type() -> Refusal:
    """No event of ours has this name."""
    zh = "没有这个事件类型。全部类型见 /v1/schemas/feed。"
    return Refusal(404, "event_type_unknown", zh, "No event of this type: all types are at /v1/schemas/feed.")
