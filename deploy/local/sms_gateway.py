"""A local SMS gateway: a real HTTP program that can also misbehave, for demonstrations and fault tests."""

import argparse
import asyncio
import hashlib
import hmac
from collections import Counter, OrderedDict, deque
from typing import Annotated, Literal

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field

BATCH = 100  # messages, or references, of one call
KEPT_AT_MOST = 200_000  # messages
PHONES_AT_MOST = 50_000  # inboxes; the phone that got nothing for longest goes first
TEXTS_AT_MOST = 50  # of an inbox
HANG = 30.0  # seconds: longer than any client waits
LATE = 8.0  # seconds until a slow gateway takes what it got: longer than a client waits, shorter than it promises
Mode = Literal[
    "accept", "refuse", "hang", "mute", "accept_then_hang", "accept_late", "accept_twice", "busy", "broken", "misrouted"
]
"""``mute`` hangs and cannot be asked either; ``accept_late`` takes a call when its client has given up."""

REFUSALS = {"refuse": 400, "misrouted": 404, "busy": 429, "broken": 500}


class TextMessage(BaseModel):
    """One message; the reference makes it once."""

    reference: Annotated[str, Field(min_length=8, max_length=64)]
    to: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(max_length=2000)]


class Batch(BaseModel):
    messages: Annotated[list[TextMessage], Field(min_length=1, max_length=BATCH)]


class Question(BaseModel):
    """Which of these were taken?"""

    references: Annotated[list[str], Field(max_length=BATCH)]


class Gateway:
    """What was accepted, how often each reference came, and how to behave."""

    def __init__(self) -> None:
        self.mode: Mode = "accept"
        self.late = LATE
        self.calls: Counter[str] = Counter()  # by mode: whether a fault really happened
        self.accepted: OrderedDict[str, TextMessage] = OrderedDict()
        self.deliveries: dict[str, int] = {}
        self.taken: Counter[str] = Counter()  # calls by reference: who sends one again trusts in being refused
        self.inboxes: OrderedDict[str, deque[str]] = OrderedDict()

    def accept(self, message: TextMessage) -> None:
        """Deliver, unless the reference was delivered before (``accept_twice`` does it all the same)."""
        if message.reference not in self.accepted or self.mode == "accept_twice":
            self.deliveries[message.reference] = self.deliveries.get(message.reference, 0) + 1
            self._drop_into_inbox(message)
        self.taken[message.reference] += 1
        self.accepted[message.reference] = message
        while len(self.accepted) > KEPT_AT_MOST:
            gone, _ = self.accepted.popitem(last=False)
            self.deliveries.pop(gone, None)
            self.taken.pop(gone, None)

    def known(self, references: list[str]) -> list[str]:
        """Which of these were taken. Raises HTTPException when it cannot be asked."""
        if self.mode == "mute":
            raise HTTPException(503)
        return [each for each in references if each in self.accepted]

    def _drop_into_inbox(self, message: TextMessage) -> None:
        self.inboxes.setdefault(message.to, deque(maxlen=TEXTS_AT_MOST)).append(message.text)
        self.inboxes.move_to_end(message.to)
        while len(self.inboxes) > PHONES_AT_MOST:
            self.inboxes.popitem(last=False)

    async def take(self, messages: list[TextMessage]) -> int:
        """The HTTP status that the mode gives to a call."""
        self.calls[self.mode] += 1
        if self.mode in REFUSALS:
            return REFUSALS[self.mode]
        if self.mode in ("hang", "mute"):
            await asyncio.sleep(HANG)
            return 500
        if self.mode == "accept_late":
            await asyncio.sleep(self.late)
            self.calls["taken late"] += 1
        for message in messages:
            self.accept(message)
        if self.mode == "accept_then_hang":
            await asyncio.sleep(HANG)
        return 200


def signed(key: str, body: bytes, signature: str) -> bool:
    """Whether the body's HMAC-SHA256 is right. Without a key everything is."""
    return not key or hmac.compare_digest(hmac.new(key.encode(), body, hashlib.sha256).hexdigest(), signature)


def build_app(key: str = "") -> FastAPI:
    """The gateway's HTTP. ``key``: what senders sign with; "" takes anything."""
    app, gateway = FastAPI(title="local SMS gateway"), Gateway()
    app.state.gateway = gateway

    async def is_ours(request: Request) -> None:
        if not signed(key, await request.body(), request.headers.get("Signature", "")):
            raise HTTPException(401)

    @app.post("/messages", dependencies=[Depends(is_ours)])
    async def send(batch: Batch, response: Response) -> dict[str, dict[str, int]]:
        response.status_code = await gateway.take(batch.messages)
        return {"statuses": {each.reference: 202 for each in batch.messages}}

    @app.post("/look-ups", dependencies=[Depends(is_ours)])
    async def look_up(question: Question) -> dict[str, list[str]]:
        return {"taken": gateway.known(question.references)}

    @app.get("/messages")
    async def counts() -> dict[str, int]:
        delivered, sent = (sum(count > 1 for count in each.values()) for each in (gateway.deliveries, gateway.taken))
        return {"messages": len(gateway.accepted), "delivered_twice": delivered, "sent_twice": sent}

    @app.get("/inbox/{phone}")
    async def inbox(phone: str) -> dict[str, list[str]]:
        return {"texts": list(gateway.inboxes.get(phone, ()))}

    @app.put("/mode/{mode}")
    async def behave(mode: Mode) -> dict[str, str]:
        gateway.mode = mode
        return {"mode": mode}

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8190)
    parser.add_argument("--key", default="", help="what senders sign with; empty: signatures are not looked at")
    given = parser.parse_args()
    uvicorn.run(build_app(given.key), host="127.0.0.1", port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
