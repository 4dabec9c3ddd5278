"""The rows of the table of changes: by hand where the sources are silent or wrong, else as the tables tell."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cli.divisions.sources import Table
from cli.divisions.spells import GROUPINGS, Past, Spell, has_ended, stem
from contracts.divisions import trim
from services.routing.domain.place.division_changes import ChangeKind, DivisionChange, DivisionChanges
from services.routing.domain.place.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP

MOST, HALF = 0.8, 0.5  # of a prefecture's counties: then it went on there; half will do where the name goes on too


@dataclass(frozen=True, slots=True)
class HandRow:
    """The codes of today, those of smaller parts, and when it ended: where it was used twice, or is in no table."""

    became: tuple[str, ...]
    parts: tuple[str, ...] = ()
    year: int = 0


ByHand = Mapping[tuple[str, str], HandRow]
"""By code and name."""


def county_changes(past: Past, by_hand: ByHand) -> list[DivisionChange]:
    """A change for each county, or province, that ended or changed its name."""
    ended = [each for each in past.spells if has_ended(each) and len(trim(each.code)) != CITY]
    known = {(each.code, each.name) for each in ended}
    never_listed = [Spell(*key, 0, row.year - 1) for key, row in by_hand.items() if row.year and key not in known]
    return [_county_change(past, each, by_hand) for each in [*ended, *never_listed]]


def _county_change(past: Past, spell: Spell, by_hand: ByHand) -> DivisionChange:
    document = next((each.document for each in past.told(spell) if each.document), "")
    hand = by_hand.get((spell.code, spell.name))
    if hand and hand.year in (0, spell.last + 1):
        kind = ChangeKind.SPLIT if len(hand.became) > 1 else ChangeKind.MERGED
        return replace(_row(spell, kind, hand.became, "by hand", document), parts=hand.parts)
    new = past.successor(spell)
    if new is None:
        return _row(spell, ChangeKind.ENDED, (), "tables", document)
    if len(trim(spell.code)) == COUNTY and len(trim(new.code)) == CITY and (inside := past.districts(new)):
        kind = ChangeKind.RAISED if len(inside) == 1 else ChangeKind.SPLIT
        return _row(spell, kind, (each.code for each in inside), "tables", document)
    is_told = any(each.new == new.code for each in past.told(spell))
    return _row(spell, _kind(spell, new), (new.code,), "events" if is_told else "tables", document)


def _row(spell: Spell, kind: ChangeKind, became: Iterable[str], basis: str, document: str = "") -> DivisionChange:
    codes = tuple(trim(each) for each in became)
    return DivisionChange(spell.last + 1, kind, trim(spell.code), spell.name, codes, (), basis, document)


def _kind(old: Spell, new: Spell) -> ChangeKind:
    if old.name == new.name:
        return ChangeKind.RECODED
    if stem(old.name)[0] == stem(new.name)[0] and old.name[-1] != new.name[-1]:
        return ChangeKind.RAISED
    return ChangeKind.RENAMED if old.code == new.code else ChangeKind.MERGED


def prefecture_changes(
    past: Past, counties: list[DivisionChange], today: Table, by_hand: ByHand
) -> Iterator[DivisionChange]:
    """A change for each prefecture that ended: it went where most of its counties are today."""
    changes = DivisionChanges(tuple(counties))
    traced = {(each.code, each.name, each.year): changes.since(each).places for each in counties}

    def places(spell: Spell) -> tuple[str, ...]:
        return traced.get((spell.code, spell.name, spell.last + 1), (spell.code,))

    for spell in past.spells:
        if has_ended(spell) and len(trim(spell.code)) == CITY:
            given = by_hand.get((spell.code, spell.name))
            yield (
                _row(spell, ChangeKind.MERGED, given.became, "by hand")
                if given
                else _by_counties(past, spell, places, today)
            )


def _by_counties(past: Past, spell: Spell, places: Callable[[Spell], tuple[str, ...]], today: Table) -> DivisionChange:
    above = [_above(place, today) for county in past.below(spell) for place in places(county)[:1]]
    if not above:
        new = past.successor(spell)
        return _row(spell, ChangeKind.MERGED if new else ChangeKind.ENDED, (new.code,) if new else (), "tables")
    (first, count), *others = Counter(above).most_common()
    rest = tuple(code for code, _ in others)
    goes_on = stem(spell.name) == stem(today.get(first.ljust(6, "0"), ""))
    if count < (HALF if goes_on else MOST) * len(above):
        return _row(spell, ChangeKind.SPLIT, sorted((first, *rest)), "counties")
    is_same = first == trim(spell.code)
    kind = ChangeKind.RENAMED if is_same else ChangeKind.RAISED if goes_on else ChangeKind.MERGED
    return replace(_row(spell, kind, (first,), "counties"), parts=rest)


def _above(county: str, today: Table) -> str:
    """The prefecture of today above a county; the province where there is none."""
    return county[:CITY] if county[:CITY] + "00" in today else county[:PROVINCE]


def groupings(tables: Mapping[int, Table], today: Table) -> Iterator[DivisionChange]:
    """Rows of old tables that only group others lead to what is above them."""
    found = {code: (name, year) for year in sorted(tables) for code, name in tables[year].items() if name in GROUPINGS}
    for code, (name, year) in sorted(found.items()):
        digits = PROVINCE if len(trim(code)) == CITY else CITY
        if code not in today and (above := _known(code[:digits], today)):
            yield DivisionChange(year, ChangeKind.GROUPING, trim(code), name, (above,), (), "groupings")


def _known(code: str, today: Table) -> str:
    return next((code[:n] for n in (CITY, PROVINCE) if code[:n].ljust(6, "0") in today), "")


def statistical_areas(
    areas: Mapping[int, Table], streets: Mapping[int, Table], known: Iterable[DivisionChange], today: Table
) -> Iterator[DivisionChange]:
    """Codes that only the statistics bureau gives: to places of today, or to areas that are no divisions.

    The latter lead to the counties that have their townships today.
    """
    told = {(each.code, each.name) for each in known}
    found = {code: (name, year) for year in sorted(areas) for code, name in areas[year].items()}
    for code, (name, year) in sorted(found.items()):
        if code in today or name in GROUPINGS or (trim(code), name) in told:
            continue
        if place := _named(name, code[:PROVINCE], today):
            yield DivisionChange(year, ChangeKind.RECODED, trim(code), name, (place,), (), "statistics")
            continue
        within = [town for town_code, town in streets[year].items() if town_code.startswith(code)]
        above = _known(code[:CITY], today)
        counties = _counties_with(within, above, today) or (above,)
        yield DivisionChange(year, ChangeKind.STATISTICAL, trim(code), name, counties, (), "townships")


def _named(name: str, province: str, today: Table) -> str:
    places = {code for code, its in today.items() if its == name and len(code) == COUNTY and code.startswith(province)}
    return trim(places.pop()) if len(places) == 1 else ""


def _counties_with(towns: Iterable[str], within: str, today: Table) -> tuple[str, ...]:
    wanted = {town.replace("办事处", "") for town in towns}
    return tuple(
        sorted(
            {
                trim(code[:COUNTY])
                for code, name in today.items()
                if len(code) == TOWNSHIP and code.startswith(within) and name in wanted
            }
        )
    )
