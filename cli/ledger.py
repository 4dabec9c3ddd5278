"""``duban ledger``: export the raw ledger, verify an export offline."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from runtime.process.platform import RealPlatform
from runtime.process.settings import load
from services.intake.adapters.mongo import MongoLedger
from services.intake.adapters.signing import Signer, export_lines, verified
from services.intake.domain.export import Verifier
from services.intake.settings import IntakeSettings

app = typer.Typer(
    help="原始台账: everything that was said, in an order nobody can change unseen.", no_args_is_help=True
)
SHOWN = 50  # faults printed
TrustedKeys = Annotated[
    list[str],
    typer.Option(
        "--key", help="Public key that you trust, 64 hexadecimal digits; may be repeated. Without: any that signed."
    ),
]
Export = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="File that `export` wrote.")]
PublishedHeads = Annotated[
    list[str], typer.Option(help="Hash of a head that you kept or read elsewhere; may be repeated.")
]


@app.command()
def export(to: Annotated[Path, typer.Argument(dir_okay=False, help="File to write.")]) -> None:
    """Sign a head, then write all heads and entries as JSON lines."""
    count = asyncio.run(_export(to))
    typer.echo(f"{count} lines written to {to}; check them with: duban ledger verify {to}")


async def _export(to: Path) -> int:
    """The file has its name once it is whole: half an export looks like a ledger that was cut."""
    settings = load(IntakeSettings)
    platform, half = RealPlatform(settings, "intake"), to.with_name(f"{to.name}.part")
    ledger, count = MongoLedger(platform.database("intake")), 0
    try:
        with half.open("wb") as out:
            async for line in export_lines(ledger, Signer(ledger, settings.ledger_key)):
                out.write(line)
                count += 1
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)
        await platform.stop()
    return count


@app.command()
def verify(export: Export, key: TrustedKeys = [], published: PublishedHeads = []) -> None:  # noqa: B006 - typer's way
    """Check every record, chain, head and signature of an export. Needs nothing but the file."""
    trusted, heads = (frozenset(each.lower() for each in given) for given in (key, published))
    verifier = Verifier(verified, trusted, heads)
    with export.open("rb") as lines:
        faults = verifier.check(lines)
    for fault in faults[:SHOWN]:
        typer.echo(f"{fault.where}: {fault.what}", err=True)
    found = f"{len(faults)} FAULTS" if faults else "all as it was written"
    typer.echo(f"{verifier.entries} entries, {verifier.heads} heads: {found}")
    raise typer.Exit(1 if faults else 0)
