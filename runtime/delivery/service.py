"""A service as the runtime sees it: a name, a document, and what it reacts to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from contracts.envelope import Body, Message
from contracts.topics import BY_NAME
from runtime.change import Result
from runtime.delivery.records import Record

DocumentT = TypeVar("DocumentT")
DocumentT_co = TypeVar("DocumentT_co", covariant=True)

Handler = Callable[[Any, Message[Any], datetime], Result[DocumentT]]
Prepare = Callable[[Sequence[Message[Body]]], Awaitable[Mapping[str, object]]]
WakeAt = Callable[[DocumentT], datetime | None]
Stored = Callable[[Sequence[Record[DocumentT]]], None]
Labels = Callable[[DocumentT], Mapping[str, str]]


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


def unlabelled(_document: object) -> Mapping[str, str]:
    """The labels of a document by which nobody filters."""
    return {}


async def nothing(_messages: Sequence[Message[Body]]) -> Mapping[str, object]:
    return {}


class SplitDiffers(ValueError):
    """The logs of one kind of document have different numbers of partitions: no process would hold all of a key."""


@dataclass(frozen=True, kw_only=True)
class Service(Generic[DocumentT]):
    """What the loop over one kind of document of a service needs to know.

    ``says``: the topic that its facts, its knocks and the requests to it go to. ``logs``: the topics that it reads, all
    split alike; unless named, the one it says. ``part``: "" for a service's main kind of document; another kind has a
    name, and with it a consumer group, dead letters and a hold of its own. ``collection``: unless named, as ``says``.

    ``labels``: what each fact says of its document in its last headers, for whoever filters: of the document as it is
    once the message was handled; what is empty is left out.

    ``reacts``: a pure handler per body class, paired by ``on``; its class name is the message type. ``prepare``:
    batched reads or idempotent writes before the fold; what it returns per message id becomes ``message.given``.
    ``wake_at``: the next domain instant at which the document wants a knock, if any. ``stored``: is told of the records
    that were just stored, to act on them at once; a hint, which a crash may swallow. ``omit_defaults``: store only what
    differs from the defaults; False where documents are searched by any field.

    ``kinds``: where ``document`` stands for several classes, each by the name that is stored with it ("": with none, as
    the first one was before there were others).
    """

    name: str
    says: str
    document: type[DocumentT]
    reacts: Mapping[type[Body], Handler[DocumentT]]
    prepare: Prepare = nothing
    wake_at: WakeAt[DocumentT] = never
    stored: Stored[DocumentT] = unheard
    labels: Labels[DocumentT] = unlabelled
    part: str = ""
    logs: tuple[str, ...] = ()
    collection: str = ""
    omit_defaults: bool = True
    kinds: Mapping[str, type[DocumentT]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "logs", self.logs or (self.says,))
        object.__setattr__(self, "collection", self.collection or self.says)
        if len({BY_NAME[log].partitions for log in (self.says, *self.logs)}) > 1:
            raise SplitDiffers(f"{self.label}: {', '.join(self.logs)}, and says {self.says}")

    @property
    def label(self) -> str:
        """Its name on metrics and in log lines: ``service`` or ``service.part``."""
        return f"{self.name}.{self.part}" if self.part else self.name

    @property
    def group(self) -> str:
        """Its consumer group: ``service.loop`` or ``service.part``."""
        return f"{self.name}.{self.part or 'loop'}"

    @property
    def about(self) -> str:
        """The noun of what its keys name: the field of a log line."""
        return BY_NAME[self.says].about
