"""What the door that a matter came in by tells of its place, and who looks at it while that is not known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.gazetteer import CITY, COUNTY, PROVINCE

BY_DOOR = 0.3  # confidence in a county that only the door tells
PLACES_AT_MOST = 10  # named to whoever decides
Within = Callable[[str], DivisionFinding]
"""Resolves what was said inside a division."""


@dataclass(frozen=True, slots=True)
class Served:
    """The divisions that the platform serves, as code prefixes: what lies elsewhere nobody on it would see."""

    divisions: tuple[str, ...]

    def serves(self, code: str) -> bool:
        """Whether the place is, or may be, inside."""
        return _agrees(self.divisions, code)


def located(door: str, found: DivisionFinding, within: Within, *, is_pinned: bool) -> DivisionFinding:
    """The finding, or a nearer one: of the places that a name may stand for, the one nearest to the door is meant.

    Where no place was named the county of the door stands in; not when a city was, or when the reporter pointed at a
    map (``is_pinned``), which says more than a door, but nothing that can be read here.
    """
    if found.candidates or len(found.code) > PROVINCE or len(door) < COUNTY or not door.startswith(found.code):
        return found
    near = next((each for each in _from_the_door(door, within) if _fits(each, found)), None)
    if near is None or near.code != door[:COUNTY]:
        return near or found
    return found if is_pinned and not found.unsettled else replace(near, confidence=BY_DOOR, why="door")


def _from_the_door(door: str, within: Within) -> Iterable[DivisionFinding]:
    """What was said, read inside the door's county, its city, its province; the wider ones when that tells more."""
    for digits in (COUNTY, CITY, PROVINCE):
        near = within(door[:digits])
        tells_more = bool(near.candidates) or len(near.code) > digits
        if near.code.startswith(door[:digits]) and (digits == COUNTY or tells_more):
            yield near


def _fits(near: DivisionFinding, found: DivisionFinding) -> bool:
    """Whether each name that was said may be a place in, or above, what was found near the door."""
    return all(_agrees(places, near.code) for places in found.unsettled)


def _agrees(places: Iterable[str], code: str) -> bool:
    return any(code.startswith(each) or each.startswith(code) for each in places)


def places_of(found: DivisionFinding) -> tuple[str, ...]:
    """The places that it may be, for whoever decides."""
    named = (place for places in found.unsettled for place in places)
    return found.candidates or tuple(dict.fromkeys(named))[:PLACES_AT_MOST] or ((found.code,) if found.code else ())


def desk_of(found: DivisionFinding, door: str, served: Served) -> str:
    """The division whose people look at the matter: where it lies; while that is not known, or nobody's, its door.

    Never "" when there is a door: a matter in nobody's scope would wait for ever.
    """
    if not served.serves(found.code):
        return door
    return door if not found.county and door.startswith(found.code) else found.code
