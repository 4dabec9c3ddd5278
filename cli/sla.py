"""``duban sla``: why a deadline is what it is, when offices are open next, and what divisions set, from files."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli import checks, limits, schemes, standards, what_if
from cli.editions import EditionFilePath, carry_out, refuse, told_published, told_read
from cli.on_the_platform import on_the_platform
from contracts.identifiers import parse_number
from contracts.messages.ladders import LadderPublished
from contracts.messages.sla import CalendarPublished
from contracts.office_hours import seasons_of
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.edition_files import EditionFile, PublishingPlan, beside
from runtime.process.platform import Platform
from services.sla import wiring
from services.sla.adapters import calendar_files, ladder_files
from services.sla.adapters.calendar_files import WrittenYear
from services.sla.adapters.ladder_files import WrittenLadder
from services.sla.adapters.published import PublishedCalendars, calendars_of, configuration_of
from services.sla.domain.calendar import Calendar
from services.sla.domain.limits import LONGEST, OFFICE_HOURS
from services.sla.domain.lines import season_read
from services.sla.domain.office_days import lines_of, next_open

app = typer.Typer(help="Deadlines and the calendars that they rest on.", no_args_is_help=True)
calendar = typer.Typer(help="工作日历: which hours count.", no_args_is_help=True)
app.add_typer(calendar, name="calendar")
ladder = typer.Typer(help="督办阶梯: who hears of which colour, and what follows.", no_args_is_help=True)
app.add_typer(ladder, name="ladder")
app.add_typer(schemes.app, name="schemes")
app.add_typer(standards.app, name="standards")
app.add_typer(limits.app, name="limits")
app.add_typer(checks.app, name="checks")
app.command("what-if")(what_if.what_if)
WRONG = 2  # exit code: there is no such matter, or no such clock
Explained = dict[str, Any]


@app.command()
def explain(
    number: Annotated[str, typer.Argument(help="Registration number of the matter.")],
    clock: Annotated[str, typer.Option(help="One clock, as c2; without it all of them.")] = "",
) -> None:
    """Every deadline of a matter line by line, recomputed. Exit code 1 when one is not what was promised."""
    asked = _number(number)
    found = asyncio.run(on_the_platform(lambda platform: explained(platform, asked, clock)))
    if not found:
        typer.echo(f"{asked}: no such matter, or no such clock of it", err=True)
        raise typer.Exit(WRONG)
    console = Console(soft_wrap=True, highlight=False)
    for each in found:
        console.print("\n".join(shown(each)))
    raise typer.Exit(0 if all(each["equal"] for each in found) else 1)


@calendar.command("next")
def next_hours(
    hours: Annotated[int, typer.Option(min=1, max=LONGEST[OFFICE_HOURS], help="Office hours to count.")],
    division: Annotated[str, typer.Option(help="Division code; its own days count, too.")] = "",
) -> None:
    """The next office hours from now on, with what is skipped and why."""
    if division and not division.isdigit():
        raise typer.BadParameter("a division code has digits only, as 431226", param_hint="--division")
    found, now = asyncio.run(on_the_platform(lambda platform: in_force(platform, division)))
    typer.echo("\n".join(told(found, now, hours)))


@calendar.command("check")
def check_years(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of years; needs no installation."""
    _read_years(file)


@calendar.command("load")
def load_years(
    file: EditionFilePath,
    yes: Annotated[bool, typer.Option("--yes", help="Publish; without it the differences are shown.")] = False,
) -> None:
    """What a notice changes, day by day; with --yes all years of the file are published or, when one is wrong, none."""
    found = _read_years(file)
    plan, days = asyncio.run(on_the_platform(lambda platform: _loaded(platform, found, publishes=yes)))
    refuse(file, plan.faults)
    for line in (*days, *(f"{key}: stands already as it is written" for key in plan.standing)):
        typer.echo(line)
    typer.echo(
        "\n".join(f"{key}: published" for key in plan.to_publish) if yes else "nothing was published: --yes does it"
    )


def _read_years(file: Path) -> EditionFile[WrittenYear]:
    found = calendar_files.read(file.read_bytes())
    told_read(file, found.editions, found.faults)
    return found


async def _loaded(
    platform: Platform, found: EditionFile[WrittenYear], *, publishes: bool
) -> tuple[PublishingPlan, list[str]]:
    await platform.start()
    return await load_calendar(platform, found, publishes=publishes)


