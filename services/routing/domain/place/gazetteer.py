"""Names of places and the codes they stand for: 41,934 divisions (GB/T 2260), their short forms and their old names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.divisions import trim
from runtime import reading_form
from services.routing.domain.place.division_changes import DivisionChange, DivisionChanges, Trace

SUFFIX = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|县|区|盟|旗|州)$")
PEOPLES = re.compile(
    "(蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|普米族|"
    "裕固族|鄂温克族|怒族|独龙族|德昂族|保安族|各族)+$"
)
AUTONOMOUS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}
PROVINCE, CITY, COUNTY, TOWNSHIP = 2, 4, 6, 9  # digits that a code of this level has


NOTHING_ENDED = DivisionChanges(())


@dataclass(frozen=True, slots=True)
class Named:
    """A place that a name stands for. ``in_full``: its own or its old name, not a short form.

    ``behind``: the name begins with what the place once lay in (六安市寿县).
    """

    code: str
    in_full: bool
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """``names``: code → name; ``meanings``: name → the places it stands for; ``changes``: what became of old codes;

    ``ordinary``: short forms that are words of everyday language too; ``ended``: old name → the changes that ended it;
    ``spelt``: how the names that the reading form changes are written.
    """

    names: Mapping[str, str]
    meanings: Mapping[str, tuple[Named, ...]]
    changes: DivisionChanges = NOTHING_ENDED
    ordinary: frozenset[str] = frozenset()
    ended: Mapping[str, tuple[DivisionChange, ...]] = field(default_factory=dict)
    spelt: Mapping[str, str] = field(default_factory=dict)

    def current(self, code: str) -> str:
        """The code in as many digits as its level has, today's for an old one; "" when there is none.

        Of a division that was divided, the one above all its parts; of an unknown township, its county.
        """
        return self.known(plain_code(code)) or self._shared(code) or self.known(plain_code(code)[:COUNTY])

    def divided(self, code: str) -> tuple[str, ...]:
        """The places among which a division that ended was divided; () when it was not."""
        trace = None if self.known(plain_code(code)) else self.trace(code)
        return trace.places if trace and len(trace.places) > 1 else ()

    def trace(self, code: str) -> Trace | None:
        """What became of an ended code, step by step; of an unknown township's, what became of its county."""
        plain = plain_code(code)
        if self.known(plain):
            return None
        return self.changes.of(trim(plain)) or (None if self.known(plain[:COUNTY]) else self.changes.of(plain[:COUNTY]))

    def _shared(self, code: str) -> str:
        trace = self.trace(code)
        return self.known(trace.shared) if trace else ""

    def known(self, code: str) -> str:
        """The code as the table of today has it, else "". A city without counties is its own county."""
        own = code + "00" if code + "00" in self.names and len(code) == CITY else code
        return next((each for each in (own, trim(code)) if each in self.names), "")

    def holds(self, above: str, below: str) -> bool:
        """Whether a place of the name ``below`` lies in one of the name ``above``."""
        codes = tuple(each.code for each in self.meanings[above])
        return any(each.code.startswith(codes) and each.code not in codes for each in self.meanings[below])

    def name(self, code: str) -> str:
        """The name of a place with those above it: 湖南省怀化市麻阳苗族自治县; "" for an unknown code."""
        above = [code[:digits] for digits in (PROVINCE, CITY, COUNTY, TOWNSHIP) if digits <= len(code)]
        return "".join(dict.fromkeys(self.names.get(each, "") for each in above))


def plain_code(code: str) -> str:
    """Without what only fills a code up to twelve digits, or a county's to nine: 431226000000, 431226000 → 431226."""
    township = code[:TOWNSHIP]
    return township[:COUNTY] if len(township) == TOWNSHIP and township.endswith("000") else township


def short_form(name: str) -> str:
    """湖南 of 湖南省, 麻阳 of 麻阳苗族自治县; "" when not two characters are left."""
    bare = SUFFIX.sub("", name)
    bare = PEOPLES.sub("", bare) or bare
    return bare if len(bare) >= 2 and bare != name else ""


def usual_form(name: str) -> str:
    """麻阳县 of 麻阳苗族自治县, 恩施州 of 恩施土家族苗族自治州: how people write autonomous places; else ""."""
    ending = next((short for full, short in AUTONOMOUS.items() if name.endswith(full)), "")
    return short_form(name) + ending if ending else ""


def gazetteer(
    rows: Iterable[tuple[str, str]], other_names: Sequence[tuple[str, str]], ordinary: Iterable[str] = ()
) -> Gazetteer:
    """Built once, from (code, name) of today and (another name, code of today)."""
    places = [(trim(code), name) for code, name in rows]
    childless = _cities_without_counties([code for code, _ in places])
    names = dict(places) | {code + "00": name for code, name in places if code in childless}
    meanings: dict[str, dict[str, bool]] = defaultdict(dict)
    for code, name in places:
        for form, in_full in _forms(code, name):
            meanings[form].setdefault(code + "00" if code in childless else code, in_full)
    for other, code in other_names:
        meanings[other][trim(code)] = True
    by_name = {name: tuple(Named(code, own) for code, own in codes.items()) for name, codes in meanings.items()}
    return Gazetteer(names, by_name, ordinary=frozenset(ordinary))


def _forms(code: str, name: str) -> list[tuple[str, bool]]:
    """The names of a place. A township is known by its full name only: short ones are ordinary words."""
    if len(code) == TOWNSHIP:
        return [(name, True)]
    usual, short = usual_form(name), short_form(name)
    return [(form, in_full) for form, in_full in ((name, True), (usual, True), (short, False)) if form]


def _cities_without_counties(codes: Iterable[str]) -> frozenset[str]:
    """东莞, 中山, 儋州, 嘉峪关: townships lie directly below; the city is its own county, …00."""
    everything = list(codes)
    with_counties = {code[:CITY] for code in everything if len(code) == COUNTY}
    return frozenset(code for code in everything if len(code) == CITY and code not in with_counties)


def in_reading_form(known: Gazetteer) -> Gazetteer:
    """The gazetteer with its names folded as texts are: 乾县 is looked for as 干县. Names that become one share it."""
    meanings: dict[str, tuple[Named, ...]] = {}
    for name, places in known.meanings.items():
        folded = reading_form.fold(name)
        known_already = {each.code for each in meanings.get(folded, ())}
        meanings[folded] = (*meanings.get(folded, ()), *(each for each in places if each.code not in known_already))
    spelt = {folded: name for name in known.meanings if (folded := reading_form.fold(name)) != name}
    ended = {reading_form.fold(name): changes for name, changes in known.ended.items()}
    ordinary = frozenset(map(reading_form.fold, known.ordinary))
    return replace(known, meanings=meanings, ordinary=ordinary, spelt=spelt, ended=ended)
