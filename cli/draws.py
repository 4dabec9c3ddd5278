"""``duban draws``: a draw as a file, and the check of such a file, which needs nothing else."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from runtime.process.platform import RealPlatform
from runtime.process.settings import load
from services.intake.adapters.mongo import MongoLedger
from services.intake.adapters.signing import verified
from services.intake.domain.export import Fault, Verifier, entry_in, head_in
from services.intake.settings import IntakeSettings
from services.intake.workers.drawing.bundle import (
    Bundle,
    LedgerWitness,
    NoBundle,
    entries_of,
    faults,
    read,
    story_of,
    written,
)
from services.intake.workers.drawing.draw_book import WaitingDraw
from services.intake.workers.drawing.worker import all_of, population_of

app = typer.Typer(help="抽查: draws that nobody can steer; anybody can draw them again.", no_args_is_help=True)
WRONG = 2  # exit code: there is no such draw, or no such file
Export = Annotated[
    Path | None,
    typer.Option("--ledger", exists=True, dir_okay=False, readable=True, help="File that `duban ledger export` wrote."),
]
TrustedKeys = Annotated[
    list[str],
    typer.Option("--key", help="Public key that you trust, 64 hexadecimal digits; may be repeated. Without: any."),
]


@app.command()
def bundle(code: Annotated[str, typer.Argument(help="Code of the draw, as its announcement said it.")]) -> None:
    """Write everything that shows how a draw came about to the standard output."""
    found = asyncio.run(_bundle(f"draw/{code.removeprefix('draw/')}"))
    if found is None:
        typer.echo(f"no draw {code} has been drawn: see GET /v1/draws/{code}", err=True)
        raise typer.Exit(WRONG)
    sys.stdout.buffer.write(written(found))


async def _bundle(key: str) -> Bundle | None:
    platform = RealPlatform(load(IntakeSettings), "intake")
    ledger = MongoLedger(platform.database("intake"))
    try:
        story = story_of(await entries_of(all_of(ledger, "affairs"), key), key)
        head = await ledger.head(story.sample.head.number) if story else None
        if story is None or head is None:
            return None
        lines = await population_of(ledger, WaitingDraw(key, story.announced, story.closing), head.head)
        return Bundle(story, head, tuple(lines))
    finally:
        await platform.stop()


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="File of `draws bundle`.")],
    ledger: Export = None,
    key: TrustedKeys = [],  # noqa: B006 - typer's way
) -> None:
    """Check a bundle: commitment, head, seed, sample; with --ledger also that the population is whole."""
    trusted = frozenset(each.lower() for each in key)
    try:
        found = read(file.read_bytes())
    except NoBundle as wrong:
        typer.echo(f"{file}: {wrong}", err=True)
        raise typer.Exit(WRONG) from None
    wrongs = faults(found, verified, trusted)
    wrongs += _by_the_ledger(found, ledger, trusted) if ledger else []
    for fault in wrongs:
        typer.echo(f"{fault.where}: {fault.what}", err=True)
    drawn = sum(len(each.drawn) for each in found.story.sample.strata)
    shown = "the bundle and the ledger" if ledger else "the bundle alone; --ledger shows that the population is whole"
    result = f"{len(wrongs)} FAULTS" if wrongs else f"drawn as it was announced, by {shown}"
    typer.echo(f"{len(found.lines)} matters, {drawn} drawn: {result}")
    raise typer.Exit(1 if wrongs else 0)


def _by_the_ledger(found: Bundle, export: Path, trusted: frozenset[str]) -> list[Fault]:
    with export.open("rb") as lines:
        wrongs = Verifier(verified, trusted).check(lines)
    witness = LedgerWitness.of(found)
    for line in _lines(export):
        if (signed := head_in(line)) is not None:
            witness.take_head(signed.head)
        elif (entry := entry_in(line)) is not None:
            witness.take(entry)
    for line in _lines(export):
        if (entry := entry_in(line)) is not None:
            witness.take_again(entry)
    return wrongs + witness.faults()


def _lines(export: Path) -> Iterator[bytes]:
    with export.open("rb") as lines:
        yield from lines
