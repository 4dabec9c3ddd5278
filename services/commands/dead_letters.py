"""``duban dead-letters``: what a service could not handle, and handling it again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from contracts.envelope import type_of
from runtime.dead_letters import DeadLetters
from runtime.platform import RealPlatform
from runtime.records import Parked
from runtime.settings import Settings, load
from services.commands.serve import wiring_of

app = typer.Typer(help="Parked messages: per ticket, in the order of the log.", no_args_is_help=True)
ServiceName = Annotated[str, typer.Argument(help="The service that parked them.")]
ResultT = TypeVar("ResultT")


async def _with(service: str, work: Callable[[RealPlatform, Any], Awaitable[ResultT]]) -> ResultT:
    platform = RealPlatform(load(Settings), service)
    try:
        await platform.start()
        return await work(platform, wiring_of(service).of(platform))
    finally:
        await platform.stop()


def _row(letter: Parked) -> tuple[str, ...]:
    message = letter.message
    where = f"{message.log}/{message.partition}/{message.offset}"
    return message.ticket, where, type_of(message.headers), "root" if letter.root else "follower", letter.reason


@app.command("list")
def list_letters(service: ServiceName, at_most: int = 100) -> None:
    """Roots and the messages that queue behind them."""

    async def work(platform: RealPlatform, service: Any) -> list[Parked]:
        return await platform.store(service).parked(at_most=at_most)

    table = Table("ticket", "where", "type", "kind", "reason")
    for letter in asyncio.run(_with(service, work)):
        table.add_row(*_row(letter))
    Console().print(table)


@app.command()
def show(service: ServiceName, ticket: str) -> None:
    """The letters of one ticket with their headers; values are not shown: they may hold people's words."""

    async def work(platform: RealPlatform, service: Any) -> list[Parked]:
        return await platform.store(service).parked(ticket)

    for letter in asyncio.run(_with(service, work)):
        typer.echo("  ".join(_row(letter)))
        for name, value in letter.message.headers:
            typer.echo(f"    {name}: {value.decode('utf-8', 'replace')}")


@app.command()
def replay(service: ServiceName, ticket: str = typer.Option("", help="Only this ticket.")) -> None:
    """Handle letters again with this build, in order. Twice changes nothing. Exit code 1 when some stay."""

    async def work(platform: RealPlatform, service: Any) -> int:
        store = platform.store(service)
        dead = DeadLetters(service, store, platform.writer, platform.clock.wall)
        tickets = [ticket] if ticket else list(dict.fromkeys(letter.message.ticket for letter in await store.parked()))
        return sum([await dead.replay(each) for each in tickets])

    left = asyncio.run(_with(service, work))
    typer.echo(f"{left} still parked" if left else "nothing is parked any more")
    raise typer.Exit(1 if left else 0)


@app.command()
def release(service: ServiceName) -> None:
    """Let a held service go on, when the cause is gone."""

    async def work(platform: RealPlatform, service: Any) -> None:
        await platform.store(service).hold("")

    asyncio.run(_with(service, work))
    typer.echo(f"{service} is released")
