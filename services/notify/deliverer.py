"""The deliverer: sends what may go, each once, and reports what became of it as a request in the log.

An attempt is written down before it is made. What was attempted before, by a process that died, is looked up by its
reference; when nobody can say, it is reported as unknown and a person looks. Only what certainly reached nobody is
tried again, and a provider that is down is left to rest meanwhile: its messages wait as planned.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import orjson
import structlog

from contracts.envelope import Actor
from contracts.requests import ReportDelivery
from runtime.clock import Clock
from runtime.ports import Unavailable
from runtime.requests import Desk
from runtime.vault import Contacts
from runtime.waits import pause
from services.notify import metrics
from services.notify.domain import Breaker, Delivery, Person, routes, sms_parts
from services.notify.ports import Attempt, Letter, Messenger, Outbox, Outcome, Waiting
from services.notify.templates import Templates

log = structlog.get_logger()
TICKETS_AT_MOST = 400  # a sweep
RESTING_TICKETS = 1600  # more of them, while the loop has yet to read what was reported
AT_ONCE = 64  # messages under way
PROBES = 5  # messages that find out whether a provider is back
LOOK_EVERY = 0.2  # seconds
UNDER_WAY = timedelta(seconds=20)  # how long an attempt of another process, or its report, may be on its way
TRY_AGAIN = timedelta(seconds=2)  # after a message certainly did not go; each time twice as long
DOUBLED_AT_MOST = 5  # times
RESTING_AT_MOST = 20_000  # references: beyond that, those that may go again are forgotten

Reported = Literal["sent", "failed", "unknown", "undeliverable"]
ACTOR = Actor(role="system", principal="notify-deliverer")


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


@dataclass(slots=True)
class Results:
    """What came of a sweep: what is to be reported, and what certainly reached nobody."""

    reported: dict[str, tuple[Reported, str]] = field(default_factory=dict)
    not_sent: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when a delivery is left alone, and how often it certainly did not go."""

    until: datetime
    tries: int = 0


