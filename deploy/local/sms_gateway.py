"""A local SMS gateway: a real HTTP program that can also misbehave, for demonstrations and fault tests."""

import argparse
import asyncio
import hashlib
import hmac
from collections import Counter, OrderedDict, deque
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field

KEPT_AT_MOST = 200_000  # messages
PHONES_AT_MOST = 50_000  # inboxes; the phone that got nothing for longest goes first
TEXTS_AT_MOST = 50  # of an inbox
HANG = 30.0  # seconds: longer than any client waits
Mode = Literal["accept", "refuse", "hang", "accept_then_hang", "accept_twice", "busy", "broken"]


class Message(BaseModel):
    """One message; the reference makes it once."""

    reference: Annotated[str, Field(min_length=8, max_length=64)]
    to: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(max_length=2000)]


class Gateway:
    """What was accepted, how often each reference came, and how to behave."""

    def __init__(self) -> None:
        self.mode: Mode = "accept"
        self.calls: Counter[str] = Counter()  # by mode: whether a fault really happened
        self.accepted: OrderedDict[str, Message] = OrderedDict()
        self.deliveries: dict[str, int] = {}
        self.inboxes: OrderedDict[str, deque[str]] = OrderedDict()

    def accept(self, message: Message) -> None:
        """Deliver, unless the reference was delivered before (``accept_twice`` does it all the same)."""
        if message.reference not in self.accepted or self.mode == "accept_twice":
            self.deliveries[message.reference] = self.deliveries.get(message.reference, 0) + 1
            self._drop_into_inbox(message)
        self.accepted[message.reference] = message
        while len(self.accepted) > KEPT_AT_MOST:
            gone, _ = self.accepted.popitem(last=False)
            self.deliveries.pop(gone, None)

    def _drop_into_inbox(self, message: Message) -> None:
        self.inboxes.setdefault(message.to, deque(maxlen=TEXTS_AT_MOST)).append(message.text)
        self.inboxes.move_to_end(message.to)
        while len(self.inboxes) > PHONES_AT_MOST:
            self.inboxes.popitem(last=False)

    async def take(self, message: Message) -> int:
        """The HTTP status that the mode gives."""
        self.calls[self.mode] += 1
        match self.mode:
            case "refuse":
                return 400
            case "busy":
                return 429
            case "broken":
                return 500
            case "hang":
                await asyncio.sleep(HANG)
                return 500
            case "accept_then_hang":
                self.accept(message)
                await asyncio.sleep(HANG)
        self.accept(message)
        return 202


def signed(key: str, body: bytes, signature: str) -> bool:
    """Whether the body's HMAC-SHA256 is right. Without a key everything is."""
    return not key or hmac.compare_digest(hmac.new(key.encode(), body, hashlib.sha256).hexdigest(), signature)


def build_app(key: str = "") -> FastAPI:
    """The gateway's HTTP. ``key``: what senders sign with; "" takes anything."""
    app, gateway = FastAPI(title="local SMS gateway"), Gateway()
    app.state.gateway = gateway

    @app.post("/messages")
    async def send(request: Request, message: Message, response: Response) -> dict[str, str]:
        if not signed(key, await request.body(), request.headers.get("Signature", "")):
            raise HTTPException(401)
        response.status_code = await gateway.take(message)
        return {"reference": message.reference}

    @app.get("/messages/{reference}")
    async def look_up(reference: str) -> dict[str, Any]:
        if reference not in gateway.accepted:
            raise HTTPException(404)
        return {"reference": reference, "deliveries": gateway.deliveries[reference]}

    @app.get("/messages")
    async def counts() -> dict[str, int]:
        twice = sum(count > 1 for count in gateway.deliveries.values())
        return {"messages": len(gateway.accepted), "delivered_twice": twice}

    @app.get("/inbox/{phone}")
    async def inbox(phone: str) -> dict[str, list[str]]:
        return {"texts": list(gateway.inboxes.get(phone, ()))}

    @app.put("/mode/{mode}")
    async def behave(mode: Mode) -> dict[str, str]:
        gateway.mode = mode
        return {"mode": mode}

    return app


def main() -> None:
    """Serve on loopback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8190)
    parser.add_argument("--key", default="", help="what senders sign with; empty: signatures are not looked at")
    given = parser.parse_args()
    uvicorn.run(build_app(given.key), host="127.0.0.1", port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
