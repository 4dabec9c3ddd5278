"""Keeps the gauge of the last year whose days off are announced: what is due after it may still move."""

from runtime.workers import Work, repeated
from services.sla import metrics
from services.sla.ports import Calendars

EVERY = 30.0  # seconds between looks
COUNTRY = ""  # no division: the calendar that all of them inherit


def watching_the_calendar(calendars: Calendars) -> Work:
    """Looks which years the country's calendar has, for the metrics."""

    async def look() -> None:
        metrics.LAST_OFFICIAL.set(max(calendars.current(COUNTRY).years, default=0))

    return repeated("calendar", look, EVERY)
