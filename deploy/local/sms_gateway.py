"""A local SMS gateway: a real HTTP program that can also misbehave, for demonstrations and fault tests."""

import argparse
import asyncio
from collections import OrderedDict
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, Field

KEPT_AT_MOST = 200_000  # messages
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
        self.accepted: OrderedDict[str, Message] = OrderedDict()
        self.deliveries: dict[str, int] = {}

    def accept(self, message: Message) -> None:
        """Deliver, unless the reference was delivered before (``accept_twice`` does it all the same)."""
        if message.reference not in self.accepted or self.mode == "accept_twice":
            self.deliveries[message.reference] = self.deliveries.get(message.reference, 0) + 1
        self.accepted[message.reference] = message
        while len(self.accepted) > KEPT_AT_MOST:
            gone, _ = self.accepted.popitem(last=False)
            self.deliveries.pop(gone, None)

    async def take(self, message: Message) -> int:
        """The HTTP status that the mode gives."""
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


def build_app() -> FastAPI:
    """The gateway's HTTP."""
    app, gateway = FastAPI(title="local SMS gateway"), Gateway()
    app.state.gateway = gateway

    @app.post("/messages")
    async def send(message: Message, response: Response) -> dict[str, str]:
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

    @app.put("/mode/{mode}")
    async def behave(mode: Mode) -> dict[str, str]:
        gateway.mode = mode
        return {"mode": mode}

    return app


def main() -> None:
    """Serve on loopback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8190)
    uvicorn.run(build_app(), host="127.0.0.1", port=parser.parse_args().port, log_level="warning")


if __name__ == "__main__":
    main()
