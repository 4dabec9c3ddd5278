"""``duban feedback``: publishes which plans are reviewed, and who reviews the work."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.messages.sla import StandardPublished
from runtime.process.configuration import TOPIC, Configuration, publication
from runtime.process.platform import Platform, RealPlatform
from runtime.process.settings import Settings, load
from services.feedback.adapters.rule_files import (
    FileFault,
    PublishedEdition,
    PublishingPlan,
    RuleFile,
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
WRONG = 1  # exit code: something in the file is wrong, and nothing was published
RuleFilePath = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON: an array of editions.")
]


@rules.command("check")
def check_rules(file: RuleFilePath) -> None:
    """Say all that is wrong with a file of plan rules; needs no installation."""
    _checked(file, WrittenRule)


@rules.command("publish")
def publish_rules(file: RuleFilePath) -> None:
    """Publish the plan rules of a file, all of them or, when one is wrong, none."""
    _publish(file, WrittenRule)


@chains.command("check")
def check_chains(file: RuleFilePath) -> None:
    """Say all that is wrong with a file of review chains; needs no installation."""
    _checked(file, WrittenChain)


@chains.command("publish")
def publish_chains(file: RuleFilePath) -> None:
    """Publish the review chains of a file, all of them or, when one is wrong, none."""
    _publish(file, WrittenChain)


def _checked(file: Path, form: type[WrittenT]) -> RuleFile[WrittenT]:
    categories = [each.code for each in packaged.kinds().all()]
    found = read(file.read_bytes(), form, categories)
    _refuse(file, found.faults)
    typer.echo(f"{file}: {len(found.editions)} read, nothing wrong")
    return found


def _publish(file: Path, form: type[WrittenT]) -> None:
    found = _checked(file, form)
    done = asyncio.run(_on_the_real_one(found))
    _refuse(file, done.faults)
    for key in done.standing:
        typer.echo(f"{key}: stands already as it is written")
    for key, body in done.to_publish.items():
        typer.echo(f"{key}: published, holds from {body.valid_from.isoformat()}")


def _refuse(file: Path, faults: Sequence[FileFault]) -> None:
    """Names every fault and ends, when there is one."""
    for fault in faults:
        typer.echo(f"{file}{fault.pointer and f' {fault.pointer}'}: {fault.zh} {fault.en}", err=True)
    if faults:
        typer.echo(f"{len(faults)} FAULTS: nothing was published", err=True)
        raise typer.Exit(WRONG)


async def _on_the_real_one(found: RuleFile[Any]) -> PublishingPlan:
    platform = RealPlatform(load(Settings), "feedback", only_reads=True)
    try:
        await platform.start()
        return await publish(platform, found)
    finally:
        await platform.stop()


async def publish(platform: Platform, found: RuleFile[Any]) -> PublishingPlan:
    """What was published, or why nothing was. Raises Unavailable."""
    models = (PlanRulePublished, ReviewChainPublished, StandardPublished)
    configuration = Configuration(platform.follower(TOPIC), models)
    await configuration.catch_up()
    published: dict[str, PublishedEdition] = dict(configuration.all(PlanRulePublished))
    published |= configuration.all(ReviewChainPublished)
    standards = {each.standard.code for each in configuration.all(StandardPublished).values()}
    plan = beside(found.editions, published, standards, platform.clock.now())
    if not plan.faults:
        records = [publication(key, body, "feedback", platform.clock) for key, body in plan.to_publish.items()]
        await platform.writer.publish(records)
    return plan
