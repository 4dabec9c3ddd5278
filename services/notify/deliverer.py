"""The deliverer: sends what may go, each once, and reports what became of it as a request in the log.

An attempt is written down before it is made. What was attempted before, by a process that died, is looked up by its
reference; when nobody can say, it is reported as unknown and a person looks. Nothing is ever sent again blindly.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import orjson
import structlog

from contracts.envelope import Actor
from contracts.requests import ReportDelivery
from runtime.clock import Clock, WallTime
from runtime.ports import Unavailable
from runtime.requests import Desk
from runtime.serve import pause
from runtime.vault import Contacts
from services.notify import metrics
from services.notify.domain import Delivery
from services.notify.ports import Letter, Messenger, Outbox, Outcome, Waiting
from services.notify.templates import Templates

log = structlog.get_logger()
TICKETS_AT_MOST = 300  # a sweep
AT_ONCE = 64  # messages under way
LOOK_EVERY = 0.2  # seconds
UNDER_WAY = timedelta(seconds=20)  # how long an attempt of another process, or its report, may be on its way
RETRIES = 3  # sends that certainly did not arrive, before it is a failure
REMEMBERED = 20_000  # references

Reported = Literal["sent", "failed", "unknown", "undeliverable"]


@dataclass(frozen=True, slots=True)
class Errand:
    """One delivery with everything that sending it needs."""

    ticket: str
    number: str
    delivery: Delivery
    contact: Mapping[str, Any]


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
        self._handled: dict[str, datetime] = {}

    async def sweep(self) -> int:
        """Send what may go. How many deliveries were dealt with. Raises Unavailable."""
        waiting = await self._outbox.waiting(self._clock.now(), self._partitions(), TICKETS_AT_MOST)
        errands = self._fresh(await self._errands(waiting))
        if not errands:
            return 0
        before = await self._outbox.attempt([each.delivery.ref for each in errands], self._clock.wall())
        outcomes = await self._send([each for each in errands if each.delivery.ref not in before])
        outcomes |= await self._ask_about([each for each in errands if each.delivery.ref in before])
        await self._outbox.record({ref: outcome for ref, (outcome, _) in outcomes.items()})
        await self._report(errands, outcomes)
        self._remember(outcomes)
        return len(outcomes)

    async def _errands(self, waiting: Sequence[Waiting]) -> list[Errand]:
        contacts = await self._contacts.of([each.ticket for each in waiting]) if waiting else {}
        opened = {ticket: orjson.loads(contact) for ticket, contact in contacts.items()}
        return [
            Errand(each.ticket, each.number, delivery, _person(opened.get(each.ticket, []), delivery))
            for each in waiting
            for delivery in each.deliveries
        ]

    def _fresh(self, errands: Sequence[Errand]) -> list[Errand]:
        since = self._clock.wall() - UNDER_WAY
        return [each for each in errands if self._handled.get(each.delivery.ref, since) <= since]

    def _remember(self, references: Collection[str]) -> None:
        now = self._clock.wall()
        kept = list(self._handled.items())[-REMEMBERED:]
        self._handled = dict(kept) | dict.fromkeys(references, now)

    async def _send(self, errands: Sequence[Errand]) -> dict[str, tuple[Reported, str]]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(errand: Errand) -> tuple[Reported, str]:
            async with gate:
                return await self._deliver(errand)

        results = await asyncio.gather(*(one(errand) for errand in errands))
        return {errand.delivery.ref: result for errand, result in zip(errands, results, strict=True)}

    async def _deliver(self, errand: Errand) -> tuple[Reported, str]:
        """By the channel that the person chose; (outcome, channel)."""
        channel, address = address_of(errand)
        messenger = self._messengers.get(channel)
        if messenger is None or not address:
            return "undeliverable", channel
        letter = self._letter(errand, address)
        outcome = Outcome.NOT_SENT
        for _ in range(RETRIES):
            outcome = await messenger.send(letter)
            if outcome is not Outcome.NOT_SENT:
                break
        if outcome is Outcome.UNKNOWN:
            outcome = await messenger.look_up(letter.reference)
        metrics.SENT.labels(channel, outcome.value).inc()
        return _reported(outcome), channel

    async def _ask_about(self, errands: Sequence[Errand]) -> dict[str, tuple[Reported, str]]:
        """What was attempted before: its outcome from the journal, else from the provider, else unknown."""
        known = await self._outbox.outcomes([each.delivery.ref for each in errands]) if errands else {}
        found: dict[str, tuple[Reported, str]] = {}
        for errand in errands:
            at, outcome = known.get(errand.delivery.ref, (self._clock.wall(), ""))
            channel, _ = address_of(errand)
            if outcome:
                found[errand.delivery.ref] = cast(Reported, outcome), channel
            elif self._clock.wall() - WallTime(at) > UNDER_WAY and channel in self._messengers:
                asked = await self._messengers[channel].look_up(errand.delivery.ref)
                found[errand.delivery.ref] = ("sent" if asked is Outcome.SENT else "unknown"), channel
        return found

    def _letter(self, errand: Errand, address: str) -> Letter:
        delivery, person = errand.delivery, errand.contact
        values = {"number": errand.number, "code": str(person.get("code", "")), **dict(delivery.values)}
        text = self._templates.render(delivery.kind, str(person.get("language") or "zh"), values)
        return Letter(delivery.ref, address, f"督办 {errand.number}", text)

    async def _report(self, errands: Sequence[Errand], outcomes: Mapping[str, tuple[Reported, str]]) -> None:
        actor = Actor(role="system", principal="notify-deliverer")
        requests = [
            self._desk.request(
                each.ticket,
                ReportDelivery(reference=each.delivery.ref, channel=channel, outcome=outcome),
                actor,
                f"{each.delivery.ref}/{outcome}/{channel}",
            )
            for each in errands
            if each.delivery.ref in outcomes
            for outcome, channel in (outcomes[each.delivery.ref],)
        ]
        await self._desk.put(requests)

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until stopped."""
        while not stop.is_set():
            try:
                if await self.sweep():
                    continue
            except Unavailable as why:
                log.warning("deliverer_waits", why=str(why))
            await pause(LOOK_EVERY, stop)


def _reported(outcome: Outcome) -> Reported:
    """A look-up that finds nothing means that a person looks: it may still be under way at the provider."""
    return "sent" if outcome is Outcome.SENT else "failed" if outcome is Outcome.FAILED else "unknown"


def _person(people: Sequence[Mapping[str, Any]], delivery: Delivery) -> Mapping[str, Any]:
    if delivery.audience != "reporter" or delivery.person >= len(people):
        return {}
    return people[delivery.person]


def address_of(errand: Errand) -> tuple[str, str]:
    """(channel, address): as the reporter chose, else by what there is; a unit's duty account by SMS."""
    if errand.delivery.audience != "reporter":
        return "sms", f"unit:{errand.delivery.to}"
    person = errand.contact
    phone, email = str(person.get("phone") or ""), str(person.get("email") or "")
    match person.get("channel"):
        case "none":
            return "page", ""
        case "email":
            return "email", email
        case "sms":
            return "sms", phone
    return ("sms", phone) if phone or not email else ("email", email)
