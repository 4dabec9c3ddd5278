"""What the commands that publish editions from a file have in common: all or none, and every fault is named."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from runtime.process.configuration import publication
from runtime.process.edition_files import FileFault, PublishingPlan
from runtime.process.platform import Platform

WRONG = 1  # exit code: something in the file is wrong, and nothing was published
EditionFilePath = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON: an array of editions.")
]


def told_read(file: Path, editions: Mapping[int, object], faults: Sequence[FileFault]) -> None:
    """Say that all could be read, or end with every fault."""
    refuse(file, faults)
    typer.echo(f"{file}: {len(editions)} read, nothing wrong")


def told_published(file: Path, done: PublishingPlan) -> None:
    """Say what was published and what stood already, or end with every fault."""
    refuse(file, done.faults)
    for key in done.standing:
        typer.echo(f"{key}: stands already as it is written")
    for key, body in done.to_publish.items():
        typer.echo(f"{key}: published, holds from {body.valid_from.isoformat()}")


def refuse(file: Path, faults: Sequence[FileFault]) -> None:
    """Names every fault and ends, when there is one."""
    end_with([f"{file}{fault.pointer and f' {fault.pointer}'}: {fault.zh} {fault.en}" for fault in faults])


def end_with(faults: Sequence[str]) -> None:
    """The same for faults that are lines already."""
    for line in faults:
        typer.echo(line, err=True)
    if faults:
        typer.echo(f"{len(faults)} FAULTS: nothing was published", err=True)
        raise typer.Exit(WRONG)


async def carry_out(plan: PublishingPlan, platform: Platform, producer: str) -> PublishingPlan:
    """Publish all of it, or nothing when anything hinders it. Raises Unavailable."""
    if not plan.faults:
        bodies: Mapping[str, Any] = plan.to_publish
        await platform.writer.publish(
            [publication(key, body, producer, platform.clock) for key, body in bodies.items()]
        )
    return plan
