"""Division resolution (B2): the deepest place that is sure, from a code, address fields and free text.

Each source only narrows what the earlier ones settled: a code, then the fields in their order, then the text. So
same-name counties are told apart by a parent named anywhere before or beside them. What stays ambiguous is unknown.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.routing.domain.place.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, Gazetteer

_ROAD_WORDS = "路 街 道 巷 桥 广场 花园 小区 苑 饭店 酒店 银行 面馆 烧烤 火锅 拉面 烤鸭 商 里 大道 壹号 一号"
ROADS = tuple(_ROAD_WORDS.split())
"""What follows a short form when it is no place: 太原街 is in Dalian, 常州道 in Tianjin."""

_PARTS_OF_CITIES = "城区 郊区 矿区 东区 西区 南区 北区 新区 新城区 老城区 市中区 城中区"
GENERIC = frozenset(_PARTS_OF_CITIES.split())
"""Names of counties that every city uses of its own parts: they count only right behind their parent."""

COMPASS = re.compile(r"[东南西北中]区$")
"""Full names that may be parts of other words (名人港北区): without anything above them they do not count."""

SURE, LIKELY, POSSIBLE = 0.95, 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text, where it is, and the two characters that follow it."""

    name: str
    start: int
    end: int
    follows: str = ""


Scan = Callable[[str], Sequence[Mention]]
"""Finds the known names in a text, in order, without overlaps."""


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


@dataclass(frozen=True, slots=True)
class Sign:
    """A place that a mention may stand for. ``lone``: nothing else has this name; ``behind``: right behind its parent;
    ``ordinary``: the name is a word of everyday language too (消防通道), and not all that was said."""

    mention: Mention
    code: str
    in_full: bool
    lone: bool
    ordinary: bool = False
    behind: bool = False


def resolve(given: str, fields: Sequence[str], text: str, known: Gazetteer, scan: Scan) -> DivisionFinding:
    """The division of a matter. ``given``: a code filled in, today's or old; ``fields``: most telling first."""
    code = known.current(given)
    found = DivisionFinding(code, 1.0, f"given:{given}", known.divided(given)) if code else DivisionFinding()
    for source, is_field in _sources(fields, text):
        if len(found.code) < TOWNSHIP:
            found = _narrowed(found, _signs(source, scan(source), found.code, known), is_field=is_field)
    if found.county:
        return found
    unknown = [(given,)] if given and not code else []
    said = [*unknown, *_named_by(fields, text, known, scan)]
    return replace(found, unsettled=tuple(places for places in said if not _is_settled(places, found.code)))


def _sources(fields: Sequence[str], text: str) -> list[tuple[str, bool]]:
    """What was said, most telling first, and whether it was in a field for places."""
    sources = [*((field, True) for field in fields), (text, False)]
    return [(source, is_field) for source, is_field in sources if source]


def _is_settled(places: Iterable[str], found: str) -> bool:
    return any(found.startswith(each) for each in places)


def _named_by(fields: Sequence[str], text: str, known: Gazetteer, scan: Scan) -> list[tuple[str, ...]]:
    """For each name that is surely one of a place, the places that it may stand for.

    Of townships only those in a field: in a text their names are parts of others too often.
    """
    groups: dict[str, set[str]] = {}
    for source, is_field in _sources(fields, text):
        for sign in _signs(source, scan(source), "", known):
            if _names_a_place(sign) and (is_field or len(sign.code) < TOWNSHIP):
                groups.setdefault(sign.mention.name, set()).add(sign.code)
    return [tuple(sorted(places)) for places in groups.values()]


def _names_a_place(sign: Sign) -> bool:
    name = sign.mention.name
    if name in GENERIC or COMPASS.search(name):
        return False
    return len(name) > 2 if sign.in_full else not sign.ordinary


def _signs(source: str, mentions: Iterable[Mention], within: str, known: Gazetteer) -> tuple[Sign, ...]:
    """What the mentions in ``source`` may stand for inside ``within``."""
    signs: list[Sign] = []
    for mention in mentions:
        meanings = known.meanings[mention.name]
        ordinary = mention.name in known.ordinary and len(mention.name) < len(source.strip())
        highest = min(len(each.code) for each in meanings)
        for each in meanings:
            if not each.in_full and (mention.follows.startswith(ROADS) or len(each.code) > highest):
                continue
            if each.code.startswith(within) or within.startswith(each.code):
                lone = len(meanings) == 1
                signs.append(Sign(mention, each.code, each.in_full, lone, ordinary, behind=each.behind))
    return _behind_parents(signs)


def _behind_parents(signs: Sequence[Sign]) -> tuple[Sign, ...]:
    """Mark the signs that stand right behind one of their own parents: 怀化市|麻阳."""
    ends = {(sign.mention.end, sign.code) for sign in signs}

    def is_behind(sign: Sign) -> bool:
        parents = (sign.code[:digits] for digits in (PROVINCE, CITY, COUNTY) if digits < len(sign.code))
        return any((sign.mention.start, parent) in ends for parent in parents)

    return tuple(replace(sign, behind=True) if is_behind(sign) else sign for sign in signs)


def _narrowed(found: DivisionFinding, signs: Sequence[Sign], *, is_field: bool) -> DivisionFinding:
    """The finding made deeper by what one source says; the same one when it says nothing clear.

    ``is_field``: people were asked for a place, so a short form is one.
    """
    above = _above(found, signs, is_field=is_field)
    counties = _counties(above, signs, is_field=is_field)
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


def mentions_of(found: Iterable[tuple[str, int, int]], text: str) -> Iterator[Mention]:
    """Mentions from (name, start, end) in ``text``."""
    return (Mention(name, start, end, text[end : end + 2]) for name, start, end in found)
