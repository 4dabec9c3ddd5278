"""What is said before something is done or shown: while the log is silent, nothing is."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.envelope import Body, Kind, Message
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.http.requests import outgoing
from runtime.ids import id_of

TOPIC = "audit"


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """``producer``: which service says it. ``fresh``: a text that was never given before, for the id of a message."""

    writer: Writer
    clock: Clock
    producer: str
    fresh: Callable[[], str]

    async def say(self, account: str, body: Body) -> None:
        """Returns once it is in the log. Raises Unavailable: then nothing may be shown."""
        message = Message(
            id=id_of("audit", self.producer, self.fresh()),
            type=type(body).__name__,
            kind=Kind.FACT,
            key=account,
            producer=self.producer,
            at=self.clock.now(),
            time=self.clock.wall(),
            body=body,
        )
        await self.writer.publish([outgoing(message, TOPIC)])
