"""Division resolution (B2): the deepest place that is sure, from a code, address fields and free text.

Each source only narrows what the earlier ones settled: a code, then the fields in their order, then the text. In each
source the strongest evidence goes first (``Strength``), and what is weaker only narrows it: so a county named in full
is not lost to 广东老板, and same-name counties are told apart by a parent named anywhere. Of two places that are named
equally well neither is taken: a person decides.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from runtime import reading_form
from services.routing.domain.place.evidence import Sign, Strength, may_be_in, signs_of
from services.routing.domain.place.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, Gazetteer
from services.routing.domain.place.mentions import Scan

_PARTS_OF_CITIES = "城区 郊区 矿区 东区 西区 南区 北区 新区 新城区 老城区 市中区 城中区"
GENERIC = frozenset(_PARTS_OF_CITIES.split())
"""Names of counties that every city uses of its own parts: they count only right behind their parent."""

COMPASS = re.compile(r"[东南西北中]区$")
"""Full names that may be parts of other words (名人港北区): without anything above them they do not count."""

SURE, LIKELY, POSSIBLE, BY_THE_WAY, IN_PASSING = 0.95, 0.8, 0.6, 0.5, 0.4


@dataclass(frozen=True, slots=True)
class DivisionFinding:
    """A division in as many digits as its level has ("" unknown), how sure (0–1), and the names that say so.

    ``candidates``: the places between which it was not decided. ``unsettled``: for each name that was said and is not
    in what was found, the places that it may stand for; a code filled in that nobody knows stands for itself.
    """

    code: str = ""
    confidence: float = 0.0
    why: str = "unknown"
    candidates: tuple[str, ...] = ()
    unsettled: tuple[tuple[str, ...], ...] = ()

    @property
    def county(self) -> str:
        """Six digits when the county is known, else ""."""
        return self.code[:COUNTY] if len(self.code) >= COUNTY else ""


def resolve(given: str, fields: Sequence[str], text: str, known: Gazetteer, scan: Scan) -> DivisionFinding:
    """The division of a matter. ``given``: a code filled in, today's or old; ``fields``: most telling first."""
    read_given = reading_form.fold(given) if given else ""
    code = known.current(read_given)
    found = DivisionFinding(code, 1.0, f"given:{given}", known.divided(read_given)) if code else DivisionFinding()
    read = [(signs_of(source, scan(source), known), is_field) for source, is_field in sources_of(fields, text)]
    for signs, is_field in read:
        if len(found.code) < TOWNSHIP:
            found = _read(found, signs, is_field=is_field)
    if found.why in known.spelt:
        found = replace(found, why=known.spelt[found.why])
    if found.county:
        return found
    unknown = [(given,)] if given and not code else []
    said = [*unknown, *_named_by(read)]
    return replace(found, unsettled=tuple(places for places in said if not _is_settled(places, found.code)))


def sources_of(fields: Sequence[str], text: str) -> list[tuple[str, bool]]:
    """What was said in its reading form, most telling first, and whether it was in a field for places."""
    sources = [*((field, True) for field in fields), (text, False)]
    return [(folded, is_field) for source, is_field in sources if (folded := reading_form.fold(source))]


def _read(found: DivisionFinding, signs: Sequence[Sign], *, is_field: bool) -> DivisionFinding:
    """The finding made deeper by one source, its strongest evidence first."""
    for strength in sorted({sign.strength for sign in signs}, reverse=True):
        held = [sign for sign in signs if sign.strength >= strength and may_be_in(sign.code, found.code)]
        nearer = _narrowed(found, held, is_field=is_field)
        if strength is Strength.PASSING:
            return _with_what_was_said_in_passing(found, nearer, held)
        if strength is Strength.ASIDE and _is_contradicted(nearer.code, held):
            return found
        if nearer.candidates or len(nearer.code) == TOWNSHIP:
            return nearer
        found = nearer if len(nearer.code) > len(found.code) else found
    return found


def _is_contradicted(code: str, held: Iterable[Sign]) -> bool:
    """Whether a name that was said plainly stands for other places only: 麻阳停水，北京总部不批."""
    agrees: dict[str, bool] = {}
    for sign in held:
        if len(sign.code) < TOWNSHIP and sign.strength > Strength.ASIDE and _names_a_place(sign):
            agrees[sign.mention.name] = agrees.get(sign.mention.name, False) or may_be_in(sign.code, code)
    return not all(agrees.values())


def _with_what_was_said_in_passing(
    found: DivisionFinding, nearer: DivisionFinding, held: Sequence[Sign]
) -> DivisionFinding:
    """It may tell what a name said plainly stands for; a place that nothing else names is a guess."""
    plain = {sign.code for sign in held if sign.strength > Strength.PASSING}
    if nearer.code in plain or plain.intersection(nearer.candidates):
        return replace(nearer, confidence=min(nearer.confidence, BY_THE_WAY)) if nearer.code != found.code else nearer
    is_guess = not found.code and nearer.code and not nearer.candidates and not _is_contradicted(nearer.code, held)
    return replace(nearer, confidence=IN_PASSING) if is_guess else found


def _is_settled(places: Iterable[str], found: str) -> bool:
    return any(found.startswith(each) for each in places)


