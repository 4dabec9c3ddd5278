"""Keeps the gauges of the work list and of units without an operator."""

from runtime.process.platform import Platform
from runtime.process.settings import load
from runtime.workers import Work, repeated
from services.routing import metrics
from services.routing.adapters.published import directory_of
from services.routing.domain.unit.units import unattended
from services.routing.ports import Assignments, Census
from services.routing.settings import RoutingSettings

EVERY = 15.0  # seconds between counts of the work list


def counting(platform: Platform, assignments: Assignments) -> Work:
    """Counts the matters that wait and the units that nobody attends, for the metrics."""
    counties, directory = load(RoutingSettings).counties, directory_of(platform)

    async def count() -> None:
        units = {unit for county in counties for unit in directory.units(county)}
        metrics.UNATTENDED.set(len(unattended(units, platform.clock.now())))
        _show(await assignments.census())

    return repeated("census", count, EVERY)


def _show(census: Census) -> None:
    for state, count in census.by_state.items():
        metrics.WAITING.labels(state.value).set(count)
    metrics.RETURNED.set(census.returned)
