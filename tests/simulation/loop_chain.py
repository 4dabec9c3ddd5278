"""Three small services in a chain, for the loop's simulation: what they heard is in their documents, word for word.

Each has two kinds of document, and a log of each kind: the same handlers over both.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.envelope import Body, Message, WakeUp
from runtime.change import Change, Ignore, Keep, Reject, Result
from runtime.delivery.service import Service


class StartChain(Body):
    """Somebody begins a matter; the head of the chain answers with two facts."""

    number: int


class Stop(Body):
    """Somebody wants it stopped: whoever holds the baton decides."""


class Begun(Body):
    number: int


class Weighed(Body):
    """Said by the head, right after Begun."""

    number: int


class HandedOn(Body):
    """Said by the middle: the tail holds the baton now."""

    number: int


class ChainEnded(Body):
    number: int


class Stopped(Body):
    """Said by whoever held the baton."""

    by: str


@dataclass(frozen=True, slots=True)
class HeardByLink:
    """What a service took, in order: (producer or "request", number)."""

    taken: tuple[tuple[str, int], ...] = ()
    state: str = "before"
    wake: datetime | None = None


class PoisonFound(RuntimeError):
    """The handler cannot deal with this message until it is mended."""


@dataclass
class Chain:
    """The handlers. ``poisoned``: numbers that raise until the chain is mended."""

    poisoned: frozenset[int] = frozenset()
    mended: bool = False

    def services(self) -> list[Service[HeardByLink]]:
        """Head, middle and tail, of both kinds."""
        return [*self._of_kind("tickets"), *self._of_kind("affairs", part="affairs")]

    def _of_kind(self, topic: str, part: str = "") -> list[Service[HeardByLink]]:
        head: dict[type[Body], Any] = {StartChain: self.on_start}
        middle: dict[type[Body], Any] = {Begun: self.on_begun, Weighed: self.on_weighed, Stop: self.stop("middle")}
        tail: dict[type[Body], Any] = {HandedOn: self.on_handed_on, Weighed: self.on_heard, Stop: self.stop("tail")}
        tail[WakeUp] = self.on_wake_up
        named = {"head": head, "middle": middle, "tail": tail}
        return [
            Service(
                name=name,
                says=topic,
                part=part,
                document=HeardByLink,
                reacts=reacts,
                wake_at=lambda document: document.wake,
            )
            for name, reacts in named.items()
        ]

    def _check(self, number: int) -> None:
        if number in self.poisoned and not self.mended:
            raise PoisonFound

    def on_start(
        self, document: HeardByLink | None, message: Message[StartChain], now: datetime
    ) -> Result[HeardByLink]:
        number = message.body.number
        heard = _add(document, "request", number)
        return Change(heard, (Begun(number=number), Weighed(number=number)))

    def on_begun(self, document: HeardByLink | None, message: Message[Begun], now: datetime) -> Result[HeardByLink]:
        self._check(message.body.number)
        heard = _add(document, "head", message.seq)
        if heard.state != "before":
            return Change(heard)
        return Change(replace(heard, state="holds"), takes_over=True)

    def on_weighed(self, document: HeardByLink | None, message: Message[Weighed], now: datetime) -> Result[HeardByLink]:
        heard = _add(document, "head", message.seq)
        if heard.state != "holds":
            return Change(heard)
        return Change(replace(heard, state="after"), (HandedOn(number=message.body.number),))

    def on_heard(self, document: HeardByLink | None, message: Message[Weighed], now: datetime) -> Result[HeardByLink]:
        return Change(_add(document, "head", message.seq))

    def on_handed_on(
        self, document: HeardByLink | None, message: Message[HandedOn], now: datetime
    ) -> Result[HeardByLink]:
        heard = replace(_add(document, "middle", message.seq), state="holds", wake=now)
        return Change(heard, (ChainEnded(number=message.body.number),), takes_over=True)

    def on_wake_up(self, document: HeardByLink | None, message: Message[WakeUp], now: datetime) -> Result[HeardByLink]:
        if document is None or document.wake is None or now < document.wake:
            return Ignore("settled")
        return Change(replace(_add(document, "knock", 1), wake=None), (ChainEnded(number=0),))

    def stop(self, name: str) -> Any:
        """The handler of Stop in a service that may come to hold the baton."""

        def on_stop(document: HeardByLink | None, message: Message[Stop], now: datetime) -> Result[HeardByLink]:
            state = document.state if document else "before"
            if state == "before":
                return Keep()
            if state == "after":
                return Ignore("handed_on")
            if state == "stopped":
                return Reject("stopped_already")
            assert document is not None
            return Change(replace(document, state="stopped"), (Stopped(by=name),))

        return on_stop


def _add(document: HeardByLink | None, producer: str, number: int) -> HeardByLink:
    heard = document or HeardByLink()
    return replace(heard, taken=(*heard.taken, (producer, number)))
