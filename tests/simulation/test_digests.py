"""Digests among faults: two processes, restarts, a provider that is silent or takes nothing; told once (V11)."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from contracts.envelope import type_of
from contracts.identifiers import number_of
from contracts.messages.notify import ReportDelivery
from services.notify.adapters.memory import InMemoryOutbox
from services.notify.ports import Guarantee, JournalEntry, Outcome, Weekdays
from services.notify.workers.dispatch import UNDER_WAY
from services.notify.workers.sender import Sender
from simulation.faults import Crash, MortalWriter
from tests.facts.values import COUNTY
from tests.harness import TICKET, decoded
from tests.unit.notify.matters import Desktop, assigned

ACCOUNTS = ("431226-JT", "431226-JY", "431226-GA")
FAULTS = (
    *("provider is silent", "provider takes nothing", "process dies", "process dies before it reports"),
    "loop reads late",
)
TICKETS, TURNS, HISTORIES = 8, 60, 15


class TwoProcesses:
    """Two processes that both believe to hold every account; either dies at any time."""

    def __init__(self, seed: int) -> None:
        self.rng, self.desk = random.Random(seed), Desktop(Weekdays((time(9), time(14))))
        self.desk.sms.promise = Guarantee(timedelta(minutes=1))
        self.reports = self.desk.stage.writer = MortalWriter(self.desk.stage.log)
        self.processes: list[Sender] = [self.desk.restarted(), self.desk.restarted()]
        self.happened: Counter[str] = Counter()
        self.given = 0

    def strikes(self, what: str, chance: float) -> bool:
        struck = self.rng.random() < chance
        self.happened[what] += struck
        return struck

    async def turn(self) -> None:
        """A matter comes, perhaps; one of the processes sweeps, badly; the loop reads late."""
        if self.given < TICKETS and self.rng.random() < 0.5:
            await self._one_more()
        if self.strikes("provider is silent", 0.1):
            self.desk.sms.next_outcomes.append(Outcome.UNKNOWN)
        if self.strikes("provider takes nothing", 0.1):
            self.desk.sms.next_outcomes.append(Outcome.NOT_SENT)
        nth = self.rng.randrange(2)
        if self.strikes("process dies", 0.2):
            self.processes[nth] = self.desk.restarted()
        self.reports.dies = self.strikes("process dies before it reports", 0.2)
        try:
            await self.processes[nth].sweep()
        except Crash:
            self.processes[nth] = self.desk.restarted()
        if not self.strikes("loop reads late", 0.3):
            await self.desk.stage.run()
        self.desk.stage.pass_time(timedelta(seconds=self.rng.choice([1, 30, 1800, 5 * 3600])))

    async def _one_more(self) -> None:
        ticket = f"{self.given}{TICKET[1:]}"
        number, unit = number_of(ticket, COUNTY), self.rng.choice(ACCOUNTS)
        fact = assigned(self.desk.stage.clock.now(), number=number, unit=unit)
        said = replace(fact, key=ticket, id=f"assigned {ticket}")
        await self.desk.told_as(said, ticket, ())
        self.given += 1

    async def rest(self) -> None:
        """Nothing fails any more until the next working days are over."""
        self.desk.sms.next_outcomes.clear()
        self.reports.dies = False
        for _ in range(80):
            for process in self.processes:
                await process.sweep()
                await process.inquiries.step()
                await self.desk.stage.run()
            self.desk.stage.pass_time(timedelta(hours=1) if self.rng.random() < 0.5 else UNDER_WAY)

    def check(self) -> None:
        """All were told, and each delivery was reported in one letter, which said it."""
        letters: dict[str, set[str]] = defaultdict(set)
        said = (each for each in self.desk.stage.log.of_topic("tickets") if type_of(each.headers) == "ReportDelivery")
        for each in (each for record in said for each in decoded(record, ReportDelivery).body.reports):
            letters[each.reference].add(each.letter)
        assert [ref for ref, theirs in letters.items() if len(theirs) != 1] == []
        posts = [self.desk.stage.document(ticket) for ticket in self.desk.stage.store.records]
        units = [item for post in posts for item in post.items if item.audience == "unit"]
        assert {item.state for item in units} == {"sent"}
        assert all(item.ref in self.desk.sms.sent[item.sent_as].deliveries for item in units)
        self.happened["digest"] += len({item.letter for item in units if item.letter})


async def played(histories: int = HISTORIES) -> Counter[str]:
    happened: Counter[str] = Counter()
    for seed in range(histories):
        two = TwoProcesses(seed)
        for _ in range(TURNS):
            await two.turn()
        await two.rest()
        two.check()
        happened += two.happened
    return happened


async def test_everybody_is_told_once_whatever_fails() -> None:
    happened = await played()
    assert happened["digest"] >= HISTORIES / 2
    faults = (
        "provider is silent",
        "provider takes nothing",
        "process dies",
        "process dies before it reports",
        "loop reads late",
    )
    assert [fault for fault in faults if not happened[fault]] == []


async def test_without_the_letter_in_the_journal_a_crash_is_not_cleared_up(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = InMemoryOutbox.attempt

    async def nameless(self: InMemoryOutbox, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        return await attempt(self, [replace(each, letter=each.name) for each in entries], at)

    monkeypatch.setattr(InMemoryOutbox, "attempt", nameless)
    with pytest.raises(AssertionError, match=r"told in two letters|unknown"):
        await played(100)
