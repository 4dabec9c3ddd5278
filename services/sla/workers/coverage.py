"""Says of each unit for how many of its duties there is no standard, whenever that is another than before."""

from datetime import datetime, timedelta

from contracts.messages.coverage import CoverageFound
from runtime.process.configuration import publication
from runtime.process.platform import Platform
from runtime.workers import Work, repeated
from services.sla.adapters import coverage, published
from services.sla.adapters.published import PublishedCatalogue, configuration_of

EVERY = 2.0  # seconds between looks whether the configuration is another
AGAIN = timedelta(minutes=5)  # domain time after which it is counted anew all the same: a version may have begun


class CoverageWatch:
    """What was counted last, and by which configuration."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._configuration, self._catalogue = (
            configuration_of(platform),
            PublishedCatalogue(configuration_of(platform)),
        )
        self._counted, self._again = -1, datetime.min.replace(tzinfo=platform.clock.now().tzinfo)

    async def look(self) -> None:
        """Count and say what changed. While the packaged catalogue is not read back whole nothing is said: half of it
        is no gap. Raises Unavailable.
        """
        now, version = self._platform.clock.now(), self._configuration.version
        if (version == self._counted and now < self._again) or any(published.missing(self._configuration)):
            return
        await self._say(now)
        self._counted, self._again = version, now + AGAIN

    async def _say(self, now: datetime) -> None:
        units = (unit.code for unit in self._catalogue.units() if unit.valid_to is None or now < unit.valid_to)
        found = coverage.unsaid(units, coverage.gaps_at(self._catalogue, now), self._configuration.all(CoverageFound))
        said = [publication(key, body, "sla", self._platform.clock) for key, body in found]
        await self._platform.writer.publish(said)


def finding_coverage(platform: Platform) -> Work:
    """Keeps what is published of coverage true."""
    return repeated("coverage", CoverageWatch(platform).look, EVERY)
