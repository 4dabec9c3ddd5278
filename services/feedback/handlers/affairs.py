"""The one dispatch over the kinds of affairs: a request finds the handler of its kind, a knock that of its document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from contracts.envelope import Body, Message, WakeUp
from runtime.change import Ignore, Result
from runtime.delivery.service import Handler, Reacting, Reaction, on
from services.feedback.domain.affair import Affair
from services.feedback.domain.case import CaseRefused
from services.feedback.handlers.shared import refusal

AffairT = TypeVar("AffairT", bound=Affair)
OTHER_KIND = CaseRefused(
    "other_kind", "该编号是另一类事务，请核对编号。", "The key names an affair of another kind: check the key."
)


@dataclass(frozen=True, slots=True)
class AffairKind(Generic[AffairT]):
    """A kind: its document, and what such a document reacts to; the stored name of the first kind is ""."""

    stored_as: str
    document: type[AffairT]
    handlers: Reacting[AffairT]


class AffairHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, kinds: Sequence[AffairKind[Any]]) -> None:
        self._knocks: dict[type[Affair], Handler[Affair]] = {}
        self._asked: list[Reaction[Affair]] = []
        for kind in kinds:
            for body, handler in kind.handlers.reacts():
                self._take(kind, body, handler)

    def reacts(self) -> tuple[Reaction[Affair], ...]:
        """Each message with the handler that is made for it."""
        return (*self._asked, on(WakeUp, self.on_wake_up))

    def on_wake_up(self, document: Affair | None, message: Message[WakeUp], now: datetime) -> Result[Affair]:
        """What a knock means is known by the kind of what it knocks at."""
        if document is None or type(document) not in self._knocks:
            return Ignore("not_due")
        return self._knocks[type(document)](document, message, now)

    def _take(self, kind: AffairKind[Any], body: type[Body], handler: Handler[Affair]) -> None:
        if body is WakeUp:
            self._knocks[kind.document] = handler
        else:
            self._asked.append((body, _only_of(kind.document, handler)))


def _only_of(kind: type[Affair], handler: Handler[Affair]) -> Handler[Affair]:
    def handled(document: Affair | None, message: Message[Any], now: datetime) -> Result[Affair]:
        if document is not None and not isinstance(document, kind):
            return refusal(OTHER_KIND)
        return handler(document, message, now)

    return handled
