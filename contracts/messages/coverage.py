"""Whether a unit may choose a handling standard for each of its duties."""

from contracts.entries import fact
from contracts.envelope import Body


class CoverageFound(Body):
    """标准覆盖: for how many of its duties a unit may choose no standard at all (``missing``), or only a general one
    (``general``). A unit of which nothing was ever said lacks none.
    """

    unit: str
    version: int
    missing: int
    general: int


ENTRIES = (fact(CoverageFound, "sla", "routing sla", "configuration"),)
"""Who says each message and who reads it."""
