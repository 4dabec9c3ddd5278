"""What is published of versions that were ordered for clocks that run."""

from collections.abc import Iterable, Sequence

import structlog

from contracts.messages.standards import StandardApplied, StandardPublished
from runtime.process.configuration import Configuration
from runtime.process.platform import Platform
from services.sla.adapters.packaged import standard_of
from services.sla.adapters.published import configuration_of
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.standards import faults
from services.sla.handlers.clocks import limit_of

log = structlog.get_logger()


class PublishedApplied:
    """The port, from the configuration. An order of what may not be offered is named in the log and does not hold."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded, self._orders = -1, tuple[AppliedVersion, ...]()

    def orders(self) -> Sequence[AppliedVersion]:
        """Made once for each version of the configuration."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            known = list(self._configuration.all(StandardPublished).values())
            said = self._configuration.all(StandardApplied).items()
            self._orders = tuple(applied_version(each, known) for key, each in said if _may_hold(key, each))
        return self._orders


def applied_version(said: StandardApplied, known: Iterable[StandardPublished] = ()) -> AppliedVersion:
    """The order as the rules see it. ``known``: what is published, to tell which versions came later."""
    code, version = said.standard.code, said.standard.version
    later = {each.standard.version for each in known if each.standard.code == code}
    newer = tuple(sorted(each for each in later if each > version))
    return AppliedVersion(code, version, limit_of(said.standard), said.division, said.at, newer)


def applied_key(division: str, code: str, version: int) -> str:
    """One order a version and division: what is ordered once stands."""
    return f"standard-applied/{division}/{code}@{version}"


def _may_hold(key: str, said: StandardApplied) -> bool:
    wrong = faults(standard_of(StandardPublished(standard=said.standard)))
    if wrong:
        log.error("applied_standard_refused", key=key, faults=wrong)
    return not wrong


def applied_of(platform: Platform) -> PublishedApplied:
    """The orders, one object per process."""
    return platform.once(_applied)


def _applied(platform: Platform) -> PublishedApplied:
    return PublishedApplied(configuration_of(platform))
