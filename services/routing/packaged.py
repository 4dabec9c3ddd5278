"""Places, kinds and units from the packaged data, behind the ports. Matching: Aho-Corasick over simplified text."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind
from opencc import OpenCC

from services.routing.domain.categories import Category, Classification, classify
from services.routing.domain.divisions import Finding, Mention, mentions_of, resolve
from services.routing.domain.gazetteer import Gazetteer, gazetteer
from services.routing.domain.routes import Unit
from services.routing.ports import Text

TEXT_AT_MOST = 4000  # characters looked at: the rest repeats
COUNTIES_CACHED = 4096


def _text(name: str) -> str:
    return files("services.routing").joinpath(f"data/{name}").read_text("utf-8")


def _lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _text(name).splitlines() if line]


class Scanner:
    """Finds known words in a text, longest first from left to right; Traditional Chinese is read as Simplified."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        automaton = AhoCorasick(self._words, MatchKind.LeftmostLongest)
        self._automaton = automaton
        self._simplify = OpenCC("t2s").convert

    def __call__(self, text: str) -> list[str]:
        """The words that are in the text, in order."""
        found: list[str] = self._automaton.find_matches_as_strings(self._simplify(text[:TEXT_AT_MOST]))
        return found

    def mentions(self, text: str) -> list[Mention]:
        """The words that are in the text, in order, with their places."""
        plain = self._simplify(text[:TEXT_AT_MOST])
        found = self._automaton.find_matches_as_indexes(plain)
        return list(mentions_of(((self._words[at], start, end) for at, start, end in found), plain))


class PackagedPlaces:
    """The gazetteer of 41,934 places."""

    def __init__(self) -> None:
        packed = files("services.routing").joinpath("data/divisions.tsv.gz").read_bytes()
        rows = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines()]
        old_names = [(old, code) for old, code in _lines("aliases.tsv")]
        self._known: Gazetteer = gazetteer(
            ((code, name) for _, code, name in rows), old_names, _text("ordinary_words.txt").split()
        )
        self._scan = Scanner(self._known.meanings).mentions

    def resolve(self, given: str, fields: Sequence[str], text: str) -> Finding:
        """The division of a matter."""
        return resolve(given, fields, text, self._known, self._scan)

    def name(self, code: str) -> str:
        """A division's name, from the province down."""
        return self._known.name(code)


class PackagedKinds:
    """The demonstration taxonomy."""

    def __init__(self) -> None:
        rows = _lines("categories.tsv")
        self._categories = {code: Category(code, zh, en) for code, zh, en, _ in rows}
        lexicon: dict[str, tuple[str, ...]] = {}
        for code, zh, _, words in rows:
            for word in (code, zh, *words.split()):
                lexicon[word] = (*lexicon.get(word, ()), code)
        self._lexicon, self._scan = lexicon, Scanner(lexicon)

    def classify(self, text: Text, hint: str) -> Classification:
        """The category of a matter."""
        return classify(text.title, text.content, hint, self._lexicon, self._scan)

    def category(self, code: str) -> Category:
        """A category by its code."""
        return self._categories.get(code) or Category(code, code, code)


class PackagedDirectory:
    """The demonstration county's duty table, for every county: a province can be routed with it."""

    def __init__(self) -> None:
        self._rows = _lines("county_units.tsv")

    def by_category(self, county: str) -> Mapping[str, Sequence[Unit]]:
        """The units of a county by category."""
        return _by_category(self, county)

    def units(self, county: str) -> list[Unit]:
        """All units of a county, its lead unit and the city's supervision office among them."""
        lead = f"{county}-LEAD"
        own = [
            Unit(f"{county}-{code}", zh, en, level, county, lead, tuple(duties.split()), tuple(standards.split()))
            for code, zh, en, level, duties, standards in self._rows
        ]
        supervision = f"{county[:4]}00-SUP"
        return [
            *own,
            Unit(lead, "群众诉求交办中心", "Assignment Centre", "county", county, "", (), ("GEN-01",)),
            Unit(f"{county}-SUP", "县督查室", "County Supervision Office", "county", county, "", (), ("GEN-01",)),
            Unit(supervision, "市督查室", "City Supervision Office", "city", county[:4], "", (), ("GEN-01",)),
        ]

    def unit(self, code: str) -> Unit | None:
        """A unit by its code."""
        county, _, _ = code.partition("-")
        return _by_code(self, county).get(code) if len(county) == 6 and county.isdigit() else None


@lru_cache(maxsize=COUNTIES_CACHED)
def _by_category(directory: PackagedDirectory, county: str) -> Mapping[str, Sequence[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in directory.units(county) if county else ():
        for duty in unit.duties:
            found.setdefault(duty, []).append(unit)
    return found


@lru_cache(maxsize=COUNTIES_CACHED)
def _by_code(directory: PackagedDirectory, county: str) -> Mapping[str, Unit]:
    return {unit.code: unit for unit in directory.units(county)}


@cache
def places() -> PackagedPlaces:
    """Built once per process: a second of work."""
    return PackagedPlaces()


@cache
def kinds() -> PackagedKinds:
    """Built once per process."""
    return PackagedKinds()


@cache
def directory() -> PackagedDirectory:
    """Built once per process."""
    return PackagedDirectory()
