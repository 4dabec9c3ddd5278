"""Which duties of the published units have no standard, and what of that is still to be said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from contracts.messages.coverage import CoverageFound
from contracts.messages.routing import UnitPublished
from services.sla.adapters.packaged import standard_of
from services.sla.domain import standards
from services.sla.domain.standards import Gap
from services.sla.ports import Catalogue


def gaps_at(catalogue: Catalogue, now: datetime) -> tuple[Gap, ...]:
    """Duties without a standard of the units in force, by the standards in force."""
    offered = standards.in_force(map(standard_of, catalogue.standards()), now)
    units = [unit for unit in catalogue.units() if _works(unit, now)]
    return standards.gaps(
        {unit.code: unit.duties for unit in units}, {unit.code: unit.standards for unit in units}, offered
    )


def coverage_key(unit: str) -> str:
    """The key that what was found of a unit is published under."""
    return f"coverage/{unit}"


def unsaid(
    units: Iterable[str], gaps: Iterable[Gap], said: Mapping[str, CoverageFound]
) -> Iterator[tuple[str, CoverageFound]]:
    """What is another than it was said last, by key; of a unit without gaps nothing is said unless it had some."""
    counted = Counter((gap.unit, gap.general) for gap in gaps)
    for unit in units:
        key, missing, general = coverage_key(unit), counted[unit, False], counted[unit, True]
        last = said.get(key)
        if (missing, general) != ((last.missing, last.general) if last else (0, 0)):
            version = last.version + 1 if last else 1
            yield key, CoverageFound(unit=unit, version=version, missing=missing, general=general)


def _works(unit: UnitPublished, now: datetime) -> bool:
    return unit.valid_from <= now and (unit.valid_to is None or now < unit.valid_to)
