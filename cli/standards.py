"""``duban sla standards``: the catalogue as a table, out and in again; what changes is shown before it is published."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cli.editions import end_with
from cli.on_the_platform import on_the_platform
from contracts.messages.standards import StandardPublished
from runtime.http.tables import csv_text
from runtime.process.configuration import publication
from runtime.process.platform import Platform
from runtime.tables.faults import RowFault
from runtime.tables.workbooks import workbook
from services.sla.adapters import standard_rows
from services.sla.adapters.published import configuration_of
from services.sla.adapters.standard_rows import COLUMNS
from services.sla.adapters.standard_tables import ImportPlan, StandardsTable, beside, read

app = typer.Typer(help="办理标准: the catalogue as a table (CSV or XLSX).", no_args_is_help=True)
TablePath = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX, a version a row.")
]


@app.command("check")
def check(file: TablePath) -> None:
    """Say all that is wrong with a table, row by row; needs no installation."""
    _checked(file)


@app.command("import")
def import_standards(
    file: TablePath,
    yes: Annotated[bool, typer.Option("--yes", help="Publish; without it the changes are shown.")] = False,
) -> None:
    """What a table changes; with --yes all of it is published or, when a row is wrong, nothing."""
    table = _checked(file)
    plan = asyncio.run(on_the_platform(lambda platform: publish(platform, table, publishes=yes)))
    _refuse(file, plan.faults)
    for line in plan.told:
        typer.echo(line)
    typer.echo(f"{len(plan.to_publish)} published" if yes else "nothing was published: --yes does it")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where the table goes, .csv or .xlsx; it may not be there yet.")],
) -> None:
    """The catalogue as it is published, as a table that can be read in again."""
    found = asyncio.run(on_the_platform(catalogue))
    with file.open("xb") as out:
        out.write(written(file.suffix, found.values()))
    typer.echo(f"{file}: {len(found)} versions of standards")


def written(suffix: str, published: Iterable[StandardPublished]) -> bytes:
    """The table as a file of that kind has it: a workbook for .xlsx, else CSV."""
    columns, lines = tuple(COLUMNS), standard_rows.lines(published)
    return workbook(columns, lines) if suffix.lower() == ".xlsx" else csv_text(columns, lines).encode()


def _checked(file: Path) -> StandardsTable:
    table = read(file.read_bytes())
    _refuse(file, table.faults)
    typer.echo(f"{file}: {len(table.rows)} rows, nothing wrong")
    return table


def _refuse(file: Path, faults: list[RowFault]) -> None:
    end_with([f"{file}: {fault}" for fault in faults])


async def catalogue(platform: Platform) -> dict[str, StandardPublished]:
    """All that is published, by key. Raises Unavailable."""
    await configuration_of(platform).catch_up()
    return configuration_of(platform).all(StandardPublished)


async def publish(platform: Platform, table: StandardsTable, *, publishes: bool) -> ImportPlan:
    """What came of the table, or would. Raises Unavailable."""
    plan = beside(table, await catalogue(platform), platform.clock.now())
    if publishes and not plan.faults:
        await platform.start()
        said = [publication(key, body, "sla", platform.clock) for key, body in plan.to_publish.items()]
        await platform.writer.publish(said)
    return plan
