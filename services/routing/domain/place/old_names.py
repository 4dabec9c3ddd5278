"""The names under which ended divisions are still written, and the places of today that they stand for.

A name alone counts when nothing of today has it. Behind the prefecture or province that it once lay in (六安市寿县,
长沙市东区, 四川省万县) it counts whatever has that name today.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from services.routing.domain.place.division_changes import ChangeKind, DivisionChange, DivisionChanges
from services.routing.domain.place.gazetteer import (
    CITY,
    COUNTY,
    PROVINCE,
    TOWNSHIP,
    Gazetteer,
    Named,
    short_form,
    usual_form,
)

PARTS_OF_CITIES = re.compile(
    r"^市?(.?[城郊矿市新]|[东南西北中]市?|[东南西北]城|[东南西北]郊|[一二])区$|^新区$|^市中区$"
)
"""Names that every city once used of its own parts: they count behind their city only."""
REMEMBERED = 2010  # names ended since then are in use: where something of today has them too, either may be meant
NO_PLACES = frozenset((ChangeKind.GROUPING, ChangeKind.STATISTICAL))
TOWNS = ("乡", "镇", "街道", "苏木")
MUNICIPALITIES = frozenset(("11", "12", "31", "50"))


@dataclass(frozen=True, slots=True)
class OldName:
    """A name of ended divisions. ``in_full``: not a short form; ``behind``: begins with what it lay in."""

    name: str
    change: DivisionChange
    in_full: bool = True
    behind: bool = False


def remembering(known: Gazetteer, changes: DivisionChanges) -> Gazetteer:
    """The gazetteer with what became of ended divisions: their codes, and their names where these are clear."""
    meanings = {name: {each.code: each for each in places} for name, places in known.meanings.items()}
    ended = defaultdict[str, dict[DivisionChange, None]](dict)
    for old in _latest(_OldNames(changes, known), changes):
        places = [known.known(each) for each in _meant(old.change, changes.since(old.change).places, known)]
        if new := [each for each in places if each not in meanings.setdefault(old.name, {})]:
            meanings[old.name] |= {each: Named(each, old.in_full, old.behind) for each in new}
            ended[old.name][old.change] = None
    by_name = {name: tuple(places.values()) for name, places in meanings.items()}
    return replace(known, meanings=by_name, changes=changes, ended={name: tuple(each) for name, each in ended.items()})


def _meant(change: DivisionChange, places: tuple[str, ...], known: Gazetteer) -> tuple[str, ...]:
    """Of several parts, the one that kept the name (濮阳县), else all."""
    return tuple(place for place in places if known.names.get(place) == change.name) or places


def _latest(old_names: Iterable[OldName], changes: DivisionChanges) -> Iterable[OldName]:
    """Of the places of one prefecture of today that had a name one after the other, the last one is meant."""
    found: dict[tuple[str, str], OldName] = {}
    for old in old_names:
        place = changes.since(old.change).places[0]
        digits = {CITY: PROVINCE, COUNTY: CITY}.get(len(old.change.code), TOWNSHIP)
        key = (old.name, place[:digits])
        if key not in found or found[key].change.year < old.change.year:
            found[key] = old
    return found.values()


class _OldNames:
    """The names of all ended divisions, each possibly several times."""

    def __init__(self, changes: DivisionChanges, known: Gazetteer) -> None:
        self._changes, self._known, self._names = changes, known, known.names
        self._prefectures = _by_code(each for each in changes.changes if len(each.code) == CITY)

    def __iter__(self) -> Iterator[OldName]:
        for change in self._changes.changes:
            if change.kind not in NO_PLACES and (places := self._changes.since(change).places):
                yield from self._township(change) if len(change.code) == TOWNSHIP else self._division(change, places)

    def _township(self, change: DivisionChange) -> Iterator[OldName]:
        if change.name.endswith(TOWNS) and self._names.get(change.became[0]) != change.name:
            yield OldName(change.name, change)

    def _division(self, change: DivisionChange, places: tuple[str, ...]) -> Iterator[OldName]:
        alone = {form for form in _written(change) if self._counts_alone(form, change, places)}
        yield from (OldName(form, change) for form in alone)
        if alone and not change.name.endswith("区"):  # of districts too many are ordinary words: 动力区, 公园区
            yield from (OldName(form, change, in_full=False) for form in _short(change.name) if self._is_free(form))
        is_there = any(self._names.get(place) == change.name for place in places)
        if not (is_there or alone) or change.code[:PROVINCE] in MUNICIPALITIES or self._has_moved(change, places):
            yield from (OldName(form, change, behind=True) for form in self._behind(change, places))

    def _counts_alone(self, form: str, change: DivisionChange, places: tuple[str, ...]) -> bool:
        if PARTS_OF_CITIES.search(form) or any(self._is_above(form, place) for place in places):
            return False
        if any(self._names.get(place) == form for place in places):
            return False
        others = {each.code for each in self._known.meanings.get(form, ()) if len(each.code) < TOWNSHIP} - {*places}
        return not others or (change.year >= REMEMBERED and form == change.name)

    def _is_free(self, short: str) -> bool:
        """Whether a short form is no name of today and no word of everyday language."""
        return short not in self._known.meanings and short not in self._known.ordinary

    def _is_above(self, form: str, place: str) -> bool:
        above = (place[:digits] for digits in (PROVINCE, CITY) if digits < len(place))
        return any(self._names.get(each) == form for each in above)

    def _has_moved(self, change: DivisionChange, places: tuple[str, ...]) -> bool:
        """Whether it lies today outside the prefecture, or the province, that it lay in when it ended."""
        if not all(place.startswith(change.code[:PROVINCE]) for place in places):
            return True
        today = self._prefecture_today(change)
        is_divided = len(today) > 1
        return len(change.code) == COUNTY and (is_divided or not all(place.startswith(today or "") for place in places))

    def _behind(self, change: DivisionChange, places: tuple[str, ...]) -> set[str]:
        """The name behind the prefecture and behind the province of its time."""
        short = _short(change.name) - _short(self._prefecture_name(change))  # 信阳地区信阳: the county or the city?
        forms = _written(change) if PARTS_OF_CITIES.search(change.name) else _written(change) | short
        province = _full_and_short(self._names.get(change.code[:PROVINCE], ""))
        has_prefecture = len(change.code) == COUNTY and change.code[:PROVINCE] not in MUNICIPALITIES
        above = _full_and_short(self._prefecture_name(change)) if has_prefecture else province
        found = {upper + form for upper in above for form in forms}
        if has_prefecture and not all(place.startswith(change.code[:PROVINCE]) for place in places):
            found |= {upper + form for upper in province for form in (*found, *forms)}
        return found

    def _later_end(self, change: DivisionChange) -> DivisionChange | None:
        """The change that ended the prefecture above, or its name, at that time or since."""
        ends = self._prefectures.get(change.code[:CITY], ())
        return next((each for each in ends if each.year >= change.year), None)

    def _prefecture_name(self, change: DivisionChange) -> str:
        end = self._later_end(change)
        return end.name if end else self._names.get(change.code[:CITY], "")

    def _prefecture_today(self, change: DivisionChange) -> tuple[str, ...]:
        end = self._later_end(change)
        if end:
            return self._changes.since(end).places
        return (change.code[:CITY],) if change.code[:CITY] in self._names else ()


def _by_code(changes: Iterable[DivisionChange]) -> Mapping[str, list[DivisionChange]]:
    found = defaultdict[str, list[DivisionChange]](list)
    for change in sorted(changes, key=lambda each: each.year):
        found[change.code].append(change)
    return found


def _written(change: DivisionChange) -> set[str]:
    return {change.name, usual_form(change.name)} - {""}


def _short(name: str) -> set[str]:
    short = short_form(name)
    return {short} if short and not short.endswith(("县", "区")) else set()


def _full_and_short(name: str) -> set[str]:
    return {name, short_form(name)} - {""}
