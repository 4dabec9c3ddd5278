"""The couriers: they hand letters to providers in batches, leave one that is down to rest, and ask after a letter."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast

from runtime.clock import Clock
from services.notify import metrics
from services.notify.domain import Breaker, Delivery, sms_parts
from services.notify.ports import BATCH, Letter, Messenger, Outcome

AT_ONCE = 4  # batches under way at one provider
PROBES = 5  # messages that find out whether a provider is back
ItemT = TypeVar("ItemT")
Reported = Literal["sent", "failed", "unknown", "undeliverable"]


@dataclass(frozen=True, slots=True)
class Errand:
    """One delivery with everything that sending it needs. ``routes``: (channel, address) in order."""

    ticket: str
    number: str
    delivery: Delivery
    routes: tuple[tuple[str, str], ...]
    code: str = ""
    language: str = "zh"

    @property
    def reference(self) -> str:
        """What makes it once."""
        return self.delivery.ref

    @property
    def channel(self) -> str:
        """The channel that is tried first; the reporter's page when there is none."""
        return self.routes[0][0] if self.routes else "page"


Write = Callable[[Errand, str, str], Letter]
"""(errand, channel, address) → what the provider gets."""


@dataclass(slots=True)
class Results:
    """What came of a sweep: what is to be reported (outcome, channel), and what certainly reached nobody."""

    reported: dict[str, tuple[Reported, str]] = field(default_factory=dict)
    not_sent: list[str] = field(default_factory=list)

    def note(self, errand: Errand, outcome: Outcome, nth: int) -> bool:
        """Write an outcome of the ``nth`` route down. False: it was refused for good, and there is another route."""
        if outcome is Outcome.FAILED and nth + 1 < len(errand.routes):
            return False
        if outcome is Outcome.NOT_SENT:
            self.not_sent.append(errand.reference)
        else:
            self.reported[errand.reference] = cast(Reported, outcome.value), errand.routes[nth][0]
        return True


class Couriers:
    """All providers. Each has a breaker: after a row of failures it rests."""

    def __init__(self, messengers: Mapping[str, Messenger], clock: Clock) -> None:
        self._messengers, self._clock = messengers, clock
        self._breakers = dict.fromkeys(messengers, Breaker())
        self._gates = {channel: asyncio.Semaphore(AT_ONCE) for channel in messengers}

    @property
    def channels(self) -> Collection[str]:
        """Those that there are providers for."""
        return self._messengers.keys()

    def take(self, errands: Sequence[Errand]) -> list[Errand]:
        """Without those whose provider rests; a few when it is not known whether it is back."""
        now, taken, chosen = self._clock.wall(), dict.fromkeys(self._breakers, 0), []
        for errand in errands:
            breaker = self._breakers.get(errand.channel, Breaker())
            if not breaker.lets(now) or (breaker.suspects and taken[errand.channel] >= PROBES):
                continue
            taken[errand.channel] = taken.get(errand.channel, 0) + 1
            chosen.append(errand)
        return chosen

    async def send(self, errands: Sequence[Errand], write: Write) -> Results:
        """By the first route that does not refuse for good."""
        results, nth = Results(), 0
        results.reported |= {each.reference: ("undeliverable", each.channel) for each in errands if not each.routes}
        left = [errand for errand in errands if errand.routes]
        while left:
            outcomes = await self._by_route(left, nth, write)
            left = [each for each in left if not results.note(each, outcomes[each.reference], nth)]
            nth += 1
        return results

    async def _by_route(self, errands: Sequence[Errand], nth: int, write: Write) -> dict[str, Outcome]:
        letters: dict[str, list[Letter]] = {}
        for errand in errands:
            channel, address = errand.routes[nth]
            letters.setdefault(channel, []).append(write(errand, channel, address))
        batches = [(channel, batch) for channel, theirs in letters.items() for batch in in_batches(theirs)]
        answers = await asyncio.gather(*(self._hand_over(channel, batch) for channel, batch in batches))
        return {reference: outcome for answer in answers for reference, outcome in answer.items()}

    async def _hand_over(self, channel: str, letters: Sequence[Letter]) -> Mapping[str, Outcome]:
        async with self._gates[channel]:
            if not self._breakers[channel].lets(self._clock.wall()):
                return {letter.reference: Outcome.NOT_SENT for letter in letters}
            answered = await self._messengers[channel].send(letters)
        self._note(channel, answered)
        outcomes = await self._look_up_unknown(channel, answered)
        _count(channel, letters, outcomes)
        return outcomes

    def _note(self, channel: str, outcomes: Mapping[str, Outcome]) -> None:
        answered = any(outcome in (Outcome.SENT, Outcome.FAILED) for outcome in outcomes.values())
        self._breakers[channel] = self._breakers[channel].after(self._clock.wall(), answered=answered)
        if not self._breakers[channel].lets(self._clock.wall()):
            metrics.RESTS.labels(channel).inc()

    async def _look_up_unknown(self, channel: str, outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
        """At once; "not there" may still be under way, so it stays unknown."""
        unknown = [reference for reference, outcome in outcomes.items() if outcome is Outcome.UNKNOWN]
        return {**outcomes, **dict.fromkeys(await self._there(channel, unknown), Outcome.SENT)}

    async def _there(self, channel: str, references: Sequence[str]) -> list[str]:
        answers = [await self._messengers[channel].look_up(batch) for batch in in_batches(references)]
        return [each for answer in answers for each, outcome in answer.items() if outcome is Outcome.SENT]

    async def ask_after(self, errands: Sequence[Errand]) -> dict[str, tuple[Reported, str]]:
        """What became of letters that were handed over some time ago; what no provider has is unknown."""
        answers: dict[str, tuple[Reported, str]] = {
            each.reference: ("unknown" if each.routes else "undeliverable", each.channel) for each in errands
        }
        for channel in self.channels:
            sought = [each.reference for each in errands if channel in dict(each.routes)]
            answers |= dict.fromkeys(await self._there(channel, sought), ("sent", channel))
        return answers

    async def close(self) -> None:
        """Close the providers' connections."""
        for messenger in self._messengers.values():
            await messenger.close()


def in_batches(items: Sequence[ItemT]) -> list[Sequence[ItemT]]:
    """As many as one call may carry."""
    return [items[first : first + BATCH] for first in range(0, len(items), BATCH)]


def _count(channel: str, letters: Sequence[Letter], outcomes: Mapping[str, Outcome]) -> None:
    for letter in letters:
        outcome = outcomes[letter.reference]
        metrics.SENT.labels(channel, outcome.value).inc()
        if channel == "sms" and outcome is Outcome.SENT:
            metrics.PARTS.inc(sms_parts(letter.text))
