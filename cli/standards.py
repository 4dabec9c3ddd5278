"""``duban sla standards``: the catalogue as a table, out and in again; what changes is shown before it is published."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli import tables
from cli.editions import end_with
from cli.on_the_platform import on_the_platform
from cli.tables import RowFault, TableForm, TypedRow, Unreadable
from contracts.messages.sla import StandardPublished
from runtime.http.field_errors import complaints
from runtime.http.tables import csv_text
from runtime.process.configuration import publication
from runtime.process.platform import Platform
from services.sla.adapters import standard_rows
from services.sla.adapters.published import configuration_of
from services.sla.adapters.standard_rows import COLUMNS, FAULTS, NEEDED, StandardRow

app = typer.Typer(help="办理标准: the catalogue as a table (CSV).", no_args_is_help=True)
ROWS_AT_MOST = 10_000
FORM = TableForm({name: name for name in COLUMNS} | {zh: name for name, zh in COLUMNS.items()}, NEEDED, ROWS_AT_MOST)
TablePath = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, a version a row.")]


@dataclass(slots=True)
class StandardsTable:
    """The rows that are right, by their lines, and all that is wrong."""

    rows: dict[int, StandardRow] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)


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
def export(file: Annotated[Path, typer.Argument(help="Where the table goes; it may not be there yet.")]) -> None:
    """The catalogue as it is published, as a table that can be read in again."""
    found = asyncio.run(on_the_platform(catalogue))
    with file.open("x", encoding="utf-8", newline="") as out:
        out.write(csv_text(tuple(COLUMNS), standard_rows.lines(found.values())))
    typer.echo(f"{file}: {len(found)} versions of standards")


def _checked(file: Path) -> StandardsTable:
    table = read(file.read_bytes())
    _refuse(file, table.faults)
    typer.echo(f"{file}: {len(table.rows)} rows, nothing wrong")
    return table


def _refuse(file: Path, faults: list[RowFault]) -> None:
    end_with([f"{file}: {fault}" for fault in faults])


def read(content: bytes) -> StandardsTable:
    """The table, each row by itself, so that one fault hides no other."""
    table = StandardsTable()
    try:
        rows, table.faults = tables.read(content, FORM)
    except Unreadable as why:
        return StandardsTable(faults=[why.fault])
    first: dict[str, int] = {}
    for row in rows:
        table.faults += _taken(table, row, first)
    return table


def _taken(table: StandardsTable, typed: TypedRow, first: dict[str, int]) -> Iterator[RowFault]:
    try:
        row = StandardRow.model_validate(standard_rows.typed(typed.typed))
    except ValidationError as wrong:
        errors = complaints(wrong.errors(include_url=False, include_input=False))
        yield from (RowFault(typed.line, each["pointer"].strip("/"), each["zh"], each["en"]) for each in errors)
        return
    yield from (RowFault(typed.line, *FAULTS[code]) for code in row.faults())
    if first.setdefault(row.key, typed.line) != typed.line:
        zh, en = f"与第{first[row.key]}行相同。", f"The same as row {first[row.key]}: raise the version."
        yield RowFault(typed.line, "version", zh, en)
    table.rows[typed.line] = row


@dataclass(slots=True)
class ImportPlan:
    """What would be published, by key; a line for each change; all that hinders it."""

    to_publish: dict[str, StandardPublished] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


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


def beside(table: StandardsTable, published: Mapping[str, StandardPublished], now: datetime) -> ImportPlan:
    """The table beside what is published: a version never changes, and none begins before it was said."""
    plan = ImportPlan()
    for line, row in table.rows.items():
        if known := published.get(row.key):
            if row.published(known.standard.valid_from) != known:
                zh, en = (
                    "此版本已发布，内容不同；请改用新的版本号。",
                    "Published with other content: raise the version.",
                )
                plan.faults.append(RowFault(line, "version", zh, en))
        elif row.valid_from is not None and row.valid_from < now:
            zh, en = "生效时间已过；请改后，或不写。", "It has passed: give a later one, or none."
            plan.faults.append(RowFault(line, "valid_from", zh, en))
        else:
            plan.to_publish[row.key] = row.published(now)
            plan.told.append(_change(row, published))
    return plan


def _change(row: StandardRow, published: Mapping[str, StandardPublished]) -> str:
    """WTR-01@3 供水抢修: 1440 minutes → 2 working_days; a code that is new has nothing before it."""
    before = [each.standard for each in published.values() if each.standard.code == row.code]
    newest = max(before, key=lambda each: each.version, default=None)
    was = f"{newest.limit} {newest.limit_unit} → " if newest else "new: "
    return f"{row.code}@{row.version} {row.name_zh}: {was}{row.limit} {row.limit_unit}"
