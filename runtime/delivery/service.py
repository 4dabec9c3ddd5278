"""A service as the runtime sees it: a name, a document, and what it reacts to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from contracts.envelope import Body, Message
from runtime.change import Result
from runtime.delivery.records import Record

DocumentT = TypeVar("DocumentT")
DocumentT_co = TypeVar("DocumentT_co", covariant=True)

Handler = Callable[[Any, Message[Any], datetime], Result[DocumentT]]
Prepare = Callable[[Sequence[Message[Body]]], Awaitable[Mapping[str, object]]]
WakeAt = Callable[[DocumentT], datetime | None]
Stored = Callable[[Sequence[Record[DocumentT]]], None]


BodyT = TypeVar("BodyT", bound=Body)
Reaction = tuple[type[Body], Handler[DocumentT]]


def on(
    body: type[BodyT], handler: Callable[[DocumentT | None, Message[BodyT], datetime], Result[DocumentT]]
) -> Reaction[DocumentT]:
    """A message and the handler that is made for it: a handler of another message is a type error."""
    return body, handler


class Reacting(Protocol[DocumentT_co]):
    """Handlers of one producer's messages."""

    def reacts(self) -> Sequence[Reaction[DocumentT_co]]:
        """Each message with the handler that is made for it."""


class HandledTwice(ValueError):
    """Two handlers were given for one message of a service: one of them has to go."""


def reactions(*handlers: Reacting[DocumentT]) -> Mapping[type[Body], Handler[DocumentT]]:
    """All that these handlers react to. Raises HandledTwice."""
    found: dict[type[Body], Handler[DocumentT]] = {}
    for body, handler in (pair for each in handlers for pair in each.reacts()):
        if body in found:
            raise HandledTwice(body.__name__)
        found[body] = handler
    return found


def never(_document: object) -> None:
    """The wake instant of a document that wants no knock."""


def unheard(_records: object) -> None:
    """Nobody waits for what was stored."""


async def nothing(_messages: Sequence[Message[Body]]) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Service(Generic[DocumentT]):
    """What the loop of one service needs to know.

    ``reacts``: a pure handler per body class, paired by ``on``; its class name is the message type. ``prepare``:
    batched reads or idempotent writes before the fold; what it returns per message id becomes ``message.given``.
    ``wake_at``: the next domain instant at which the document wants a knock, if any. ``stored``: is told of the records
    that were just stored, to act on them at once; a hint, which a crash may swallow. ``logs``: the topics it reads.
    ``omit_defaults``: store only what differs from the defaults; False where documents are searched by any field.
    """

    name: str
    document: type[DocumentT]
    reacts: Mapping[type[Body], Handler[DocumentT]]
    prepare: Prepare = nothing
    wake_at: WakeAt[DocumentT] = never
    stored: Stored[DocumentT] = unheard
    logs: tuple[str, ...] = ("tickets",)
    collection: str = "tickets"
    omit_defaults: bool = True
