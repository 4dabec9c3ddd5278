"""An answer in time: who waits longer, for a store that hangs or a body that does not come, is told to come back."""

import asyncio
from inspect import isawaitable
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.delivery.ports import Unavailable
from runtime.http.arrivals import arrived_at
from runtime.telemetry import metrics

ANSWER_WITHIN = 7.0  # seconds, unless the application's ``state.answer_within`` says otherwise


class InTime:
    """Tells with the application's own 503 what was not answered in time; an answer that has begun goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        within: float = getattr(scope["app"].state, "answer_within", ANSWER_WITHIN)
        now = asyncio.get_running_loop().time()
        until = arrived_at(scope, now) + within
        try:
            async with asyncio.timeout_at(until) as deadline:
                if until <= now:
                    await asyncio.sleep(0)  # it is too late already: nothing is begun
                await self._app(scope, receive, _ending(deadline, send))
        except TimeoutError:
            if not deadline.expired():
                raise
            metrics.LATE.inc()
            await _tell(scope, receive, send)


def _ending(deadline: asyncio.Timeout, send: Send) -> Send:
    """A ``send`` that takes the deadline away once an answer begins."""

    async def first_ends(message: Message) -> None:
        if message["type"] == "http.response.start":
            deadline.reschedule(None)
        await send(message)

    return first_ends


async def _tell(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    told: Any = scope["app"].exception_handlers[Unavailable](request, Unavailable("no answer in time"))
    answer = await told if isawaitable(told) else told
    await answer(scope, receive, send)
