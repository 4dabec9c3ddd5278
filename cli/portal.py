"""``duban portal rebuild``: read the whole ticket log into a fresh collection and show that the documents are equal."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

import typer
from rich.console import Console

from runtime.delivery.loop import Loop
from runtime.delivery.ports import Follower, LogPartition, Store
from runtime.delivery.records import Incoming, Outgoing, Record
from runtime.delivery.service import Service
from runtime.memory.store import InMemoryStore
from runtime.mongo.store import MongoStore
from runtime.process.platform import Platform, RealPlatform
from runtime.process.settings import load
from services.portal import wiring
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold.canonical import combined, fingerprint
from services.portal.settings import PortalSettings

FRESH = "tickets_rebuilt"
LOOKS = 6  # comparisons before a difference is believed: the running loop may be a moment ahead or behind
PAUSE = 1.0  # seconds between them
CHUNK = 500  # documents a read and a write

app = typer.Typer(help="The read side.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    tickets: int
    rebuilt: str
    live: str
    different: tuple[str, ...]
    replaced: int = 0

    @property
    def equal(self) -> bool:
        """Whether both collections hold the same documents."""
        return self.rebuilt == self.live


class LogReplay:
    """Reads the log from its beginning, in no group; the positions are in the documents."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        """The next records, however many came."""
        return await self._follower.fetch()

    async def commit(self, next_offsets: Mapping[LogPartition, int]) -> None:
        """A rebuild reads in no group, so no position is kept."""

    def committed(self, place: LogPartition) -> int:
        return 0

    def partitions(self) -> Collection[int]:
        return ()

    async def lag(self) -> int:
        return 0


class Silent:
    """The portal says nothing about tickets."""

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """There is nothing to say."""
        assert not batch, "the projection must not emit facts"


async def rebuild(platform: Platform, *, in_place: bool = False) -> Rebuilt:
    """Fold the log from offset 0 into a fresh collection and compare it with the live one. Raises Unavailable.

    ``in_place``: put the rebuilt documents in place of those that differ.
    """
    live, fresh = wiring.of(platform), replace(wiring.of(platform), collection=FRESH)
    await _emptied(platform)
    store, follower = _store(platform, fresh), platform.follower("tickets")
    loop = Loop(fresh, LogReplay(follower), Silent(), store, platform.clock.wall)
    try:
        found = await _until_equal(loop, follower, platform.store(live), store, platform)
        return replace(found, replaced=await _replaced(platform.store(live), store, found)) if in_place else found
    finally:
        await follower.stop()


async def _until_equal(
    loop: Loop[Ticket], follower: Follower, live: Store[Ticket], fresh: Store[Ticket], platform: Platform
) -> Rebuilt:
    for look in range(LOOKS):
        while await loop.step() or await follower.is_behind():
            continue
        found = await _compare(platform, live, fresh)
        if found.equal or look == LOOKS - 1:
            return found
        await asyncio.sleep(PAUSE)
    raise AssertionError("unreachable")


async def _compare(platform: Platform, live: Store[Ticket], fresh: Store[Ticket]) -> Rebuilt:
    old = {ticket: fingerprint(document) async for ticket, document in _documents(platform, live, "tickets")}
    new = {ticket: fingerprint(document) async for ticket, document in _documents(platform, fresh, FRESH)}
    different = tuple(sorted(ticket for ticket in old.keys() | new.keys() if old.get(ticket) != new.get(ticket)))
    return Rebuilt(len(new), combined(sorted(new.items())), combined(sorted(old.items())), different)


async def _replaced(live: Store[Ticket], fresh: Store[Ticket], found: Rebuilt) -> int:
    """How many of the documents that differ were put in place.

    Only where both have read the log equally far, and guarded by the version: what the running loop writes meanwhile
    stands, and its document is rebuilt the next time.
    """
    replaced = 0
    for at in range(0, len(found.different), CHUNK):
        keys = found.different[at : at + CHUNK]
        wanted = _in_place(await live.load(keys), await fresh.load(keys))
        replaced += len(wanted) - len(await live.save(wanted))
    return replaced


def _in_place(old: Mapping[str, Record[Ticket]], new: Mapping[str, Record[Ticket]]) -> list[Record[Ticket]]:
    """The live records that have read as far as the rebuilt ones, with the rebuilt document."""
    return [
        replace(old[key], document=record.document)
        for key, record in new.items()
        if key in old and old[key].position == record.position
    ]


def _store(platform: Platform, service: Service[Ticket]) -> Store[Ticket]:
    database = platform.database(service.name)
    if database is None:
        return InMemoryStore()
    return MongoStore(database, service, platform.clock, omit=service.omit_defaults)


async def _emptied(platform: Platform) -> None:
    database = platform.database("portal")
    if database is not None:
        await database[FRESH].drop()


async def _documents(platform: Platform, store: Store[Ticket], collection: str) -> AsyncIterator[tuple[str, Ticket]]:
    """Every document by its ticket id, 500 a read."""
    for ids in await _ids(platform, store, collection):
        for ticket, record in (await store.load(ids)).items():
            if record.document is not None:
                yield ticket, record.document


async def _ids(platform: Platform, store: Store[Ticket], collection: str) -> list[list[str]]:
    database = platform.database("portal")
    if database is None:
        records: dict[str, Record[Ticket]] = store.records  # type: ignore[attr-defined]
        return [list(records)]
    found: list[dict[str, Any]] = await database[collection].find({}, {"_id": 1}).to_list(None)
    ids = [plain["_id"] for plain in found]
    return [ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK)]


@app.callback()
def group() -> None:
    """Keeps ``rebuild`` a word of its own: a single command would lose its name."""


@app.command("rebuild")
def rebuild_command(
    replace_them: Annotated[
        bool,
        typer.Option("--replace", help="Put the rebuilt documents in place of those that differ, while the loop runs."),
    ] = False,
) -> None:
    """Rebuild the ticket documents from the log and compare; exit code 1 when some differ, and were not replaced."""
    found = asyncio.run(_on_the_real_platform(replace_them))
    console = Console()
    console.print(f"{found.tickets} tickets rebuilt from the log\n  rebuilt {found.rebuilt}\n  live    {found.live}")
    if not found.equal:
        console.print(f"[red]{len(found.different)} differ[/red], the first: {', '.join(found.different[:5])}")
        console.print(
            f"{found.replaced} replaced" if replace_them else "put the rebuilt ones in their place: --replace"
        )
        raise typer.Exit(0 if found.replaced == len(found.different) else 1)
    console.print("equal: the live documents are what the log says")


async def _on_the_real_platform(in_place: bool) -> Rebuilt:
    platform = RealPlatform(load(PortalSettings), "portal")
    await platform.start()
    try:
        return await rebuild(cast(Platform, platform), in_place=in_place)
    finally:
        await platform.stop()
