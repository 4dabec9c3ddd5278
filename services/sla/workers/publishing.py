"""Publishes the packaged standards and calendars once at start."""

from runtime.process.configuration import publication
from runtime.process.platform import Platform
from runtime.workers import Work, done_once
from services.sla.adapters import published


def publishing(platform: Platform) -> Work:
    """Publishes what is not there, or older: what an operator published since stands."""

    async def publish() -> None:
        bodies = published.missing(published.configuration_of(platform))
        await platform.writer.publish([publication(key, body, "sla", platform.clock) for key, body in bodies])

    return done_once("publication", publish)
