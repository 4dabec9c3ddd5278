"""What the door that a matter came in by tells of its place, and who looks at it while that is not known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.routing.domain.place.divisions import BY_THE_WAY, IN_PASSING, LIKELY, DivisionFinding
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
    map (``is_pinned``), which says more than a door, but nothing that can be read here. A place that was only said in
    passing (广东老板) is nobody's.
    """
    if door and found.code and found.confidence <= BY_THE_WAY:
        if near := _named_near(door, within):
            return near
        found = found if found.confidence > IN_PASSING else DivisionFinding(unsettled=found.unsettled)
    if disputed := _disputed(door, found, within):
        return disputed
    if found.candidates or len(found.code) > PROVINCE or len(door) < COUNTY or not door.startswith(found.code):
        return found
    near = next((each for each in _from_the_door(door, within) if _fits(each, found)), None)
    if near is None or near.code != door[:COUNTY]:
        return near or found
    return found if is_pinned and not found.unsettled else replace(near, confidence=BY_DOOR, why="door")


def _named_near(door: str, within: Within) -> DivisionFinding | None:
    """What was named and lies near the door, but for a place that was only said in passing."""
    found = _from_the_door(door, within) if len(door) >= COUNTY else ()
    return next((each for each in found if each.code != door[:COUNTY]), None)


def _disputed(door: str, found: DivisionFinding, within: Within) -> DivisionFinding | None:
    """Two short names, and one of them is at the door: 麻阳停水，北京都不会这样. Nothing says which one is meant."""
    is_sure = not found.code or found.confidence > LIKELY or found.candidates
    if is_sure or len(door) < COUNTY or _agrees((found.code,), door):
        return None
    near = next((each for each in _from_the_door(door, within) if _is_named(each.code, found)), None)
    return replace(found, code="", candidates=tuple(sorted((near.code, found.code)))) if near else None


def _is_named(code: str, found: DivisionFinding) -> bool:
    return any(_agrees(places, code) for places in found.unsettled)


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
