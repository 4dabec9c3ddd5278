"""The deliverer: sends what may go, each once, and reports what became of it as a request in the log.

It hears from the loop of each post that was just stored and sends at once; what it did not hear of, because a process
died or the hour was not right, it finds in the outbox.

An attempt is written down before it is made. What was attempted before, by a process that died, is looked up by its
reference; when nobody can say, it is reported as unknown and a person looks, while the provider is asked a few times
more (``inquiries``, a worker of its own). Only what certainly reached nobody is tried again, and a provider that is
down is left to rest meanwhile: its messages wait as planned.
"""

import asyncio
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import structlog

from contracts.envelope import Actor, Body, Message
from contracts.messages.notify import DeliveryReport, ReportDelivery
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Record
from runtime.http.requests import RequestDesk
from runtime.identity.vault import Contacts
from runtime.workers import repeated
from services.notify.adapters.templates import Templates, named
from services.notify.domain.channels import Recipient, routes
from services.notify.domain.deliveries import Delivery, TicketDeliveries
from services.notify.ports import (
    Attempt,
    Duties,
    Letter,
    LocalDuties,
    Messenger,
    OfficeHours,
    Outbox,
    QueuePosition,
    Waiting,
    Weekdays,
)
from services.notify.workers.dispatch import UNDER_WAY, Dispatch, Errand, Reported, Results
from services.notify.workers.look_ups import DeliveryLookUps, Reports
from services.notify.workers.people import CONFLICTED, TicketPeople, known_people

log = structlog.get_logger()
PAGE = 400  # tickets of one query, and of one turn
LOOK_EVERY = 0.5  # seconds between looks into the outbox, when nothing is heard
GATHER = 0.4  # seconds from the first that is heard until it is sent: fewer, larger turns cost a sixth less
HEARD_AT_MOST = 20_000  # tickets that wait for their turn: what is not heard is found
TRY_AGAIN = timedelta(seconds=2)  # after a message certainly did not go; each time twice as long
DOUBLED_AT_MOST = 5  # times
RESTING_AT_MOST = 20_000  # references, and tickets: beyond that, those that may go again are forgotten

