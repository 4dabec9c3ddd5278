"""What is published of schemes of colours; none for a division until one is."""

from datetime import datetime

import structlog

from contracts.messages.schemes import SchemePoint, SchemePublished
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force, key_of
from services.sla.domain import schemes
from services.sla.domain.schemes import Point, Scheme

log = structlog.get_logger()


class PublishedSchemes:
    """The port, from the configuration. A scheme with faults is named in the log and does not hold."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folded, self._sound = -1, tuple[SchemePublished, ...]()

    def scheme(self, applies_to: str, division: str, at: datetime) -> Scheme | None:
        """Of the narrowest division around it that published one, the newest that has begun."""
        if self._folded != self._configuration.version:
            self._folded = self._configuration.version
            published = self._configuration.all(SchemePublished).items()
            self._sound = tuple(each for key, each in published if _may_hold(key, each))
        standing = (each for each in self._sound if each.applies_to == applies_to)
        found = in_force(standing, lambda each: each.division, division, at)
        scheme = scheme_of(found) if found else None
        return None if scheme is None or scheme.is_taken_back else scheme


def _may_hold(key: str, published: SchemePublished) -> bool:
    wrong = schemes.faults(scheme_of(published))
    if wrong:
        log.error("scheme_refused", key=key, faults=wrong)
    return not wrong


def name_of(applies_to: str, division: str, version: int) -> str:
    """The key of a scheme in the configuration, which is its name wherever it is spoken of."""
    return key_of(f"scheme/{applies_to}", division, version)


def scheme_of(published: SchemePublished) -> Scheme:
    """The published scheme as the rules know it."""
    name = name_of(published.applies_to, published.division, published.version)
    yellow, orange = _point(published.yellow), _point(published.orange)
    return Scheme(published.applies_to, yellow, orange, published.begins, name)


def _point(published: SchemePoint | None) -> Point | None:
    return Point(**dict(published)) if published else None
