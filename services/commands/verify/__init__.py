"""``duban verify``: the invariants on what the topics and the stores hold, by a program outside the services."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from contracts.identifiers import prefix_of
from runtime.platform import RealPlatform
from runtime.records import Incoming
from runtime.settings import Settings, load
from services.commands.simulate.checks import OF_THE_LOG, History, Violated, requests_have_one_outcome

Acknowledged = Annotated[
    Path | None, typer.Option(help="File with a registration number a line: what was acknowledged.")
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant, and what is wrong with it ("" : it holds)."""

    invariant: str
    wrong: str = ""


def verify(acknowledged: Acknowledged = None) -> None:
    """Check V1 to V5, V7 and V9; V6 by ``duban ledger export`` and ``verify``. Exit code 1 on a violation."""
    numbers = acknowledged.read_text().split() if acknowledged else []
    findings = asyncio.run(_with_platform(numbers))
    table = Table("invariant", "")
    for finding in findings:
        table.add_row(finding.invariant, f"[red]{finding.wrong}[/red]" if finding.wrong else "holds")
    Console().print(table)
    raise typer.Exit(1 if any(finding.wrong for finding in findings) else 0)


async def _with_platform(numbers: list[str]) -> list[Finding]:
    platform = RealPlatform(load(Settings), "verify")
    try:
        return await findings_of(platform, numbers)
    finally:
        await platform.stop()


async def findings_of(platform: RealPlatform, numbers: list[str]) -> list[Finding]:
    """All findings on an installation that has come to rest. ``numbers``: what was acknowledged."""
    history = History(await _records(platform))
    documents = platform.database("intake")["tickets"]
    found = [_finding(check.__doc__ or check.__name__, lambda check=check: check(history)) for check in OF_THE_LOG]  # type: ignore[misc]
    kept = await _kept(platform)
    found.append(_finding("V9 requests", lambda: requests_have_one_outcome(history, kept)))
    found.append(await _acknowledged(documents, numbers))
    return [*found, await _parked(platform)]


async def _records(platform: RealPlatform) -> list[Incoming]:
    """The whole ticket log, by partition."""
    follower, records = platform.follower("tickets"), list[Incoming]()
    records += await follower.fetch()
    while await follower.is_behind():
        records += await follower.fetch()
    return sorted(records, key=lambda record: (record.partition, record.offset))


def _finding(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except Violated as violated:
        return Finding(name, str(violated))
    return Finding(name)


async def _acknowledged(documents: Any, numbers: list[str]) -> Finding:
    """V1, V2: each acknowledged number has exactly one document."""
    stored: list[dict[str, Any]] = await documents.find({}, {"doc.number": 1}).to_list(None)
    by_prefix: dict[str, int] = {}
    for plain in stored:
        by_prefix[plain["_id"][:12]] = by_prefix.get(plain["_id"][:12], 0) + 1
    lost = [number for number in numbers if by_prefix.get(prefix_of(number)) != 1]
    name = f"V1, V2: {len(set(numbers))} acknowledged, {len(stored)} stored"
    return Finding(name, f"lost or double: {lost[:5]} and {max(0, len(lost) - 5)} more" if lost else "")


async def _kept(platform: RealPlatform) -> set[str]:
    from runtime.mongo import unpack

    collections = {"intake": "tickets", "routing": "assignments", "feedback": "tickets"}
    kept: set[str] = set()
    for service, collection in collections.items():
        found = (
            await platform.database(service)[collection].find({"kept": {"$exists": True}}, {"kept": 1}).to_list(None)
        )
        kept |= {dict(unpack(each[2]))["ce_id"].decode() for plain in found for each in plain["kept"]}
    return kept


async def _parked(platform: RealPlatform) -> Finding:
    """V7: what is parked; nothing unless somebody poisoned the log."""
    counts = {
        service: await platform.database(service)["parked"].count_documents({"root": True})
        for service in ("intake", "routing", "sla", "notify", "feedback", "portal")
    }
    parked = {service: count for service, count in counts.items() if count}
    return Finding("V7 nothing is parked", str(parked) if parked else "")
