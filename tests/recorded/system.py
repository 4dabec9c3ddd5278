"""All services over one log, a record at a time in the order in which they were written.

Nothing that a loop says gets into the log by itself: a recording or a replay decides what is written next.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import orjson

from contracts.topics import LEDGER, TICKETS
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.records import Outgoing
from runtime.delivery.service import Service
from runtime.memory.store import InMemoryStore
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings
from runtime.relay import Relay
from services.intake.workers.ledger import GROUP as LEDGER_GROUP
from services.intake.workers.ledger import LedgerLoop
from services.notify.workers.feed import GROUP as FEED_GROUP
from services.notify.workers.feed import relay_of
from tests.facts.examples import SCHEMAS
from tests.recorded.stored_form import StoredForm, without

CONFIGURED = ("routing", "sla", "notify")
DIGITS = 16  # of a digest
Unread = Mapping[str, frozenset[str]]


class CapturingWriter:
    """A writer that only notes what is said, and by whom; "": by nobody's loop."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Outgoing]] = []
        self.by = ""

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Note the batch in its order."""
        self.said += [(self.by, each) for each in batch]


class RecordedSystem:
    """The services that keep matters as their own wirings put them together, the ledger, the public feed.

    ``wall``: the only time. ``passed_over``: names of fields that no digest sees. ``unread``: service → types that only
    later builds read, which it is not given.
    """

    def __init__(
        self, wall: datetime, passed_over: frozenset[str] = frozenset(), unread: Unread = MappingProxyType({})
    ) -> None:
        self.wall, self.captured, self._passed_over, self._unread = wall, CapturingWriter(), passed_over, unread
        self.platform = InMemoryPlatform(Settings(), Clock(wall=lambda: self.wall))
        self.platform.writer = self.captured
        self.services: dict[str, Service[Any]] = {}
        self.forms: dict[str, StoredForm] = {}
        self._steps: dict[str, Loop[Any] | Relay | LedgerLoop] = {}
        self._versions: dict[tuple[str, str], int] = {}

    async def start(self) -> None:
        platform = self.platform
        for name in TICKETS.consumers:
            service = self.services[name] = self._as_then(wiring(name).of(platform))
            self.forms[name] = StoredForm(service, platform.clock)
            reader = await platform.reader(f"{name}.loop", service.logs)
            self._steps[name] = Loop(service, reader, platform.writer, platform.store(service), platform.clock.wall)
        ledger = wiring("intake").ledger_of(platform)
        self._steps["ledger"] = LedgerLoop(await platform.reader(LEDGER_GROUP, LEDGER), ledger)
        self._steps["feed"] = relay_of(await platform.reader(FEED_GROUP, ("tickets",)), platform.writer, SCHEMAS)

    def _as_then(self, service: Service[Any]) -> Service[Any]:
        unread = self._unread.get(service.name, frozenset())
        read = {body: handler for body, handler in service.reacts.items() if body.__name__ not in unread}
        return replace(service, reacts=read)

    async def take(self, record: Outgoing) -> dict[str, str]:
        """The record is in the log now, and everybody reads it to its end, one after another.

        Service → digest of its document of that ticket, of those who wrote it.
        """
        self.platform.log.append(record)
        if record.topic == "configuration":
            for name in CONFIGURED:
                await wiring(name).configuration_of(self.platform).catch_up()
            return {}
        for name, each in self._steps.items():
            self.captured.by = name
            await each.step()
        self.captured.by = ""
        return {
            name: await self._digest(name, record.key) for name in TICKETS.consumers if self._is_fresh(name, record.key)
        }

    def _is_fresh(self, name: str, ticket: str) -> bool:
        """Whether the service wrote a document since this was asked last."""
        record, before = self.store(name).records.get(ticket), self._versions.get((name, ticket), 0)
        self._versions[name, ticket] = record.version if record else 0
        return self._versions[name, ticket] != before

    async def _digest(self, name: str, ticket: str) -> str:
        texts = await self.forms[name].written([self.store(name).records[ticket]], [])
        plain = without(orjson.loads(texts[self.services[name].collection][ticket]), self._passed_over)
        return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()[:DIGITS]

    def store(self, name: str) -> InMemoryStore[Any]:
        return self.platform.store(self.services[name])

    async def documents(self) -> dict[str, dict[str, dict[str, str]]]:
        """Service → collection → id → the document in canonical form, as MongoDB would keep it."""
        found = {}
        for name, form in self.forms.items():
            store = self.store(name)
            found[name] = await form.written(store.records.values(), store.letters.values())
        return found


def wiring(name: str) -> Any:
    return importlib.import_module(f"services.{name}.wiring")
