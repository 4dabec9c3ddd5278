"""The village's deliverer: a provider that fails, and a process that dies between sending and reporting."""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from runtime.clock import Clock
from runtime.delivery.service import Service
from runtime.http.requests import RequestDesk
from runtime.identity.vault import Contacts
from runtime.memory.log import InMemoryLog
from services.notify.adapters.memory import InMemoryMessenger, InMemoryOutbox
from services.notify.adapters.templates import packaged as templates
from services.notify.api.receipts import receipt_of
from services.notify.domain.deliveries import RECEIVED
from services.notify.ports import Guarantee, Outcome
from services.notify.workers.sender import Sender
from simulation.faults import Crash, Faults, MortalWriter

SETTLES_AFTER = timedelta(minutes=1)  # the provider's promise


class MortalDeliverer:
    """A sender that dies and begins anew; its provider and what it has written down stay."""

    def __init__(
        self,
        service: Service[Any],
        store: Any,
        log: InMemoryLog,
        clock: Clock,
        contacts: Contacts,
        held: Callable[[], Collection[int]],
    ) -> None:
        self.sms, self.outbox = InMemoryMessenger("sms", Guarantee(SETTLES_AFTER)), InMemoryOutbox(store)
        self._reports, self._clock, self._contacts, self._held = MortalWriter(log), clock, contacts, held
        self._desk = RequestDesk(service, store, self._reports, clock)
        self.sender = self._begun()

    def _begun(self) -> Sender:
        messengers = {"sms": self.sms}
        return Sender(self.outbox, self._contacts, messengers, templates(), self._desk, self._clock, self._held)

    def deliver(self, events: AbstractEventLoop, faults: Faults) -> int:
        """One sweep; how many deliveries came to an end."""
        if faults.strikes("provider times out", 0.05):
            self.sms.next_outcomes.append(Outcome.UNKNOWN)
        if faults.strikes("provider takes nothing", 0.05):
            self.sms.next_outcomes.append(Outcome.NOT_SENT)
        if faults.strikes("deliverer restarts", 0.05):
            self.sender = self._begun()
        self._reports.dies = faults.strikes("deliverer dies before it reports", 0.05)
        reports = faults.strikes("receipt comes late and twice", 0.1)
        was, faults.on = faults.on, False
        try:
            if reports and self.sms.sent:
                events.run_until_complete(self._report_late(faults))
            return events.run_until_complete(self.sender.sweep())
        except Crash:
            self.sender = self._begun()
            return 0
        finally:
            faults.on, self._reports.dies = was, False

    async def _report_late(self, faults: Faults) -> None:
        """The provider says of some letter that it took what became of it; twice, for it got no answer."""
        reference = faults.rng.choice(sorted(self.sms.sent))
        outcome = faults.rng.choice(RECEIVED)
        for letter in await self.outbox.letters([reference]):
            await self._desk.put([receipt_of(self._desk, "sms", letter, outcome)] * 2)
