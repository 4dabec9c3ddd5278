"""Publishes the packaged units once at start, and lays the indexes of the work list."""

import asyncio
from collections.abc import Sequence

from contracts.messages.routing import UnitPublished
from runtime.process.configuration import publication
from runtime.process.platform import Platform
from runtime.workers import Work, done_once
from services.routing.adapters import packaged, published
from services.routing.adapters.mongo import MongoAssignments


def indexing(assignments: MongoAssignments) -> Work:
    """Lays the indexes of the work list as soon as the database answers."""
    return done_once("indexes", assignments.create_indexes)


def publishing(platform: Platform, counties: Sequence[str]) -> Work:
    """Publishes the units that are not published yet, once it is known which are."""
    units = {unit.code: unit for county in counties for unit in packaged.directory().units(county)}
    configuration = published.configuration_of(platform)

    async def publish() -> None:
        wanted = published.unpublished(units.values(), configuration.all(UnitPublished))
        await platform.writer.publish([publication(key, body, "routing", platform.clock) for key, body in wanted])

    async def work(stop: asyncio.Event) -> None:
        await configuration.caught_up(stop)
        await done_once("publication", publish)(stop)

    return work
