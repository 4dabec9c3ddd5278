"""办理标准 that a unit may choose for a matter: the choice is the promise to the reporter (C1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.unit.units import covers

ANY = "*"  # the duty of a general standard: it fits any matter and promises nothing in particular


@dataclass(frozen=True, slots=True)
class OfferedStandard:
    """A version of a standard of the catalogue. ``duties``: category prefixes that it is for."""

    code: str
    version: int
    zh: str
    en: str
    duties: tuple[str, ...]
    valid_from: datetime

    def fits(self, category: str) -> bool:
        """Whether it was made for such matters."""
        return any(covers(duty, category) for duty in self.duties)


def allowed(
    own: Sequence[str], category: str, catalogue: Iterable[OfferedStandard], now: datetime
) -> tuple[OfferedStandard, ...]:
    """Those of a unit's ``own`` that fit the matter, in the unit's order; general ones only when none does."""
    current = _in_force(catalogue, now)
    mine = [current[code] for code in own if code in current]
    fitting = tuple(promise for promise in mine if promise.fits(category))
    return fitting or tuple(promise for promise in mine if ANY in promise.duties)


def _in_force(catalogue: Iterable[OfferedStandard], now: datetime) -> dict[str, OfferedStandard]:
    """Code → the newest version that is valid at ``now``."""
    valid = (promise for promise in catalogue if promise.valid_from <= now)
    return {promise.code: promise for promise in sorted(valid, key=lambda each: each.version)}
