"""The couriers: they hand letters to providers in batches, leave one that is down to rest, and ask after a letter."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeVar, cast

from contracts.messages.notify import DeliveryReport
from runtime.clock import Clock
from services.notify import metrics
from services.notify.domain.channels import ProviderBreaker, sms_parts
from services.notify.domain.deliveries import Delivery
from services.notify.ports import BATCH, NTH, Guarantee, JournalEntry, Letter, Messenger, Outcome

AT_ONCE = 4  # batches under way at one provider
PROBES = 5  # messages that find out whether a provider is back
UNDER_WAY = timedelta(seconds=20)  # how long an attempt of another process, or its report, may be on its way
AT_ONCE_AFTER = timedelta(0)
WEIGHT = (Outcome.SENT, Outcome.UNKNOWN, Outcome.PENDING, Outcome.NOT_SENT)
"""Of what several providers say: one that has it settles it, one that does not know leaves it open."""
ItemT = TypeVar("ItemT")
Reported = Literal["sent", "failed", "unknown", "undeliverable"]


@dataclass(frozen=True, slots=True)
class Errand:
    """A letter's deliveries with everything that sending it needs. ``routes``: (channel, address) in order.

    ``named_from``: the network from which somebody named the recipient, who is a stranger; "" when it is none.
    ``matters``: of a digest, which is of no single ticket, (ticket, number) by the references of its deliveries.
    """

    ticket: str
    number: str
    reference: str
    deliveries: tuple[Delivery, ...]
    routes: tuple[tuple[str, str], ...]
    code: str = ""
    language: str = "zh"
    named_from: str = ""
    matters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def ticket_of(self, delivery: Delivery) -> str:
        return self.matters[delivery.ref][0] if self.matters else self.ticket

    @property
    def entries(self) -> tuple[JournalEntry, ...]:
        """Its attempt in the journal: an entry for each delivery and each time that it was decided to send it."""
        return tuple(JournalEntry(entry_of(each), self.reference, self.ticket_of(each)) for each in self.deliveries)

    def reports(self, outcome: Reported, channel: str) -> Iterator[tuple[str, DeliveryReport]]:
        """Of each delivery the same, with its ticket."""
        plain = {"channel": channel, "outcome": outcome, "letter": self.reference}
        for each in self.deliveries:
            own = {"reference": each.ref, "attempt": each.attempt}
            yield self.ticket_of(each), DeliveryReport.model_validate(plain | own)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(entry_of, self.deliveries))

    @property
    def channel(self) -> str:
        """The channel that is tried first; the reporter's page when there is none."""
        return self.routes[0][0] if self.routes else "page"


def entry_of(delivery: Delivery) -> str:
    """The name of the journal's entry of a delivery's last attempt."""
    return f"{delivery.ref}{NTH}{delivery.attempt}" if delivery.attempt else delivery.ref


Write = Callable[[Errand, str, str], Letter]
"""(errand, channel, address) → what the provider gets."""


@dataclass(slots=True)
class Results:
    """What came of a sweep: what is to be reported (outcome, channel), and what certainly reached nobody.

    ``pending``: what a provider will know of later, and how much longer it is left alone.
    """

    reported: dict[str, tuple[Reported, str]] = field(default_factory=dict)
    not_sent: list[str] = field(default_factory=list)
    pending: dict[str, timedelta] = field(default_factory=dict)

    def note(self, errand: Errand, outcome: Outcome, nth: int, patience: timedelta) -> bool:
        """Write an outcome of the ``nth`` route down. False: it was refused for good, and there is another route."""
        if outcome is Outcome.FAILED and nth + 1 < len(errand.routes):
            return False
        self.write(errand, outcome, errand.routes[nth][0], patience)
        return True

    def write(self, errand: Errand, outcome: Outcome, channel: str, patience: timedelta) -> None:
        """Write an outcome down. ``patience``: how long what is pending is left alone."""
        if outcome is Outcome.NOT_SENT:
            self.not_sent.append(errand.reference)
        elif outcome is Outcome.PENDING:
            self.pending[errand.reference] = patience
        else:
            self.reported[errand.reference] = cast(Reported, outcome.value), channel

    def add(self, others: "Results") -> None:
        """With what came of others."""
        self.reported |= others.reported
        self.not_sent += others.not_sent
        self.pending |= others.pending


