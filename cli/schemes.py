"""``duban sla schemes``: which colours there are and when they begin, from a file."""

import asyncio
from pathlib import Path

import typer

from cli.editions import EditionFilePath, carry_out, told_published, told_read
from cli.on_the_platform import on_the_platform
from contracts.messages.schemes import SchemePublished
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.edition_files import EditionFile, PublishingPlan, beside
from runtime.process.platform import Platform
from services.sla.adapters import scheme_files
from services.sla.adapters.scheme_files import WrittenScheme

app = typer.Typer(help="灯色方案: the colours of clocks and of measures.", no_args_is_help=True)


@app.command("check")
def check_schemes(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of schemes; needs no installation."""
    _checked(file)


@app.command("publish")
def publish_schemes(file: EditionFilePath) -> None:
    """Publish the schemes of a file, all of them or, when one is wrong, none."""
    found = _checked(file)
    told_published(file, asyncio.run(on_the_platform(lambda platform: _published(platform, found))))


def _checked(file: Path) -> EditionFile[WrittenScheme]:
    found = scheme_files.read(file.read_bytes())
    told_read(file, found.editions, found.faults)
    return found


async def _published(platform: Platform, found: EditionFile[WrittenScheme]) -> PublishingPlan:
    await platform.start()
    return await publish(platform, found)


async def publish(platform: Platform, found: EditionFile[WrittenScheme]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    configuration = Configuration(platform.follower(TOPIC), (SchemePublished,))
    await configuration.catch_up()
    plan = beside(found.editions, configuration.all(SchemePublished), platform.clock.now())
    return await carry_out(plan, platform, "sla")
