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
from datetime import timedelta

import structlog

from contracts.envelope import Actor, Body, Message
from contracts.messages.notify import DeliveryReport, ReportDelivery
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Record
from runtime.http.requests import RequestDesk
from runtime.identity.vault import Contacts
from runtime.workers import repeated
from services.notify.adapters.templates import Templates
from services.notify.domain.budget import LetterPlaces
from services.notify.domain.deliveries import Delivery, TicketDeliveries
from services.notify.ports import (
    Duties,
    JournalEntry,
    LocalDuties,
    Messenger,
    OfficeHours,
    Outbox,
    QueuePosition,
    Waiting,
    Weekdays,
)
from services.notify.workers.attempts import EarlierAttempts
from services.notify.workers.budget import LOOK_AGAIN_AFTER, LetterBudget, count
from services.notify.workers.catching_up import CatchingUp
from services.notify.workers.digests import DueDigests
from services.notify.workers.dispatch import UNDER_WAY, Dispatch, Errand, Reported, Results
from services.notify.workers.letters import LetterForming
from services.notify.workers.look_ups import DeliveryLookUps, Reports
from services.notify.workers.questions import QuestionKeeping
from services.notify.workers.strangers import strangers_held

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
        places: LetterPlaces | None = None,
        questions: QuestionKeeping | None = None,
        catching_up: CatchingUp | None = None,
    ) -> None:
        self._outbox, self._couriers, self._offices = outbox, Dispatch(messengers, clock), offices or Weekdays()
        self._desk, self._clock, self._partitions = desk, clock, partitions
        self._letters = LetterForming(contacts, templates, duties or LocalDuties(), self._couriers.channels)
        self._budget = LetterBudget(outbox, clock, places or LetterPlaces())
        self._questions = questions
        self._digests = DueDigests(outbox, clock, partitions, catching_up)
        self.inquiries = DeliveryLookUps(outbox, self._couriers, clock, partitions, self._put)
        self._journal = EarlierAttempts(outbox, self._couriers, clock)
        self._resting: dict[str, Rest] = {}
        self._asleep: dict[str, timedelta] = {}
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
            errands = await self._let_go(await self._letters.errands(self._awake(turn)))
            return await self._send(self._couriers.take(errands + await self._due_digests()))
        finally:
            self._put_to_sleep(turn)

    async def _due_digests(self) -> list[Errand]:
        due = await self._digests.next()
        return [errand for account, each in due for errand in self._letters.digest(account, self._awake(each))]

    def _awake(self, turn: Sequence[Waiting]) -> list[Waiting]:
        return [replace(each, deliveries=self._that_may_go(each)) for each in turn]

    async def _let_go(self, errands: Sequence[Errand]) -> list[Errand]:
        """Without strangers whose network has named as many as it may in this hour."""
        held = await strangers_held(self._outbox, errands, self._clock.wall())
        self._resting |= {ref: Rest(self._clock.stopwatch() + span) for ref, span in held.items()}
        return [each for each in errands if each.deliveries[0].ref not in held]

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
        """Each letter whose entries are all new; what became of those that have entries already. Raises Unavailable.

        Of a letter that another process, or an earlier turn, has entries of nothing goes: it is formed anew.
        """
        if not errands:
            return 0
        if self._questions:
            await self._questions.before(errands)
        began = self._clock.stopwatch()
        entries = [entry for each in errands for entry in each.entries]
        there = await self._outbox.attempt(entries, self._clock.wall())
        self._journal.remember({each.name: began for each in entries if each.name not in there})
        whole = await self._within_budget([each for each in errands if there.isdisjoint(each.names)])
        results = await self._couriers.send(whole, self._letters.written)
        attempted = await self._journal.found(errands, there)
        results.add(await self._journal.ask_about(attempted))
        handled = [*whole, *(errand for errand, _ in attempted)]
        await self._withdraw(handled, results)
        await self._outbox.withdraw(_of_broken(errands, there))
        await self._report(handled, results.reported)
        self._rest(handled, results)
        count(whole, results)
        if self._questions:
            await self._questions.after(whole, results.reported)
        return sum(len(each.deliveries) for each in handled if each.reference in results.reported)

    async def _within_budget(self, errands: Sequence[Errand]) -> list[Errand]:
        """Without those whose account has got its letters of the day: nothing of them was attempted."""
        held = await self._budget.spent(errands)
        waiting = [each for each in errands if each.reference in held]
        await self._outbox.withdraw([entry for each in waiting for entry in each.entries])
        until = self._clock.stopwatch() + LOOK_AGAIN_AFTER
        self._resting |= {item.ref: Rest(until) for each in waiting for item in each.deliveries}
        return [each for each in errands if each.reference not in held]

    async def _withdraw(self, errands: Sequence[Errand], results: Results) -> None:
        """The attempts of what certainly reached nobody: they may be made again."""
        gone = set(results.not_sent)
        await self._outbox.withdraw([entry for each in errands if each.reference in gone for entry in each.entries])
        await self._budget.give_back(gone)

    def _that_may_go(self, waiting: Waiting) -> tuple[Delivery, ...]:
        """Awake, and in its hours: what was planned for yesterday's last minute waits for today's first."""
        now, office = self._clock.now(), self._offices.office(waiting.division)
        awake = Rest(self._clock.stopwatch())
        return tuple(
            each
            for each in waiting.deliveries
            if self._resting.get(each.ref, awake).until <= awake.until and each.may_go(now, office)
        )

    async def _report(self, errands: Sequence[Errand], reported: Mapping[str, tuple[Reported, str]]) -> None:
        """Into the log; into the journal only when the log is silent."""
        ended = [each for each in errands if each.reference in reported]
        by_ticket: Reports = {}
        for each in ended:
            for ticket, report in each.reports(*reported[each.reference]):
                by_ticket.setdefault(ticket, []).append(report)
        try:
            await self._put(by_ticket)
        except Unavailable:
            await self._outbox.record({name: reported[each.reference] for each in ended for name in each.names})
            raise

    async def _put(self, reports: Reports) -> None:
        if reports:
            await self._desk.put([self._request(ticket, theirs) for ticket, theirs in reports.items()])

    def _request(self, ticket: str, reports: Sequence[DeliveryReport]) -> Message[Body]:
        """One request for all that happened to a ticket in a sweep; its id hangs on everything that it says."""
        key = "/".join(f"{each.reference}/{each.outcome}/{each.channel}/{each.letter}{_nth(each)}" for each in reports)
        return self._desk.request(ticket, ReportDelivery(reports=tuple(reports)), ACTOR, key)

    def _rest(self, errands: Sequence[Errand], results: Results) -> None:
        """What was reported is left alone until the loop must have read it; what did not go, each time for longer."""
        now, not_sent = self._clock.stopwatch(), set(results.not_sent)
        for errand in errands:
            span = UNDER_WAY if errand.reference in results.reported else results.pending.get(errand.reference)
            for ref in (each.ref for each in errand.deliveries):
                tries = self._resting[ref].tries + 1 if ref in self._resting else 0
                if errand.reference in not_sent:
                    self._resting[ref] = Rest(now + TRY_AGAIN * 2 ** min(tries, DOUBLED_AT_MOST), tries)
                elif span is not None:
                    self._resting[ref] = Rest(now + span)
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


def _of_broken(errands: Sequence[Errand], there: Collection[str]) -> list[JournalEntry]:
    """The new entries of letters of which others were there."""
    broken = (each for each in errands if not set(there).isdisjoint(each.names))
    return [entry for each in broken for entry in each.entries if entry.name not in there]
