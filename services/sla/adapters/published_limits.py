"""The platform's own limits as divisions published them, over those of the installation."""

from datetime import datetime

import structlog

from contracts.messages.limits import LimitsPublished
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force
from services.sla.domain import step_limits
from services.sla.domain.ladder import Ladder

log = structlog.get_logger()


class PublishedLimits:
    """The port, from the configuration. What has faults is named in the log and does not hold."""

    def __init__(self, configuration: Configuration, installed: Ladder) -> None:
        self._configuration, self._installed = configuration, installed
        self._folded, self._sound = -1, tuple[LimitsPublished, ...]()

    def ladder(self, division: str, at: datetime) -> Ladder:
        """Of the narrowest division around it that published some, the newest that have begun."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(LimitsPublished).items()
            self._sound = tuple(each for key, each in published if _may_hold(key, each))
        found = in_force(self._sound, lambda each: each.division, division, at)
        return step_limits.applied(self._installed, found.limits) if found else self._installed


def _may_hold(key: str, published: LimitsPublished) -> bool:
    wrong = step_limits.faults(published.limits)
    if wrong:
        log.error("limits_refused", key=key, faults=wrong)
    return not wrong
