"""A person's command is a message: the API puts it into the log and waits for its outcome in the own document."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.envelope import Actor, Body, Kind, Message, encode_headers, encode_value
from contracts.topics import partition_of
from runtime import metrics
from runtime.clock import Clock
from runtime.ids import id_of
from runtime.ports import Store, Unavailable, Writer
from runtime.records import Decided, Outgoing

FIRST_LOOK = 0.02  # seconds after the request was acknowledged
LAST_LOOK = 3.0  # seconds until the caller is told where to ask
STEP_UP = 1.5  # each look waits this much longer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands: decided, or still on its way (``decided`` None)."""

    request: str
    decided: Decided | None


class Desk:
    """Puts requests of one service's API into the log and looks for their outcomes."""

    def __init__(self, service: str, store: Store[Any], writer: Writer, clock: Clock) -> None:
        self._service, self._store, self._writer, self._clock = service, store, writer, clock

    def request(self, ticket: str, body: Body, actor: Actor, key: str, to: Sequence[str] = ()) -> Message[Body]:
        """The request whose id is the same whenever ``actor`` sends the same ``key`` for the same ticket."""
        return Message(
            id=id_of("request", ticket, actor.principal, type(body).__name__, key),
            type=type(body).__name__,
            kind=Kind.REQUEST,
            ticket=ticket,
            producer=self._service,
            at=self._clock.now(),
            time=self._clock.wall(),
            body=body,
            to=tuple(to) or (self._service,),
            actor=actor,
        )

    async def put(self, requests: Sequence[Message[Body]]) -> None:
        """Put requests into the log in one go. Raises Unavailable: the same key is safe to send again."""
        await self._writer.publish([outgoing(request) for request in requests])

    async def ask(self, request: Message[Body]) -> Asked:
        """Put it into the log and wait up to 3 s for its outcome. Raises Unavailable when Kafka is silent."""
        try:
            await self.put([request])
        except Unavailable:
            self._count(request, "unavailable")
            raise
        decided = await self._wait_for(request)
        self._count(request, "pending" if decided is None else "accepted" if decided.accepted else "refused")
        return Asked(request.id, decided)

    async def outcome(self, ticket: str, request: str) -> Decided | None:
        """The outcome of an earlier request, if it is known here."""
        record = (await self._store.load([ticket])).get(ticket)
        return record.outcome_of(request) if record else None

    async def _wait_for(self, request: Message[Body]) -> Decided | None:
        waited, pause = 0.0, FIRST_LOOK
        while waited < LAST_LOOK:
            await asyncio.sleep(pause)
            if decided := await self._look(request):
                return decided
            waited, pause = waited + pause, min(pause * STEP_UP, 0.5)
        return None

    async def _look(self, request: Message[Body]) -> Decided | None:
        try:
            return await self.outcome(request.ticket, request.id)
        except Unavailable:
            return None

    def _count(self, request: Message[Body], answer: str) -> None:
        metrics.REQUESTS.labels(self._service, request.type, answer).inc()


def outgoing(message: Message[Body], topic: str = "tickets") -> Outgoing:
    """The record that carries ``message``."""
    partition = partition_of(message.ticket)
    return Outgoing(topic, partition, message.ticket, encode_headers(message), encode_value(message))
