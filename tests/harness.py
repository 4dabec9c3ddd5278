"""Given, when, then for handlers; and a service run in memory."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from contracts.envelope import Actor, Body, Kind, Message, decode, type_of
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.records import Incoming
from runtime.delivery.service import Service
from runtime.delivery.timers import Timers
from runtime.http.requests import RequestDesk, outgoing
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore

DocumentT = TypeVar("DocumentT")
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 9 o'clock on a Monday in China, an ordinary working week
TICKET = "0123456789ABCDEFGHJKMNPQRS"
_numbers = count(1)


def fact(body: Body, at: datetime = MONDAY, seq: int = 0, producer: str = "test", **more: Any) -> Message[Any]:
    """A fact about TICKET (or ``key=…``)."""
    return _message(body, Kind.FACT, at, seq=seq, producer=producer, **more)


def request(body: Body, at: datetime = MONDAY, actor: Actor | None = None, **more: Any) -> Message[Any]:
    """A request by ``actor``, with an id of its own unless ``id=…``."""
    return _message(body, Kind.REQUEST, at, actor=actor or Actor(role="unit"), **more)


def knock(body: Body, at: datetime = MONDAY, **more: Any) -> Message[Any]:
    return _message(body, Kind.KNOCK, at, **more)


def _message(body: Body, kind: Kind, at: datetime, **more: Any) -> Message[Any]:
    filled: dict[str, Any] = {"id": f"m{next(_numbers)}", "key": TICKET, "producer": "test", "time": at} | more
    return Message(type=type(body).__name__, kind=kind, at=at, body=body, **filled)


class Stage:
    """One service in memory with a clock that the test moves: publish, run, look."""

    def __init__(self, service: Service[Any], start: datetime = MONDAY) -> None:
        self.wall = start
        self.clock = Clock(wall=lambda: self.wall)
        self.log = InMemoryLog()
        self.service = service
        self.store: InMemoryStore[Any] = InMemoryStore(service.wake_at, self.clock.now)
        reader = InMemoryReader(self.log, service.group, service.logs)
        self.writer = InMemoryWriter(self.log)
        self.loop = Loop(service, reader, self.writer, self.store, self.clock.wall)
        self.timers = Timers(service, self.store, reader, self.writer, self.clock)

    def request_desk(self) -> RequestDesk:
        """The desk of the service's API: over the documents, the log and the clock of this stage."""
        return RequestDesk(self.service, self.store, self.writer, self.clock)

    def say(self, *messages: Message[Any], topic: str = "") -> None:
        """Put messages into the log of the service, or into another topic."""
        for message in messages:
            self.log.append(outgoing(message, topic or self.service.says))

    def pass_time(self, span: timedelta) -> None:
        self.wall += span

    async def run(self) -> None:
        """Knock for what is due and step until nothing is left to read (at most 1000 steps)."""
        for _ in range(1000):
            await self.timers.sweep()
            if not await self.loop.step():
                return
        raise AssertionError("the service does not come to rest")

    def document(self, ticket: str = TICKET) -> Any:
        return self.store.records[ticket].document

    def facts(self, bodies: Iterable[type[Body]], topic: str = "tickets") -> list[Message[Any]]:
        """What this service said, of these types, in order."""
        wanted = {body.__name__: body for body in bodies}
        read = [decoded(record, wanted[type_of(record.headers)]) for record in self._said(topic, wanted)]
        return [message for message in read if message.producer == self.service.name]

    def _said(self, topic: str, wanted: dict[str, type[Body]]) -> list[Incoming]:
        return [record for record in self.log.of_topic(topic) if type_of(record.headers) in wanted]


def decoded(record: Incoming, body: type[Body]) -> Message[Any]:
    """The message in a record."""
    return decode(record.key, record.value, record.headers, body)