ACTOR = Actor(role="system", principal="notify-deliverer")


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when by the stopwatch a delivery is left alone, and how often it certainly did not go."""

    until: timedelta
    tries: int = 0


class Sender:
    """Sends for the partitions that this process's loop holds."""

    def __init__(
        self,
        outbox: Outbox,
        contacts: Contacts,
        messengers: Mapping[str, Messenger],
        templates: Templates,
        desk: RequestDesk,
        clock: Clock,
        partitions: Callable[[], Collection[int]],
        offices: OfficeHours | None = None,
        duties: Duties | None = None,
    ) -> None:
        self._outbox, self._contacts, self._couriers = outbox, contacts, Dispatch(messengers, clock)
        self._templates, self._desk, self._clock, self._partitions = templates, desk, clock, partitions
        self._offices, self._duties = offices or Weekdays(), duties or LocalDuties()
        self.inquiries = DeliveryLookUps(outbox, self._couriers, clock, partitions, self._put)
        self._resting: dict[str, Rest] = {}
        self._asleep: dict[str, timedelta] = {}
        self._made: dict[str, timedelta] = {}  # attempt → when it was made, by the stopwatch
        self._heard: dict[str, Waiting] = {}
        self._something = asyncio.Event()
        self._after: QueuePosition | None = None

    def hear(self, records: Sequence[Record[TicketDeliveries]]) -> None:
        """Posts that were stored just now: what may go of them goes in the next turn."""
        now = self._clock.now()
        for record in records:
            self._heard.pop(record.key, None)
            post = record.document
            if post and post.send_at and post.send_at <= now and len(self._heard) < HEARD_AT_MOST:
                self._heard[record.key] = Waiting.of(record.key, post, now)
        if self._heard:
            self._something.set()

    async def sweep(self) -> int:
        """Send what was heard of and what is found. How many deliveries came to an end. Raises Unavailable."""
        heard = self._next_heard()
        turn = heard + await self._found({each.ticket for each in heard})
        try:
            return await self._send(self._couriers.take(await self._errands(turn)))
        finally:
            self._put_to_sleep(turn)

    def _next_heard(self) -> list[Waiting]:
        taken = list(itertools.islice(self._heard.values(), PAGE))
        for each in taken:
            del self._heard[each.ticket]
        if not self._heard:
            self._something.clear()
        return taken

    async def _found(self, heard: Collection[str]) -> list[Waiting]:
        """The next of the row, from its beginning again at its end: what cannot go now holds nothing up behind it."""
        now, awake_by = self._clock.now(), self._clock.stopwatch()
        page = await self._outbox.due(now, self._partitions(), PAGE, self._after)
        self._after = page[-1] if len(page) == PAGE else None
        awake = [ticket for _, ticket in page if ticket not in heard and self._asleep.get(ticket, awake_by) <= awake_by]
        return await self._outbox.waiting(awake, now) if awake else []

    async def _send(self, errands: Sequence[Errand]) -> int:
        if not errands:
            return 0
        began = self._clock.stopwatch()
        before = await self._outbox.attempt([each.entry for each in errands], self._clock.wall())
        self._remember({each.entry: began for each in errands if each.entry not in before})
        results = await self._couriers.send([each for each in errands if each.entry not in before], self._letter)
        await self._withdraw(errands, results)
        results.add(await self._ask_about([each for each in errands if each.entry in before]))
        await self._report(errands, results.reported)
        self._rest(results)
        return len(results.reported)

    async def _withdraw(self, errands: Sequence[Errand], results: Results) -> None:
        """The attempts of what certainly reached nobody: they may be made again."""
        if results.not_sent:
            gone = set(results.not_sent)
            await self._outbox.withdraw([each.entry for each in errands if each.reference in gone])

    async def _errands(self, turn: Sequence[Waiting]) -> list[Errand]:
        waiting = [replace(each, deliveries=self._that_may_go(each)) for each in turn]
        wanted = [each.ticket for each in waiting if any(item.audience == "reporter" for item in each.deliveries)]
        people = await known_people(self._contacts, [each for each in waiting if each.ticket in wanted])
        return [
            self._errand(each, delivery, people.get(each.ticket, TicketPeople()))
            for each in waiting
            for delivery in each.deliveries
        ]

    def _that_may_go(self, waiting: Waiting) -> tuple[Delivery, ...]:
        """Awake, and in its hours: what was planned for yesterday's last minute waits for today's first."""
        now, office = self._clock.now(), self._offices.office(waiting.division)
        awake = Rest(self._clock.stopwatch())
        return tuple(
            each
            for each in waiting.deliveries
            if self._resting.get(each.ref, awake).until <= awake.until and each.may_go(now, office)
        )

    def _errand(self, waiting: Waiting, delivery: Delivery, people: TicketPeople) -> Errand:
        """A reporter by the channels of the contact, a unit by those of its duty account.

        Whoever holds several seats hears once: a later seat of theirs has no route.
        """
        if delivery.audience != "reporter":
            usable = self._usable(self._duties.of(delivery.to))
            return Errand(waiting.ticket, waiting.number, delivery, usable)
        contact = people.at(delivery.person)
        is_repeat = delivery.kind != CONFLICTED and people.is_repeat(delivery.person)
        usable = () if is_repeat else self._usable(contact.person)
        return Errand(waiting.ticket, waiting.number, delivery, usable, contact.code, contact.language)

    def _usable(self, person: Recipient) -> tuple[tuple[str, str], ...]:
        return tuple(route for route in routes(person) if route[0] in self._couriers.channels)

    async def _ask_about(self, errands: Sequence[Errand]) -> Results:
        """What was attempted before: as the journal says, else the providers, once they must know."""
        results, old = Results(), dict[str, timedelta]()
        known = await self._outbox.attempted([each.entry for each in errands]) if errands else {}
        for each in errands:
            if (attempt := known.get(each.entry)) is None:
                continue
            waited, patience = self._since(each.entry, attempt), self._couriers.patience(each)
            if attempt.outcome:
                results.reported[each.reference] = _as_noted(attempt)
            elif waited < patience:
                results.pending[each.reference] = patience - waited
            else:
                old[each.reference] = waited
        asked = await self._couriers.ask_after([each for each in errands if each.reference in old], old)
        await self._withdraw(errands, asked)
        results.add(asked)
        return results

    def _since(self, entry: str, attempt: Attempt) -> timedelta:
        """How long ago an attempt was made. Of another process's the wall tells when it is first seen, then no more."""
        now = self._clock.stopwatch()
        if entry not in self._made:
            self._remember({entry: now - max(cast(datetime, self._clock.wall()) - attempt.at, timedelta())})
        return now - self._made[entry]

    def _remember(self, made: Mapping[str, timedelta]) -> None:
        if len(self._made) > RESTING_AT_MOST:
            self._made = {}
        self._made |= made

    def _letter(self, errand: Errand, channel: str, address: str) -> Letter:
        delivery = errand.delivery
        values = {"number": errand.number, "code": errand.code, **dict(delivery.values)}
        name = named(delivery.kind, delivery.audience)
        text = self._templates.render(name, errand.language, values, channel, errand.number[:6])
        return Letter(errand.reference, address, self._templates.subject(errand.language, values), text)

    async def _report(self, errands: Sequence[Errand], reported: Mapping[str, tuple[Reported, str]]) -> None:
        """Into the log; into the journal only when the log is silent."""
        ended = [each for each in errands if each.reference in reported]
        by_ticket: Reports = {}
        for each in ended:
            outcome, channel = reported[each.reference]
            attempt = each.delivery.attempt
            report = DeliveryReport(reference=each.reference, channel=channel, outcome=outcome, attempt=attempt)
            by_ticket.setdefault(each.ticket, []).append(report)
        try:
            await self._put(by_ticket)
        except Unavailable:
            await self._outbox.record({each.entry: reported[each.reference] for each in ended})
            raise

    async def _put(self, reports: Reports) -> None:
        if reports:
            await self._desk.put([self._request(ticket, theirs) for ticket, theirs in reports.items()])

    def _request(self, ticket: str, reports: Sequence[DeliveryReport]) -> Message[Body]:
        """One request for all that happened to a ticket in a sweep; its id hangs on everything that it says."""
        key = "/".join(f"{each.reference}/{each.outcome}/{each.channel}{_nth(each)}" for each in reports)
        return self._desk.request(ticket, ReportDelivery(reports=tuple(reports)), ACTOR, key)

    def _rest(self, results: Results) -> None:
        """What was reported is left alone until the loop must have read it; what did not go, each time for longer."""
        now = self._clock.stopwatch()
        for ref in results.not_sent:
            tries = self._resting[ref].tries + 1 if ref in self._resting else 0
            self._resting[ref] = Rest(now + TRY_AGAIN * 2 ** min(tries, DOUBLED_AT_MOST), tries)
        self._resting |= {ref: Rest(now + UNDER_WAY) for ref in results.reported}
        self._resting |= {ref: Rest(now + span) for ref, span in results.pending.items()}
        if len(self._resting) > RESTING_AT_MOST:
            self._resting = {ref: rest for ref, rest in self._resting.items() if rest.until > now}

    def _put_to_sleep(self, turn: Sequence[Waiting]) -> None:
        """A ticket of which all rests is not looked at until the first of it may go again, unless it is heard of."""
        for each in turn:
            rests = [self._resting[item.ref].until for item in each.deliveries if item.ref in self._resting]
            if len(rests) == len(each.deliveries):
                self._asleep[each.ticket] = min(rests)
        if len(self._asleep) > RESTING_AT_MOST:
            now = self._clock.stopwatch()
            self._asleep = {ticket: until for ticket, until in self._asleep.items() if until > now}

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until stopped; then the providers' connections are closed."""
        await repeated("deliverer", self._take_a_turn, every=0)(stop)
        await self._couriers.close()

    async def _take_a_turn(self) -> None:
        if not (await self.sweep() and self._after is not None):
            await self._until_there_is_something()

    async def _until_there_is_something(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._something.wait(), LOOK_EVERY)
            await asyncio.sleep(GATHER)


def _nth(report: DeliveryReport) -> str:
    return f"#{report.attempt}" if report.attempt else ""


def _as_noted(attempt: Attempt) -> tuple[Reported, str]:
    return cast(Reported, attempt.outcome), attempt.channel
