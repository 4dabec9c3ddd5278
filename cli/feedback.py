"""``duban feedback``: publishes which plans are reviewed, and who reviews the work."""

import asyncio
from pathlib import Path
from typing import Any

import typer

from cli.editions import EditionFilePath, carry_out, told_published, told_read
from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.messages.standards import StandardPublished
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.edition_files import EditionFile, PublishingPlan
from runtime.process.platform import Platform, RealPlatform
from runtime.process.settings import Settings, load
from services.feedback.adapters.rule_files import (
    PublishedEdition,
    WrittenChain,
    WrittenRule,
    WrittenT,
    beside,
    read,
)
from services.routing.adapters import packaged

app = typer.Typer(help="Which plans are reviewed, and who reviews the work.", no_args_is_help=True)
rules = typer.Typer(help="Plan rules: which matters need a plan that somebody reviews.", no_args_is_help=True)
chains = typer.Typer(help="Review chains: who looks at the work before its reporters do.", no_args_is_help=True)
app.add_typer(rules, name="rules")
app.add_typer(chains, name="chains")


@rules.command("check")
def check_rules(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of plan rules; needs no installation."""
    _checked(file, WrittenRule)


@rules.command("publish")
def publish_rules(file: EditionFilePath) -> None:
    """Publish the plan rules of a file, all of them or, when one is wrong, none."""
    _publish(file, WrittenRule)


@chains.command("check")
def check_chains(file: EditionFilePath) -> None:
    """Say all that is wrong with a file of review chains; needs no installation."""
    _checked(file, WrittenChain)


@chains.command("publish")
def publish_chains(file: EditionFilePath) -> None:
    """Publish the review chains of a file, all of them or, when one is wrong, none."""
    _publish(file, WrittenChain)


def _checked(file: Path, form: type[WrittenT]) -> EditionFile[WrittenT]:
    categories = [each.code for each in packaged.kinds().all()]
    found = read(file.read_bytes(), form, categories)
    told_read(file, found.editions, found.faults)
    return found


def _publish(file: Path, form: type[WrittenT]) -> None:
    found = _checked(file, form)
    told_published(file, asyncio.run(_on_the_real_one(found)))


async def _on_the_real_one(found: EditionFile[Any]) -> PublishingPlan:
    platform = RealPlatform(load(Settings), "feedback", only_reads=True)
    try:
        await platform.start()
        return await publish(platform, found)
    finally:
        await platform.stop()


async def publish(platform: Platform, found: EditionFile[Any]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    models = (PlanRulePublished, ReviewChainPublished, StandardPublished)
    configuration = Configuration(platform.follower(TOPIC), models)
    await configuration.catch_up()
    published: dict[str, PublishedEdition] = dict(configuration.all(PlanRulePublished))
    published |= configuration.all(ReviewChainPublished)
    standards = {each.standard.code for each in configuration.all(StandardPublished).values()}
    plan = beside(found.editions, published, standards, platform.clock.now())
    return await carry_out(plan, platform, "feedback")