def _named_by(read: Iterable[tuple[Sequence[Sign], bool]]) -> list[tuple[str, ...]]:
    """For each name that is surely one of a place, the places that it may stand for.

    Of townships only those in a field: in a text their names are parts of others too often. What was said aside
    (我在广东打工) counts where nothing was said plainly.
    """
    groups: dict[str, set[str]] = {}
    signs = [sign for each, is_field in read for sign in each if is_field or len(sign.code) < TOWNSHIP]
    named = [sign for sign in signs if _names_a_place(sign)]
    is_plain = any(sign.strength > Strength.ASIDE for sign in named)
    for sign in named:
        if sign.strength > Strength.ASIDE or not is_plain:
            groups.setdefault(sign.mention.name, set()).add(sign.code)
    return [tuple(sorted(places)) for places in groups.values()]


def _names_a_place(sign: Sign) -> bool:
    name = sign.mention.name
    if name in GENERIC or COMPASS.search(name) or sign.strength is Strength.PASSING:
        return False
    return len(name) > 2 if sign.in_full else not sign.ordinary


def _narrowed(found: DivisionFinding, signs: Sequence[Sign], *, is_field: bool) -> DivisionFinding:
    """The finding made deeper by what one source says; the same one when it says nothing clear.

    ``is_field``: people were asked for a place, so a short form is one.
    """
    above = _above(found, signs, is_field=is_field)
    counties = _counties(above, signs, is_field=is_field)
    if elsewhere := _elsewhere(found, above, signs, is_field=is_field):
        return replace(found, candidates=tuple(sorted({*elsewhere, *(counties or (above.code,))})))
    towns = _townships(above, signs, counties)
    if len(counties) > 1:
        counties = {code: sign for code, sign in counties.items() if any(t.startswith(code) for t in towns)} or counties
    if len(counties) > 1:
        counties = {code: sign for code, sign in counties.items() if sign.behind} or counties
    if len(counties) == 1:
        return _deepest(found, next(iter(counties.values())), towns)
    if counties:
        return replace(above, candidates=tuple(sorted(counties)))
    return _by_township(above, towns)


def _above(found: DivisionFinding, signs: Sequence[Sign], *, is_field: bool) -> DivisionFinding:
    """Province and city, as far as they are clear."""
    if len(found.code) >= CITY:
        return found
    provinces = _named(signs, PROVINCE) if not found.code else {}
    if len(provinces) == 1:
        code, sign = next(iter(provinces.items()))
        found = DivisionFinding(code, SURE if sign.in_full else LIKELY, sign.mention.name)
    cities = {code: sign for code, sign in _named(signs, CITY).items() if code.startswith(found.code)}
    cities = {code: sign for code, sign in cities.items() if sign.in_full or sign.lone or found.code or is_field}
    if len(cities) == 1 and (found.code or not provinces):
        code, sign = next(iter(cities.items()))
        return DivisionFinding(code, SURE if sign.in_full else LIKELY, sign.mention.name)
    return found


def _elsewhere(found: DivisionFinding, above: DivisionFinding, signs: Sequence[Sign], *, is_field: bool) -> set[str]:
    """The counties that are named clearly, but outside of the province or city that is."""
    if above.code == found.code:
        return set()
    return {code for code in _counties(found, signs, is_field=is_field) if not code.startswith(above.code)}


def _named(signs: Iterable[Sign], digits: int) -> dict[str, Sign]:
    """Code → its first sign, of one level."""
    return {sign.code: sign for sign in reversed(tuple(signs)) if len(sign.code) == digits}


def _counties(above: DivisionFinding, signs: Iterable[Sign], *, is_field: bool) -> dict[str, Sign]:
    """The counties that are named clearly enough inside what is settled above them."""
    inside = [sign for sign in signs if len(sign.code) == COUNTY and sign.code.startswith(above.code)]
    is_short_enough = bool(above.code) or is_field
    clear = [
        sign for sign in inside if len(above.code) < COUNTY and _is_clear(sign, inside, above.code, is_short_enough)
    ]
    return {sign.code: sign for sign in sorted(clear, key=lambda sign: sign.behind)}


def _is_clear(sign: Sign, inside: Sequence[Sign], above: str, is_short_enough: bool) -> bool:
    if sign.behind:
        return True
    name = sign.mention.name
    if name in GENERIC or (sign.ordinary and not sign.in_full):
        return False
    alone = sign.lone or len({other.code for other in inside if other.mention.name == name}) == 1
    if sign.in_full:
        return alone and (bool(above) or (sign.lone and len(name) > 2 and not COMPASS.search(name)))
    return alone and is_short_enough


def _townships(above: DivisionFinding, signs: Iterable[Sign], counties: Iterable[str]) -> dict[str, Sign]:
    """Townships inside what is settled, or inside the counties that were named."""
    roots = tuple(counties) or (above.code,)
    return {sign.code: sign for sign in signs if len(sign.code) == TOWNSHIP and sign.code.startswith(roots)}


def _deepest(found: DivisionFinding, county: Sign, towns: Iterable[str]) -> DivisionFinding:
    """The county, or its one township that is named too."""
    inside = [code for code in towns if code.startswith(county.code)]
    sure = SURE if county.behind or (county.in_full and found.code) else LIKELY if county.in_full else POSSIBLE
    return DivisionFinding(inside[0] if len(inside) == 1 else county.code, sure, county.mention.name)


def _by_township(above: DivisionFinding, towns: dict[str, Sign]) -> DivisionFinding:
    """A township tells its county when no other of that name is inside what is settled: nationwide never."""
    counties = {code[:COUNTY] for code in towns}
    if len(counties) != 1 or not above.code:
        return above
    code, sign = next(iter(towns.items()))
    deepest = code if len(towns) == 1 else code[:COUNTY]
    return DivisionFinding(deepest, max(POSSIBLE, above.confidence - 0.1), f"{above.why} {sign.mention.name}")
