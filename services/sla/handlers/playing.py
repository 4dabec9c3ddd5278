"""The history of one matter, played once more under another configuration: pure, and nothing is said."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.envelope import Body, Kind, Message, WakeUp
from contracts.messages.feedback import PlanLapsed, ReworkOrdered
from contracts.messages.routing import TicketAccepted
from contracts.messages.sla import AnswerOrder, AskMoreTime, DecideMoreTime, DecideOrder, EndPause
from contracts.values import HandlingStandard
from runtime.change import Change
from runtime.delivery.service import Service
from services.sla.domain.sheet import ClockSheet

CLOCK = re.compile(r"c[0-9]+")
NAMES_A_CLOCK: Mapping[type[Body], str] = {
    AskMoreTime: "clock",
    DecideMoreTime: "more_time",
    EndPause: "more_time",
    AnswerOrder: "order",
    DecideOrder: "order",
}
"""Requests about a clock, and the field that says which: c2, c2m1, 2026…-c2-1."""
KNOCKS_AT_MOST = 10_000  # that no log holds, of one matter: some 27 years of daily looks
Promise = Callable[[HandlingStandard], HandlingStandard]
ClockBegin = tuple[str, datetime]
"""A kind of clock, and when it began."""


@dataclass(frozen=True, slots=True)
class MatterHistory:
    """What the log holds of a matter: all that sla reacts to, in order, and which clock each name stood for."""

    key: str
    messages: tuple[Message[Any], ...]
    clocks: Mapping[str, ClockBegin]


@dataclass(frozen=True, slots=True)
class PlayedSide:
    """A configuration: the handlers behind its ports, and what it promises in place of what was promised."""

    service: Service[ClockSheet]
    promise: Promise


@dataclass(frozen=True, slots=True)
class SaidThen:
    """A fact that would have been said, and when."""

    at: datetime
    body: Body


class TooManyKnocks(Exception):
    """A matter wants to be knocked for without end."""


class HistoryPlayer:
    """Plays one history under one configuration.

    A knock that the log holds is taken where it lies; one that it lacks comes at its instant, as domain time passes. So
    the configuration with which the log was written makes of it what the log says.
    """

    def __init__(self, side: PlayedSide, history: MatterHistory) -> None:
        self._side, self._history = side, history
        self._react = side.service.reacts
        self._coming = Counter(each.body.due for each in history.messages if isinstance(each.body, WakeUp))
        self._seen: dict[str, int] = {}
        self._asked: set[str] = set()
        self._now: datetime | None = None
        self.document: ClockSheet | None = None

    def play(self, until: datetime) -> Iterator[SaidThen]:
        """What would have been said until then. Raises TooManyKnocks."""
        for message in self._history.messages:
            yield from self._time_passes(message.at)
            yield from self._hear(message)
        yield from self._time_passes(until)

    def _time_passes(self, to: datetime) -> Iterator[SaidThen]:
        for _ in range(KNOCKS_AT_MOST):
            wake = self._side.service.wake_at(self.document) if self.document else None
            if wake is None or wake > to or self._coming[wake]:
                return
            before = self.document
            yield from self._take(self._knock(wake))
            if self.document is before:
                return
        raise TooManyKnocks(self._history.key)

    def _knock(self, due: datetime) -> Message[Any]:
        at = max(due, self._now or due)
        return Message(
            id="",
            type=WakeUp.__name__,
            kind=Kind.KNOCK,
            key=self._history.key,
            producer="sla",
            at=at,
            time=at,
            body=WakeUp(service="sla", due=due),
        )

    def _hear(self, message: Message[Any]) -> Iterator[SaidThen]:
        if isinstance(message.body, WakeUp):
            self._coming[message.body.due] -= 1
        self._now = max(message.at, self._now or message.at)
        if not self._is_copy(message) and (meant := self._meant(message)) is not None:
            yield from self._take(meant)

    def _take(self, message: Message[Any]) -> Iterator[SaidThen]:
        result = self._react[type(message.body)](self.document, message, message.at)
        if isinstance(result, Change):
            self.document = result.document
            yield from (SaidThen(message.at, fact) for fact in result.facts)

    def _is_copy(self, message: Message[Any]) -> bool:
        """As the fold has it: a fact by its sequence, a request by its id."""
        if message.kind is Kind.REQUEST:
            is_known = message.id in self._asked
            self._asked.add(message.id)
            return is_known
        last = self._seen.get(message.producer, 0)
        if message.kind is Kind.FACT and message.seq:
            self._seen[message.producer] = max(last, message.seq)
        return message.kind is Kind.FACT and 0 < message.seq <= last

    def _meant(self, message: Message[Any]) -> Message[Any] | None:
        """The message as it is here: by the standard that is promised here, of the clock that is meant; None: none."""
        body = message.body
        if isinstance(body, TicketAccepted | ReworkOrdered | PlanLapsed):
            promised = self._side.promise(body.standard)
            return message if promised == body.standard else _with(message, standard=promised)
        name = NAMES_A_CLOCK.get(type(body))
        return self._about_the_same_clock(message, name) if name else message

    def _about_the_same_clock(self, message: Message[Any], name: str) -> Message[Any] | None:
        """Another configuration counts its clocks otherwise: the clock of the same kind and beginning is meant."""
        said: str = getattr(message.body, name)
        found = CLOCK.search(said)
        begin = self._history.clocks.get(found[0]) if found else None
        if found is None or begin is None:
            return message
        mine = self._clock_that_began(begin, found[0])
        if not mine:
            return None
        return message if mine == found[0] else _with(message, **{name: CLOCK.sub(mine, said, count=1)})

    def _clock_that_began(self, begin: ClockBegin, name: str) -> str:
        clocks = self.document.clocks if self.document else ()
        same = [each for each in clocks if (each.kind, each.start) == begin]
        found = [each.id for each in same if each.id == name] or [each.id for each in same if each.is_running]
        return found[0] if found else ""


def _with(message: Message[Any], **fields: Any) -> Message[Any]:
    return replace(message, body=message.body.model_copy(update=fields))
