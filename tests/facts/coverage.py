"""What sla publishes of units whose duties have no standard."""

from contracts.messages import coverage
from tests.facts.values import UNIT, made


def coverage_found(**changed: object) -> coverage.CoverageFound:
    """Two duties without any standard."""
    return made(coverage.CoverageFound, changed, unit=UNIT, version=1, missing=2, general=1)
