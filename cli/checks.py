"""``duban sla checks``: what an order by hand may demand in a division (五查), from a file."""

import asyncio
from pathlib import Path

import typer

from cli.editions import EditionFilePath, carry_out, told_published, told_read
from cli.on_the_platform import on_the_platform
from contracts.messages.checks import ChecksPublished
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.edition_files import EditionFile, PublishingPlan, beside
from runtime.process.platform import Platform
from services.sla.adapters import check_files
from services.sla.adapters.check_files import WrittenChecks

app = typer.Typer(help="督办检查清单（五查）: what an order by hand may demand.", no_args_is_help=True)


@app.command("check")
def check_checks(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of lists; needs no installation."""
    _checked(file)


@app.command("publish")
def publish_checks(file: EditionFilePath) -> None:
    """Publish the lists of a file, all of them or, when one is wrong, none. An order that was given keeps its own."""
    found = _checked(file)
    told_published(file, asyncio.run(on_the_platform(lambda platform: _published(platform, found))))


def _checked(file: Path) -> EditionFile[WrittenChecks]:
    found = check_files.read(file.read_bytes())
    told_read(file, found.editions, found.faults)
    return found


async def _published(platform: Platform, found: EditionFile[WrittenChecks]) -> PublishingPlan:
    await platform.start()
    return await publish(platform, found)


async def publish(platform: Platform, found: EditionFile[WrittenChecks]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    configuration = Configuration(platform.follower(TOPIC), (ChecksPublished,))
    await configuration.catch_up()
    plan = beside(found.editions, configuration.all(ChecksPublished), platform.clock.now())
    return await carry_out(plan, platform, "sla")
