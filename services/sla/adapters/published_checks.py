"""What an order by hand may demand, as divisions published it, over the platform's own list."""

from datetime import datetime

import structlog

from contracts.messages.checks import ChecksPublished
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force
from services.sla.domain import check_list
from services.sla.domain.check_list import OURS, CheckList

log = structlog.get_logger()


class PublishedChecks:
    """The port, from the configuration. What has faults is named in the log and does not hold."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded, self._sound = -1, tuple[ChecksPublished, ...]()

    def checks(self, division: str, at: datetime) -> CheckList:
        """Of the narrowest division around it that published some, the newest that have begun."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(ChecksPublished).items()
            self._sound = tuple(each for key, each in published if _may_hold(key, each))
        found = in_force(self._sound, lambda each: each.division, division, at)
        return check_list.listed(found.checks) if found else OURS


def _may_hold(key: str, published: ChecksPublished) -> bool:
    wrong = check_list.faults(published.checks)
    if wrong:
        log.error("checks_refused", key=key, faults=wrong)
    return not wrong