class Dispatch:
    """All providers. Each has a breaker: after a row of failures it rests."""

    def __init__(self, messengers: Mapping[str, Messenger], clock: Clock) -> None:
        self._messengers, self._clock = messengers, clock
        self._breakers = dict.fromkeys(messengers, ProviderBreaker())
        self._gates = {channel: asyncio.Semaphore(AT_ONCE) for channel in messengers}

    @property
    def channels(self) -> Collection[str]:
        """Those that there are providers for."""
        return self._messengers.keys()

    def take(self, errands: Sequence[Errand]) -> list[Errand]:
        """Without those whose provider rests; a few when it is not known whether it is back."""
        now, taken, chosen = self._clock.stopwatch(), dict.fromkeys(self._breakers, 0), []
        for errand in errands:
            breaker = self._breakers.get(errand.channel, ProviderBreaker())
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
            left = [each for each in left if not results.note(each, outcomes[each.reference], nth, self.patience(each))]
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
            if not self._breakers[channel].lets(self._clock.stopwatch()):
                return {letter.reference: Outcome.NOT_SENT for letter in letters}
            answered = await self._messengers[channel].send(letters)
        self._note(channel, answered)
        outcomes = await self._look_up_unknown(channel, answered)
        _count(channel, letters, outcomes)
        return outcomes

    def _note(self, channel: str, outcomes: Mapping[str, Outcome]) -> None:
        answered = any(outcome in (Outcome.SENT, Outcome.FAILED) for outcome in outcomes.values())
        self._breakers[channel] = self._breakers[channel].after(self._clock.stopwatch(), answered=answered)
        if not self._breakers[channel].lets(self._clock.stopwatch()):
            metrics.RESTS.labels(channel).inc()

    async def _look_up_unknown(self, channel: str, outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
        """At once: what is not there may still be under way."""
        unknown = [reference for reference, outcome in outcomes.items() if outcome is Outcome.UNKNOWN]
        return {**outcomes, **await self.what_became_of(channel, dict.fromkeys(unknown, AT_ONCE_AFTER))}

    async def what_became_of(self, channel: str, waited: Mapping[str, timedelta]) -> dict[str, Outcome]:
        """SENT, NOT_SENT for certain, PENDING or UNKNOWN, of references so long after they were handed over."""
        if (messenger := self._messengers.get(channel)) is None:
            return dict.fromkeys(waited, Outcome.UNKNOWN)
        found = await asyncio.gather(*(self._look_up(messenger, batch) for batch in in_batches(list(waited))))
        answers = {reference: outcome for answer in found for reference, outcome in answer.items()}
        weighed = {each: _weighed(answers[each], messenger.promise, waited[each]) for each in waited}
        for outcome in weighed.values():
            metrics.LOOK_UPS.labels(channel, outcome.value).inc()
        return weighed

    async def _look_up(self, messenger: Messenger, references: Sequence[str]) -> Mapping[str, Outcome]:
        async with self._gates[messenger.channel]:
            return await messenger.look_up(references)

    def patience(self, errand: Errand) -> timedelta:
        """How long after it was handed over, by another process perhaps, all its providers know what became of it."""
        promises = (self._messengers[channel].promise for channel, _ in errand.routes)
        return max((UNDER_WAY, *(promise.settles_after for promise in promises if promise)))

    async def ask_after(self, errands: Sequence[Errand], waited: Mapping[str, timedelta]) -> Results:
        """What became of letters that were handed over so long ago: all their providers are asked."""
        answers: dict[str, Mapping[str, Outcome]] = {}
        for channel in self.channels:
            sought = {each.reference: waited[each.reference] for each in errands if channel in dict(each.routes)}
            answers[channel] = await self.what_became_of(channel, sought)
        results = Results()
        for errand in errands:
            by_channel = {answers[channel][errand.reference]: channel for channel, _ in errand.routes}
            outcome = next((each for each in WEIGHT if each in by_channel), None)
            if outcome is None:
                results.reported[errand.reference] = "undeliverable", errand.channel
            else:
                results.write(errand, outcome, by_channel[outcome], self.patience(errand))
        return results

    async def close(self) -> None:
        for messenger in self._messengers.values():
            await messenger.close()


def _weighed(answer: Outcome, promise: Guarantee | None, waited: timedelta) -> Outcome:
    """What a look-up says, seen with what its provider promises."""
    if answer is not Outcome.NOT_SENT:
        return answer
    if promise is None:
        return Outcome.UNKNOWN
    if waited < promise.settles_after:
        return Outcome.PENDING
    return Outcome.NOT_SENT if promise.is_certain(waited) else Outcome.UNKNOWN


def in_batches(items: Sequence[ItemT]) -> list[Sequence[ItemT]]:
    """As many as one call may carry."""
    return [items[first : first + BATCH] for first in range(0, len(items), BATCH)]


def _count(channel: str, letters: Sequence[Letter], outcomes: Mapping[str, Outcome]) -> None:
    for letter in letters:
        outcome = outcomes[letter.reference]
        metrics.SENT.labels(channel, outcome.value).inc()
        metrics.SAVED.inc(len(letter.deliveries) - 1 if outcome is Outcome.SENT and letter.deliveries else 0)
        if channel == "sms" and outcome is Outcome.SENT:
            metrics.PARTS.inc(sms_parts(letter.text))
