"""``duban dead-letters``: what a service could not handle, and handling it again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from cli.kinds import kind_of
from cli.serve import wiring_of
from contracts.envelope import type_of
from runtime.delivery.dead_letters import DeadLetters, ReplayLost
from runtime.delivery.ports import Store, Unavailable
from runtime.delivery.records import Parked
from runtime.process.configuration import Configuration
from runtime.process.platform import Platform, RealPlatform
from runtime.process.settings import Settings, SettingsRefused, load

app = typer.Typer(help="Parked messages: per ticket, in the order of the log.", no_args_is_help=True)
ServiceName = Annotated[str, typer.Argument(help="The service that parked them, or service.part.")]
ResultT = TypeVar("ResultT")
PAGE = 1000  # letters a look
TRIES = 5  # at a ticket that the loop writes at the same time


class NotReplayed(Exception):
    """Nothing was handled; the text says why, and what to do."""


def _run(service: str, work: Callable[[RealPlatform, Any], Awaitable[ResultT]]) -> ResultT:
    """On the real platform; what hinders is a sentence and exit code 1."""
    try:
        return asyncio.run(_with(service, work))
    except Unavailable as silent:
        why = f"MongoDB or Kafka does not answer ({silent}): nothing was changed; try again when both do"
    except (NotReplayed, SettingsRefused) as refused:
        why = str(refused)
    typer.echo(why, err=True)
    raise typer.Exit(1)


async def _with(service: str, work: Callable[[RealPlatform, Any], Awaitable[ResultT]]) -> ResultT:
    kind = kind_of(service)
    platform = RealPlatform(load(Settings), kind.service)
    try:
        await platform.start()
        return await work(platform, kind.of(platform))
    finally:
        await platform.stop()


def _row(letter: Parked) -> tuple[str, ...]:
    message = letter.message
    where = f"{message.log}/{message.partition}/{message.offset}"
    return message.key, where, type_of(message.headers), "root" if letter.root else "follower", letter.reason


@app.command("list")
def list_letters(service: ServiceName, at_most: int = 100) -> None:
    """Roots and the messages that queue behind them."""

    async def work(platform: RealPlatform, service: Any) -> list[Parked]:
        return await platform.store(service).parked(at_most=at_most)

    table = Table("ticket", "where", "type", "kind", "reason")
    for letter in _run(service, work):
        table.add_row(*_row(letter))
    Console().print(table)


@app.command()
def show(service: ServiceName, ticket: str) -> None:
    """The letters of one ticket with their headers; values are not shown: they may hold people's words."""

    async def work(platform: RealPlatform, service: Any) -> list[Parked]:
        return await platform.store(service).parked(ticket)

    for letter in _run(service, work):
        typer.echo("  ".join(_row(letter)))
        for name, value in letter.message.headers:
            typer.echo(f"    {name}: {value.decode('utf-8', 'replace')}")


@app.command()
def replay(service: ServiceName, ticket: str = typer.Option("", help="Only this ticket.")) -> None:
    """Handle letters again with this build, in order. Twice changes nothing. Exit code 1 when some stay."""

    async def work(platform: RealPlatform, _: Any) -> int:
        return await replayed(platform, service, ticket)

    left = _run(service, work)
    typer.echo(f"{left} still parked" if left else "nothing is parked any more")
    raise typer.Exit(1 if left else 0)


@app.command()
def discard(
    service: ServiceName, ticket: str, yes: bool = typer.Option(False, "--yes", help="Do not ask whether it is meant.")
) -> None:
    """Give up the first letter of a ticket for ever, for bytes that will never be a message, and handle the others.

    It stays in the log and in the ledger. A request gets the outcome given_up. Exit code 1 when letters stay.
    """
    if not yes:
        typer.confirm(f"nothing will ever come of the first letter of {ticket} in {service}; go on?", abort=True)

    async def work(platform: RealPlatform, _: Any) -> tuple[Parked | None, int]:
        return await discarded(platform, service, ticket)

    given_up, left = _run(service, work)
    typer.echo("given up: " + "  ".join(_row(given_up)) if given_up else f"nothing of {ticket} is parked")
    typer.echo(f"{left} still parked" if left else "nothing of it is parked any more")
    raise typer.Exit(1 if left else 0)


async def replayed(platform: Platform, name: str, ticket: str = "") -> int:
    """Handle a service's letters as its loop would, of all tickets or of one; how many stay. Raises NotReplayed."""
    dead, store = await _dead_letters(platform, name)
    replay = LetterReplay(dead, store)
    return await replay.one(ticket) if ticket else await replay.all()


async def discarded(platform: Platform, name: str, ticket: str) -> tuple[Parked | None, int]:
    """Give up a ticket's first letter; which it was, and how many stay. Raises NotReplayed."""
    dead, store = await _dead_letters(platform, name)
    first = next(iter(await store.parked(ticket, at_most=1)), None)
    left = await _unless_lost(ticket, lambda _: dead.discard(first)) if first else 0
    return first, left


async def _dead_letters(platform: Platform, name: str) -> tuple[DeadLetters[Any], Store[Any]]:
    """A decision needs the configuration that the loop has: without it a request would be refused for good."""
    kind = kind_of(name)
    wiring, service = wiring_of(kind.service), kind.of(platform)
    if hasattr(wiring, "configuration_of"):
        await _caught_up(wiring.configuration_of(platform))
    store: Store[Any] = platform.store(service)
    return DeadLetters(service, store, platform.writer, platform.clock.wall), store


async def _caught_up(configuration: Configuration) -> None:
    try:
        await configuration.catch_up()
    except Unavailable as silent:
        raise NotReplayed(f"the configuration cannot be read ({silent}): nothing was replayed; try again") from None
    if not configuration.is_published:
        raise NotReplayed("no configuration is published yet: start the loops of sla and routing once, then try again")


@dataclass(frozen=True, slots=True)
class LetterReplay:
    """Goes through the letters of a service, a page after another."""

    dead: DeadLetters[Any]
    store: Store[Any]

    async def all(self) -> int:
        """Every ticket once; how many letters stay. Those that stay do not hide those behind them."""
        left: dict[str, int] = {}
        while fresh := await self._others(left):
            for ticket in fresh:
                left[ticket] = await self.one(ticket)
        return sum(left.values())

    async def _others(self, tried: dict[str, int]) -> list[str]:
        letters = await self.store.parked(at_most=PAGE + sum(tried.values()))
        return list(dict.fromkeys(each.message.key for each in letters if each.message.key not in tried))

    async def one(self, ticket: str) -> int:
        """A ticket, until none is left or the first one fails again; how many stay. Raises NotReplayed."""
        first, left = await self._first(ticket), await _unless_lost(ticket, self.dead.replay)
        while left and (now := await self._first(ticket)) != first:
            first, left = now, await _unless_lost(ticket, self.dead.replay)
        return left

    async def _first(self, ticket: str) -> object:
        return next((letter.place for letter in await self.store.parked(ticket, at_most=1)), None)


async def _unless_lost(ticket: str, work: Callable[[str], Awaitable[ResultT]]) -> ResultT:
    """A few times, while the loop writes the ticket too. Raises NotReplayed."""
    for _ in range(TRIES):
        try:
            return await work(ticket)
        except ReplayLost:
            continue
    raise NotReplayed(f"the loop keeps writing ticket {ticket}; try again")


@app.command()
def release(service: ServiceName) -> None:
    """Let a held service go on, when the cause is gone."""

    async def work(platform: RealPlatform, service: Any) -> None:
        await platform.store(service).hold("")

    _run(service, work)
    typer.echo(f"{service} is released")
