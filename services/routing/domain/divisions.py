"""Division resolution (GB/T 2260): from fields and text to the deepest sure place; unknown rather than wrong.

A place's own name counts; its short form counts only beside a parent that is named too. Same-name counties are told
apart by their parents; a tie is unknown at that level, and the level above stands.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SUFFIX = re.compile(
    r"(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|县|区|盟|旗)$"
)
PEOPLES = re.compile(
    r"(?<=..)(蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|"
    r"高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|普米族|怒族|德昂族|各族)+$"
)
Scan = Callable[[str], Iterable[str]]
"""Finds which of the known names are in a text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A division ("" unknown), how sure (0–1), and why; ``candidates`` are those between which it was not decided."""

    code: str
    confidence: float
    why: str
    candidates: tuple[str, ...] = ()

    @property
    def county(self) -> str:
        """Six digits when the county is known, else ""."""
        return self.code[:6] if len(self.code) >= 6 and not self.code[:6].endswith("00") else ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names → codes. ``full`` are names as they are written, ``short`` without suffix."""

    names: Mapping[str, str]
    full: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]

    def name(self, code: str) -> str:
        """The name of a code, "" when there is none."""
        return self.names.get(code, "")


def short_form(name: str) -> str:
    """湖南 of 湖南省, 麻阳 of 麻阳苗族自治县; "" when nothing of two characters is left."""
    bare = PEOPLES.sub("", SUFFIX.sub("", name))
    return bare if len(bare) >= 2 and bare != name else ""


def gazetteer(rows: Iterable[tuple[int, str, str]], aliases: Mapping[str, str]) -> Gazetteer:
    """Built once, from (level, code, name) and old names."""
    names: dict[str, str] = {}
    full: dict[str, list[str]] = defaultdict(list)
    short: dict[str, list[str]] = defaultdict(list)
    for level, code, name in rows:
        names[code] = name
        full[name].append(code)
        if level <= 3 and (bare := short_form(name)):
            short[bare].append(code)
    for name, code in aliases.items():
        full[name].append(code)
    return Gazetteer(names, _tuples(full), _tuples(short))


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in lists.items()}


def resolve(given: str, texts: Sequence[str], known: Gazetteer, scan: Scan) -> Finding:
    """The division of a matter. ``given``: a code that was filled in; ``texts``: most telling first (place, title)."""
    if given and _exists(given, known):
        return Finding(given, 1.0, "given")
    seen = list(dict.fromkeys(name for text in texts for name in scan(text)))
    provinces = _codes(seen, known, 2)
    cities = _within(_codes(seen, known, 4), provinces)
    return _county(seen, known, provinces, cities) or _above(provinces, cities)


def _exists(code: str, known: Gazetteer) -> bool:
    return code.ljust(6, "0") in known.names or code in known.names


def _codes(seen: Iterable[str], known: Gazetteer, digits: int) -> list[str]:
    """Codes of one level (2 province, 4 city) that are named in full or in short, in order of appearance."""
    codes = [code for name in seen for code in (*known.full.get(name, ()), *known.short.get(name, ()))]
    return list(dict.fromkeys(code[:digits] for code in codes if _digits(code) == digits))


def _digits(code: str) -> int:
    if len(code) > 6:
        return 9
    if code.endswith("0000"):
        return 2
    return 4 if code.endswith("00") else 6


def _within(codes: Sequence[str], provinces: Sequence[str]) -> list[str]:
    inside = [code for code in codes if code[:2] in provinces]
    return inside if provinces else list(codes)


def _county(seen: Sequence[str], known: Gazetteer, provinces: Sequence[str], cities: Sequence[str]) -> Finding | None:
    scores: dict[str, float] = {}
    for name in seen:
        for code in (*known.full.get(name, ()), *known.short.get(name, ())):
            if _digits(code) >= 6 and (score := _score(code, name, known, provinces, cities)) > 0:
                scores[code] = max(scores.get(code, 0.0), score)
    counties = _by_county(scores)
    if not counties:
        return None
    best = max(counties.values())
    top = sorted(code for code, score in counties.items() if score == best)
    if len(top) > 1:
        return _above(provinces, cities, tuple(top))
    towns = [code for code in scores if len(code) > 6 and code[:6] == top[0]]
    code = towns[0] if len(towns) == 1 and top[0] in scores else top[0]
    return Finding(code, min(1.0, 0.5 + best / 10), f"named: {known.name(code)}")


def _score(code: str, name: str, known: Gazetteer, provinces: Sequence[str], cities: Sequence[str]) -> float:
    """How much a name speaks for a place: its own name more than its short form, and each parent that is named."""
    parent = 2.0 * (code[:4] in cities) + 1.0 * (code[:2] in provinces)
    if provinces and code[:2] not in provinces:
        return 0.0
    if name in known.full:
        own = 2.0 if len(code) == 6 else 0.5
        lone = len(known.full[name]) == 1 and len(code) == 6
        return own + parent if parent or lone else 0.0
    return 0.5 + parent if parent and code[:4] + "00" not in known.short.get(name, ()) else 0.0


def _by_county(scores: Mapping[str, float]) -> dict[str, float]:
    """A township speaks for its county, a little."""
    counties: dict[str, float] = defaultdict(float)
    for code, score in scores.items():
        counties[code[:6]] = max(counties[code[:6]], 0.0) + (score if len(code) == 6 else min(score, 0.9))
    return counties


def _above(provinces: Sequence[str], cities: Sequence[str], candidates: tuple[str, ...] = ()) -> Finding:
    if len(cities) == 1:
        return Finding(cities[0], 0.6, "the city is named", candidates)
    parents = {code[:2] for code in candidates} | set(provinces)
    if len(parents) == 1:
        return Finding(parents.pop(), 0.5, "the province is named", candidates)
    return Finding("", 0.0, "no place is named clearly", candidates)
