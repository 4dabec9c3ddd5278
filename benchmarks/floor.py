"""The contract's own floor: five loops that do nothing but the delivery contract, and the ledger. No product.

A submission costs seven guarded writes, four facts and five ledger entries, as in the product: A says One, B hears One
and says Two, C hears Two and says Three, D hears all three and says Four, E hears Two.
"""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cli import serve
from contracts.envelope import Body, Message
from contracts.topics import LEDGER
from runtime.change import Change, Result
from runtime.delivery.service import Service
from runtime.kafka.reader import KafkaReader
from runtime.process.platform import RealPlatform
from runtime.process.serve import workers_of
from runtime.process.settings import Settings, load
from runtime.telemetry import logs
from runtime.workers import Worker, run_workers
from services.intake.adapters.mongo import MongoLedger

GROUPS = {
    "a.loop": ("submissions", "tickets"),
    "b.loop": ("tickets",),
    "c.loop": ("tickets",),
    "d.loop": ("tickets",),
    "e.loop": ("tickets",),
    "intake.ledger": LEDGER,
}


class Words(Body):
    words: str


class Zero(Words): ...


class One(Words): ...


class Two(Words): ...


class Three(Words): ...


class Four(Words):
    """Said by D: the end."""


@dataclass(frozen=True, slots=True)
class Count:
    """The document: how much was heard."""

    heard: int = 0
    words: str = ""


def says(fact: type[Words] | None) -> Any:
    """A handler that counts, and says ``fact`` with the words it heard."""

    def handle(document: Count | None, message: Message[Any], now: datetime) -> Result[Count]:
        heard = replace(document or Count(), heard=(document.heard if document else 0) + 1, words=message.body.words)
        return Change(heard, (fact(words=message.body.words),) if fact else ())

    return handle


REACTS: dict[str, dict[type[Body], Any]] = {
    "a": {Zero: says(One)},
    "b": {One: says(Two)},
    "c": {Two: says(Three)},
    "d": {One: says(None), Two: says(None), Three: says(Four)},
    "e": {Two: says(None)},
}


async def run(name: str) -> None:
    """One of the five, or the ledger, until it is ended."""
    settings = load(Settings)
    logs.configure(settings.log_level, settings.log_format, service=name, part="loop")
    platform = RealPlatform(settings, name)
    await platform.start()
    workers = await (_ledger(platform) if name == "ledger" else _loop(platform, name))
    await run_workers(workers, asyncio.Event())


async def _loop(platform: RealPlatform, name: str) -> list[Worker]:
    logs = ("submissions", "tickets") if name == "a" else ("tickets",)
    return await workers_of(
        platform, Service(name=name, says="tickets", document=Count, reacts=REACTS[name], logs=logs)
    )


async def _ledger(platform: RealPlatform) -> list[Worker]:
    from services.intake.workers.ledger import GROUP, LedgerLoop

    reader: KafkaReader = await platform.reader(GROUP, LEDGER)
    loop = LedgerLoop(reader, MongoLedger(platform.database("intake")))
    return [Worker("ledger", loop.run)]


if __name__ == "__main__":
    serve.run(run(sys.argv[1]))
