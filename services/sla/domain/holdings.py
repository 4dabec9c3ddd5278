"""Who had a matter, and since when (C3)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HoldingPeriod:
    """From ``since`` on, until the next holding begins, the matter was with ``holder``: a unit, or no unit.

    ``reviewing``: it looked at the work of the unit that had it before.
    """

    holder: str
    since: datetime
    reviewing: bool = False
