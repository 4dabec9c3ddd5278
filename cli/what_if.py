"""``duban sla what-if``: the ticket log played under a candidate beside what holds today; nothing is written (C9)."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from cli.editions import end_with, refuse
from cli.on_the_platform import on_the_platform
from contracts.vocabulary import CHINA
from runtime.process.platform import Platform
from services.sla import wiring
from services.sla.adapters import calendar_files, ladder_files, standard_tables
from services.sla.adapters.published import configuration_of
from services.sla.adapters.standard_rows import StandardRow
from services.sla.api.what_if import PERIOD_FAULTS, TOO_MANY, WhatIfAnswer, made_of
from services.sla.domain.what_if import EXTENDED, LATE, ORDERED, Comparison, WhatIfPeriod
from services.sla.ports import TooManyRecords, WhatIfCandidate, WhatIfProgress

DAY = timedelta(days=1)
SHOWN = (LATE, ORDERED, EXTENDED)
OnDay = ["%Y-%m-%d"]
Result = dict[str, Any]


def what_if(
    first: Annotated[datetime, typer.Option("--from", formats=OnDay, help="First day, in China.")],
    last: Annotated[datetime, typer.Option("--to", formats=OnDay, help="Last day; at most 31 days in all.")],
    standards_file: Annotated[
        Path | None,
        typer.Option("--standards", exists=True, dir_okay=False, help="CSV, as `standards import` takes it."),
    ] = None,
    calendar_file: Annotated[
        Path | None, typer.Option("--calendar", exists=True, dir_okay=False, help="JSON, as `calendar load` takes it.")
    ] = None,
    ladder_file: Annotated[
        Path | None, typer.Option("--ladder", exists=True, dir_okay=False, help="JSON, as `ladder publish` takes it.")
    ] = None,
    division: Annotated[str, typer.Option(help="Only matters below it; all of the log without it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON, with the numbers.")] = False,
) -> None:
    """What would have been late, ordered and extended: today beside a candidate. Nothing is said or written."""
    period = period_of(first, last)
    candidate = candidate_of(standards_file, calendar_file, ladder_file)
    try:
        found = asyncio.run(on_the_platform(lambda platform: compared(platform, candidate, period, division)))
    except TooManyRecords:
        typer.echo(" ".join(TOO_MANY), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2))
    else:
        show(found, Console())


def period_of(first: datetime, last: datetime) -> WhatIfPeriod:
    """Both days whole, as they are in China. Raises BadParameter."""
    period = WhatIfPeriod(first.replace(tzinfo=CHINA), last.replace(tzinfo=CHINA) + DAY)
    for code in period.faults:
        raise typer.BadParameter(" ".join(PERIOD_FAULTS[code]), param_hint="--to")
    return period


def candidate_of(standards_file: Path | None, calendar_file: Path | None, ladder_file: Path | None) -> WhatIfCandidate:
    """The candidate of the files that were given. Ends with every fault of a file."""
    return made_of(_standards(standards_file), _years(calendar_file), _ladders(ladder_file))


def _standards(file: Path | None) -> tuple[StandardRow, ...]:
    if file is None:
        return ()
    table = standard_tables.read(file.read_bytes())
    end_with([f"{file}: {fault}" for fault in table.faults])
    return tuple(table.rows.values())


def _years(file: Path | None) -> tuple[calendar_files.WrittenYear, ...]:
    if file is None:
        return ()
    found = calendar_files.read(file.read_bytes())
    refuse(file, found.faults)
    return tuple(found.editions.values())


def _ladders(file: Path | None) -> tuple[ladder_files.WrittenLadder, ...]:
    if file is None:
        return ()
    found = ladder_files.read(file.read_bytes())
    refuse(file, found.faults)
    return tuple(found.editions.values())


async def compared(platform: Platform, candidate: WhatIfCandidate, period: WhatIfPeriod, division: str) -> Result:
    """What came of it, as the API tells it; how far it is, is told aside. Raises TooManyRecords, Unavailable."""
    await configuration_of(platform).catch_up()
    answer = WhatIfAnswer(wiring.look_ups_of(platform), period, division, names_matters=True)
    found = Comparison()
    async with aclosing(wiring.what_ifs_of(platform).run(candidate, period, division)) as steps:
        async for step in steps:
            if isinstance(step, WhatIfProgress):
                typer.echo(f"{step.done}/{step.partitions} · {step.matters}", err=True)
            else:
                found = step
    return answer.result(found)


def show(found: Result, console: Console) -> None:
    """A line for each unit and standard, Chinese and English: today → candidate."""
    table = Table("单位 unit", "标准 standard", "超期 late", "督办 ordered", "延期 extended")
    for row in found["rows"]:
        table.add_row(row["unit_zh"] or row["unit"], f"{row['standard']} {row['standard_zh']}".strip(), *_cells(row))
    table.add_row("合计 all", "", *_cells(found["total"]))
    console.print(table)
    console.print(f"{found['matters']} 件 matters; {found['unreadable']} 件无法读取 could not be read", highlight=False)
    for line in _behind(found["total"]):
        console.print(line, highlight=False)


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    """10 → 14, in bold where they differ."""
    for what in SHOWN:
        today, candidate = row["today"][what]["count"], row["candidate"][what]["count"]
        yield f"{today} → {candidate}" if today == candidate else f"[bold]{today} → {candidate}[/bold]"


def _behind(total: Mapping[str, Any]) -> Iterator[str]:
    """The matters behind each figure of the candidate; those that are not named are counted."""
    for what in SHOWN:
        figure = total["candidate"][what]
        left = figure["count"] - len(figure["numbers"])
        if figure["count"]:
            yield f"{what}: {' '.join(figure['numbers'])}{f' + {left}' if left else ''}"
