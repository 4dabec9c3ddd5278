"""Keeps the gauge of duties for which no standard is published."""

from runtime.workers import Work, repeated
from services.sla.api.tickets import ClockLookUps

EVERY = 30.0  # seconds between counts


def counting_gaps(desk: ClockLookUps) -> Work:
    """Counts the gaps in the catalogue, for the metrics."""

    async def count() -> None:
        desk.gaps()

    return repeated("gaps", count, EVERY)
