"""``duban verify``: the invariants on what the topics and the stores hold, by a program outside the services."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.verify import stored
from cli.verify.stored import InvariantFinding
from runtime.process.platform import RealPlatform
from runtime.process.settings import load
from services.intake.settings import IntakeSettings
from simulation.checks import OF_THE_LOG, requests_have_one_outcome
from simulation.history import History, Violated

Acknowledged = Annotated[
    Path | None, typer.Option(help="File with a registration number a line: what was acknowledged (`duban load`).")
]
Canaries = Annotated[
    list[str], typer.Option(help="Text that may stand in no topic and no database, such as a phone. May be repeated.")
]


def verify(acknowledged: Acknowledged = None, canary: Canaries = []) -> None:  # noqa: B006 - typer's way
    """Check V1 to V9 and V15 on an installation that has come to rest. Exit code 1 on a violation."""
    numbers = acknowledged.read_text().split() if acknowledged else []
    findings = asyncio.run(_with_platform(numbers, canary))
    table = Table("invariant", "")
    for finding in findings:
        table.add_row(finding.invariant, f"[red]{finding.wrong}[/red]" if finding.wrong else "holds")
    Console().print(table)
    raise typer.Exit(1 if any(finding.wrong for finding in findings) else 0)


async def _with_platform(numbers: Sequence[str], canaries: Sequence[str]) -> list[InvariantFinding]:
    platform = RealPlatform(load(IntakeSettings), "verify")
    try:
        return await findings_of(platform, numbers, canaries)
    finally:
        await platform.stop()


async def findings_of(
    platform: RealPlatform, numbers: Sequence[str] = (), canaries: Sequence[str] = ()
) -> list[InvariantFinding]:
    """All findings on an installation that has come to rest. ``numbers``: what was acknowledged."""
    history = History(await stored.records(platform, "tickets"))
    submissions, affairs = [await stored.records(platform, topic) for topic in ("submissions", "affairs")]
    everything = [*history.records, *affairs]
    kept = await stored.kept(platform)
    return [
        *(_finding(check.__doc__ or check.__name__, _on(check, history)) for check in OF_THE_LOG),
        _finding("V9: every request has one outcome.", lambda: requests_have_one_outcome(History(everything), kept)),
        await stored.acknowledged(platform, numbers),
        await stored.not_behind(platform, everything),
        await stored.ledger(platform, len(everything) + len(submissions)),
        await stored.parked(platform),
        await stored.canaries(platform, [*everything, *submissions], canaries),
    ]


def _on(check: Callable[[History], None], history: History) -> Callable[[], None]:
    return lambda: check(history)


def _finding(name: str, check: Callable[[], None]) -> InvariantFinding:
    try:
        check()
    except Violated as violated:
        return InvariantFinding(name, str(violated))
    return InvariantFinding(name)