class Deliverer:
    """Sends for the partitions that this process's loop holds."""

    def __init__(
        self,
        outbox: Outbox,
        contacts: Contacts,
        messengers: Mapping[str, Messenger],
        templates: Templates,
        desk: Desk,
        clock: Clock,
        partitions: Callable[[], Collection[int]],
    ) -> None:
        self._outbox, self._contacts, self._messengers = outbox, contacts, messengers
        self._templates, self._desk, self._clock, self._partitions = templates, desk, clock, partitions
        self._resting: dict[str, Rest] = {}
        self._breakers = dict.fromkeys(messengers, Breaker())

    async def sweep(self) -> int:
        """Send what may go. How many deliveries came to an end. Raises Unavailable."""
        at_most = TICKETS_AT_MOST + min(len(self._resting), RESTING_TICKETS)
        waiting = await self._outbox.waiting(self._clock.now(), self._partitions(), at_most)
        errands = self._that_may_go(await self._errands(waiting))
        if not errands:
            return 0
        before = await self._outbox.attempt([each.reference for each in errands], self._clock.wall())
        results = await self._send([each for each in errands if each.reference not in before])
        await self._outbox.withdraw(results.not_sent)
        results.reported |= await self._ask_about([each for each in errands if each.reference in before])
        await self._report(errands, results.reported)
        self._rest(results)
        return len(results.reported)

    async def _errands(self, waiting: Sequence[Waiting]) -> list[Errand]:
        waiting = [Waiting(each.ticket, each.number, self._awake(each.deliveries)) for each in waiting]
        wanted = [each.ticket for each in waiting if any(item.audience == "reporter" for item in each.deliveries)]
        contacts = await self._contacts.of(wanted) if wanted else {}
        opened = {ticket: orjson.loads(contact) for ticket, contact in contacts.items()}
        return [
            self._errand(each, delivery, opened.get(each.ticket, []))
            for each in waiting
            for delivery in each.deliveries
        ]

    def _awake(self, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        now = self._clock.wall()
        awake = Rest(now)
        return tuple(each for each in deliveries if self._resting.get(each.ref, awake).until <= now)

    def _errand(self, waiting: Waiting, delivery: Delivery, people: Sequence[Mapping[str, Any]]) -> Errand:
        """A reporter by the channels of the contact, a unit's duty account by SMS."""
        if delivery.audience != "reporter":
            return Errand(waiting.ticket, waiting.number, delivery, (("sms", f"unit:{delivery.to}"),))
        contact = people[delivery.person] if delivery.person < len(people) else {}
        known = {name: str(contact.get(name) or "") for name in ("channel", "phone", "email", "code", "language")}
        there = routes(Person(known["channel"], known["phone"], known["email"]))
        usable = tuple(route for route in there if route[0] in self._messengers)
        return Errand(waiting.ticket, waiting.number, delivery, usable, known["code"], known["language"])

    def _that_may_go(self, errands: Sequence[Errand]) -> list[Errand]:
        """Without those whose provider rests; a few when it is not known whether it is back."""
        now, taken, chosen = self._clock.wall(), dict.fromkeys(self._breakers, 0), []
        for errand in errands:
            breaker = self._breakers.get(errand.channel, Breaker())
            if not breaker.lets(now) or (breaker.suspects and taken[errand.channel] >= PROBES):
                continue
            taken[errand.channel] = taken.get(errand.channel, 0) + 1
            chosen.append(errand)
        return chosen

    async def _send(self, errands: Sequence[Errand]) -> Results:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(errand: Errand) -> tuple[Reported | None, str]:
            async with gate:
                return await self._deliver(errand)

        results = Results()
        for errand, (outcome, channel) in zip(errands, await asyncio.gather(*map(one, errands)), strict=True):
            if outcome is None:
                results.not_sent.append(errand.reference)
            else:
                results.reported[errand.reference] = outcome, channel
        return results

    async def _deliver(self, errand: Errand) -> tuple[Reported | None, str]:
        """By the first route that does not refuse it for good; None when it certainly reached nobody and may again."""
        outcome, used = Outcome.FAILED, errand.channel
        for channel, address in errand.routes:
            letter = self._letter(errand, channel, address)
            outcome, used = await self._send_by(channel, letter), channel
            _count(channel, letter, outcome)
            if outcome is not Outcome.FAILED:
                break
        if not errand.routes:
            return "undeliverable", used
        return (None if outcome is Outcome.NOT_SENT else cast(Reported, outcome.value)), used

    async def _send_by(self, channel: str, letter: Letter) -> Outcome:
        """An unknown outcome is looked up at once; "not there" may still be under way, so it stays unknown."""
        if not self._breakers[channel].lets(self._clock.wall()):
            return Outcome.NOT_SENT
        messenger = self._messengers[channel]
        outcome = await messenger.send(letter)
        answered = outcome in (Outcome.SENT, Outcome.FAILED)
        self._breakers[channel] = self._breakers[channel].after(self._clock.wall(), answered=answered)
        if not self._breakers[channel].lets(self._clock.wall()):
            metrics.RESTS.labels(channel).inc()
        if outcome is Outcome.UNKNOWN and await messenger.look_up(letter.reference) is Outcome.SENT:
            return Outcome.SENT
        return outcome

    async def _ask_about(self, errands: Sequence[Errand]) -> dict[str, tuple[Reported, str]]:
        """What was attempted before: as the journal says, else the providers, else unknown."""
        known = await self._outbox.attempted([each.reference for each in errands]) if errands else {}
        old = [(each, known[each.reference]) for each in errands if each.reference in known]
        answers = await asyncio.gather(*(self._what_became_of(errand, attempt) for errand, attempt in old))
        return {errand.reference: answer for (errand, _), answer in zip(old, answers, strict=True) if answer}

    async def _what_became_of(self, errand: Errand, attempt: Attempt) -> tuple[Reported, str] | None:
        """None while it may be under way."""
        if attempt.outcome:
            return cast(Reported, attempt.outcome), attempt.channel
        if self._clock.wall() - UNDER_WAY < attempt.at:
            return None
        for channel, _ in errand.routes:
            if await self._messengers[channel].look_up(errand.reference) is Outcome.SENT:
                return "sent", channel
        return ("unknown" if errand.routes else "undeliverable"), errand.channel

    def _letter(self, errand: Errand, channel: str, address: str) -> Letter:
        values = {"number": errand.number, "code": errand.code, **dict(errand.delivery.values)}
        text = self._templates.render(errand.delivery.kind, errand.language, values, channel, errand.number[:6])
        return Letter(errand.reference, address, self._templates.subject(errand.language, values), text)

    async def _report(self, errands: Sequence[Errand], reported: Mapping[str, tuple[Reported, str]]) -> None:
        """Into the log; into the journal only when the log is silent."""
        requests = [
            self._desk.request(
                each.ticket,
                ReportDelivery(reference=each.reference, channel=channel, outcome=outcome),
                ACTOR,
                f"{each.reference}/{outcome}/{channel}",
            )
            for each in errands
            if each.reference in reported
            for outcome, channel in (reported[each.reference],)
        ]
        try:
            await self._desk.put(requests)
        except Unavailable:
            await self._outbox.record(reported)
            raise

    def _rest(self, results: Results) -> None:
        """What was reported is left alone until the loop must have read it; what did not go, each time for longer."""
        now = self._clock.wall()
        for ref in results.not_sent:
            tries = self._resting[ref].tries + 1 if ref in self._resting else 0
            self._resting[ref] = Rest(now + TRY_AGAIN * 2 ** min(tries, DOUBLED_AT_MOST), tries)
        self._resting |= {ref: Rest(now + UNDER_WAY) for ref in results.reported}
        if len(self._resting) > RESTING_AT_MOST:
            self._resting = {ref: rest for ref, rest in self._resting.items() if rest.until > now}

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until stopped; then the providers' connections are closed."""
        while not stop.is_set():
            try:
                if await self.sweep():
                    continue
            except Unavailable as why:
                log.warning("deliverer_waits", why=str(why))
            await pause(LOOK_EVERY, stop)
        for messenger in self._messengers.values():
            await messenger.close()


def _count(channel: str, letter: Letter, outcome: Outcome) -> None:
    metrics.SENT.labels(channel, outcome.value).inc()
    if channel == "sms" and outcome is Outcome.SENT:
        metrics.PARTS.inc(sms_parts(letter.text))