async def load_calendar(
    platform: Platform, found: EditionFile[WrittenYear], *, publishes: bool
) -> tuple[PublishingPlan, list[str]]:
    """What is to be published, or why nothing is; and each day that it changes. Raises Unavailable."""
    configuration = configuration_of(platform)
    await configuration.catch_up()
    plan = calendar_files.beside(found, configuration.all(CalendarPublished))
    fresh = [each for each in found.editions.values() if each.key in plan.to_publish]
    days = [line for each in fresh for line in changed_days(calendars_of(platform), each)]
    return (await carry_out(plan, platform, "sla") if publishes else plan), days


def changed_days(calendars: PublishedCalendars, written: WrittenYear) -> Iterator[str]:
    """A line for each day that is another by this year, Chinese and English: what it was, and what it will be; and the
    office hours that hold from it on.
    """
    division = written.division or ""
    after = calendars.with_more(division, [written.fact()])
    for on, was, will_be in calendars.current(division).differences(after, written.year):
        yield f"{written.code} {on}: {was.why_zh} → {will_be.why_zh} | {was.why_en} → {will_be.why_en}"
    for season in seasons_of([written.fact()]):
        zh, en = season_read(season)
        yield f"{written.code} 自 {written.year} 年起办公时间 {zh} | office hours from {written.year} on, {en}"


@ladder.command("check")
def check_ladders(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of ladders; needs no installation."""
    _checked(file)


@ladder.command("publish")
def publish_ladders(file: EditionFilePath) -> None:
    """Publish the ladders of a file, all of them or, when one is wrong, none."""
    found = _checked(file)
    told_published(file, asyncio.run(on_the_platform(lambda platform: _published(platform, found))))


def _checked(file: Path) -> EditionFile[WrittenLadder]:
    found = ladder_files.read(file.read_bytes())
    told_read(file, found.editions, found.faults)
    return found


async def _published(platform: Platform, found: EditionFile[WrittenLadder]) -> PublishingPlan:
    await platform.start()
    return await publish(platform, found)


async def publish(platform: Platform, found: EditionFile[WrittenLadder]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    configuration = Configuration(platform.follower(TOPIC), (LadderPublished,))
    await configuration.catch_up()
    plan = beside(found.editions, configuration.all(LadderPublished), platform.clock.now())
    return await carry_out(plan, platform, "sla")


def _number(typed: str) -> str:
    try:
        return parse_number(typed)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="NUMBER") from None


async def explained(platform: Platform, number: str, clock: str = "") -> list[Explained]:
    """The explanations, by the calendars that are published; none where there is no such matter or clock."""
    await configuration_of(platform).catch_up()
    desk = wiring.look_ups_of(platform)
    record = await desk.find(number)
    sheet = record.document if record else None
    return [desk.explained(sheet, each) for each in sheet.clocks if clock in ("", each.id)] if sheet else []


async def in_force(platform: Platform, division: str) -> tuple[Calendar, datetime]:
    """The calendar of a division as it is published, and what time it is there."""
    await configuration_of(platform).catch_up()
    return calendars_of(platform).current(division), platform.clock.now()


def shown(explanation: Explained) -> Iterator[str]:
    """An explanation as rich shows it: what is not as it was promised is red."""
    is_equal = explanation["equal"]
    verdict = "equal" if is_equal else f"[red]NOT EQUAL: recomputed to {explanation['recomputed'].isoformat()}[/red]"
    head = (explanation["clock"], explanation["kind"], explanation["unit"], explanation["due"].isoformat())
    yield f"{' '.join(head)} {verdict}"
    for line in explanation["lines"]:
        yield f"  {line['zh']}"
        yield f"  {line['en']}"


def told(found: Calendar, now: datetime, hours: int) -> Iterator[str]:
    """The days on the way, a line each, Chinese and English, and what they rest on."""
    days = list(next_open(found, now, timedelta(hours=hours)))
    for line in lines_of(iter(days)):
        yield f"{line.zh} | {line.en}"
    is_provisional = found.is_provisional(days[0].on, days[-1].on)
    yield f"日历版本 {found.version}" + (
        "，尚有年份未公布 | provisional: a year is not announced" if is_provisional else ""
    )
