"""``duban sla limits``: how long each step may take in a division, from a file."""

import asyncio
from pathlib import Path

import typer

from cli.editions import EditionFilePath, carry_out, told_published, told_read
from cli.on_the_platform import on_the_platform
from contracts.messages.limits import LimitsPublished
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.edition_files import EditionFile, PublishingPlan, beside
from runtime.process.platform import Platform
from services.sla.adapters import limit_files
from services.sla.adapters.limit_files import WrittenLimits

app = typer.Typer(help="平台时限: how long each step may take that no handling standard names.", no_args_is_help=True)


@app.command("check")
def check_limits(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of limits; needs no installation."""
    _checked(file)


@app.command("publish")
def publish_limits(file: EditionFilePath) -> None:
    """Publish the limits of a file, all of them or, when one is wrong, none. A clock that runs keeps its own."""
    found = _checked(file)
    told_published(file, asyncio.run(on_the_platform(lambda platform: _published(platform, found))))


def _checked(file: Path) -> EditionFile[WrittenLimits]:
    found = limit_files.read(file.read_bytes())
    told_read(file, found.editions, found.faults)
    return found


async def _published(platform: Platform, found: EditionFile[WrittenLimits]) -> PublishingPlan:
    await platform.start()
    return await publish(platform, found)


async def publish(platform: Platform, found: EditionFile[WrittenLimits]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    configuration = Configuration(platform.follower(TOPIC), (LimitsPublished,))
    await configuration.catch_up()
    plan = beside(found.editions, configuration.all(LimitsPublished), platform.clock.now())
    return await carry_out(plan, platform, "sla")
