"""Places, kinds and units from the packaged data, behind the ports. Matching: Aho-Corasick over simplified text."""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from contracts import divisions
from contracts.divisions import trim
from runtime import reading_form
from services.routing.domain.kind.categories import Category, Classification, Lexicon, classify
from services.routing.domain.place.division_changes import DivisionChanges, changes_of
from services.routing.domain.place.divisions import DivisionFinding, resolve, sources_of
from services.routing.domain.place.explanation import ExplainedPlace, explained
from services.routing.domain.place.gazetteer import (
    CITY,
    COUNTY,
    PROVINCE,
    Gazetteer,
    gazetteer,
    in_reading_form,
    usual_form,
)
from services.routing.domain.place.history import Ended, history
from services.routing.domain.place.mentions import Mention, mentions_of
from services.routing.domain.place.old_names import remembering
from services.routing.domain.unit.units import DutyRow, Unit, UnitPlace, county_units
from services.routing.ports import Text

DIRECTORY_VERSION = 2  # of county_units.tsv: one more with every change of the table, so that it is published anew
COUNTIES_CACHED = 4096


def _text(name: str) -> str:
    return files("services.routing").joinpath(f"data/{name}").read_text("utf-8")


def _lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _text(name).splitlines() if line]


def _unpacked(name: str) -> list[str]:
    packed = files("services.routing").joinpath(f"data/{name}").read_bytes()
    return gzip.decompress(packed).decode().splitlines()


class Scanner:
    """Finds known words in a text, longest first from left to right, both in their reading form."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        folded = [reading_form.fold(word) for word in self._words]
        self._automaton = AhoCorasick(folded, MatchKind.LeftmostLongest)

    def __call__(self, text: str) -> list[str]:
        """The words that are in the text, in order, as they are spelt in the table."""
        return [word for word, _, _ in self.places(reading_form.fold(text))]

    def places(self, folded: str) -> list[tuple[str, int, int]]:
        """The words that are in a text in reading form, in order, with where each starts and ends."""
        return [(self._words[at], start, end) for at, start, end in self._automaton.find_matches_as_indexes(folded)]


class PackagedPlaces:
    """The gazetteer of 41,934 places."""

    def __init__(self) -> None:
        other_names = [(name, code) for name, code in _lines("aliases.tsv")]
        known = gazetteer(divisions.rows(), other_names, _text("ordinary_words.txt").split())
        ended = (*_unpacked("division_changes.tsv.gz"), *_unpacked("township_changes.tsv.gz"))
        remembered = remembering(known, DivisionChanges(changes_of(ended)))
        self._known: Gazetteer = in_reading_form(remembered)
        self._scanner = Scanner(self._known.meanings)
        self._below = _by_parent(self._known.names)

    def resolve(self, given: str, fields: Sequence[str], text: str) -> DivisionFinding:
        """The division of a matter."""
        return resolve(given, fields, text, self._known, self._mentions)

    def explained(self, given: str, fields: Sequence[str], text: str) -> ExplainedPlace:
        """The same, with all that spoke for and against it."""
        return explained(given, fields, text, self._known, self._mentions)

    def _mentions(self, folded: str) -> list[Mention]:
        return mentions_of(self._scanner.places(folded), folded, self._known.holds)

    def history(self, given: str, sources: Sequence[str], found: DivisionFinding) -> tuple[Ended, ...]:
        """What became of the ended divisions that were said, a code or names in the sources."""
        said = (each for folded, _ in sources_of(sources, "") for each in self._mentions(folded))
        return history(reading_form.fold(given), said, found, self._known)

    def name(self, code: str) -> str:
        """A division's name, from the province down."""
        return self._known.name(code)

    def usual_name(self, code: str) -> str:
        """麻阳县, 怀化市, 高村镇: a place's own name as people write it."""
        name = self._known.names.get(code, "")
        return usual_form(name) or name

    def above(self, county: str) -> str:
        """The city of a county; the province where counties lie right below it."""
        city = county[:CITY]
        return city if city in self._known.names else county[:PROVINCE]

    def below(self, code: str) -> tuple[str, ...]:
        """The places right below a province, a city or a county."""
        return self._below.get(code, ())


def _by_parent(codes: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    known, below = set(codes), defaultdict[str, list[str]](list)
    for code in sorted(known):
        above = (code[:digits] for digits in (COUNTY, CITY, PROVINCE) if digits < len(code))
        below[next((parent for parent in above if parent in known), "")].append(code)
    return {parent: tuple(children) for parent, children in below.items()}


class PackagedKinds:
    """The demonstration taxonomy: two levels, and the words that speak for a category."""

    def __init__(self) -> None:
        rows = _lines("categories.tsv")
        self._categories = {code: Category(code, zh, en) for code, zh, en, _ in rows}
        self._lexicon = _lexicon((code, zh, words.split()) for code, zh, _, words in rows if "." in code)
        self._scan = Scanner(self._lexicon.weights)

    def classify(self, text: Text) -> Classification:
        """The category of a matter."""
        return classify(text.title, text.content, text.hint, self._lexicon, self._scan)

    def category(self, code: str) -> Category:
        """A category by its code; an unknown code names itself."""
        return self._categories.get(code) or Category(code, code, code)

    def words(self) -> frozenset[str]:
        """Every word of the lexicon."""
        return frozenset(self._lexicon.weights)

    def all(self) -> Sequence[Category]:
        """The taxonomy in its order, majors first."""
        return tuple(self._categories.values())


def _lexicon(rows: Iterable[tuple[str, str, list[str]]]) -> Lexicon:
    """Words as ``word`` or ``word:weight``; a category's own code and name speak for it in full."""
    weights: dict[str, tuple[tuple[str, float], ...]] = {}
    for code, zh, words in rows:
        for word, _, weight in (entry.partition(":") for entry in dict.fromkeys((code, zh, *words))):
            weights[word] = (*weights.get(word, ()), (code, float(weight or 1)))
    return Lexicon(weights)


class PackagedDirectory:
    """The demonstration county's duty table, applied to any county: a province can be routed with it."""

    def __init__(self, places: PackagedPlaces) -> None:
        rows = _lines("county_units.tsv")[1:]
        self._places, self._posts = places, tuple(_post(row) for row in rows)

    def units(self, county: str) -> tuple[Unit, ...]:
        """All units that act in a county: its own, its townships' and its city's; none for an unknown code."""
        return _units(self, county) if self._places.name(county) else ()

    def unit(self, code: str) -> Unit | None:
        """A unit by its code; a city's unit is the same from each of its counties."""
        return next((unit for county in self._counties(code) for unit in self.units(county) if unit.code == code), None)

    def _counties(self, code: str) -> tuple[str, ...]:
        division = trim(code.partition("-")[0][:6])
        if len(division) == COUNTY:
            return (division,)
        return tuple(each for each in self._places.below(division) if len(each) == COUNTY)[:1]

    def made(self, county: str) -> tuple[Unit, ...]:
        city = UnitPlace(above := self._places.above(county), self._places.usual_name(above))
        townships = [UnitPlace(code, self._places.usual_name(code)) for code in self._places.below(county)]
        return county_units(UnitPlace(county, self._places.usual_name(county)), city, townships, self._posts)


def _post(row: Sequence[str]) -> DutyRow:
    suffix, zh, en, level, lead, duties, standards, operators, stand_in, valid_from, valid_to = row
    return DutyRow(
        suffix=suffix,
        zh=zh,
        en=en,
        level=level,
        lead=lead,
        duties=tuple(duties.split()),
        standards=tuple(standards.split()),
        operators=int(operators),
        stand_in=stand_in,
        valid_from=_day(valid_from),
        valid_to=_day(valid_to) if valid_to else None,
    )


def _day(text: str) -> datetime:
    """Midnight in China of an ISO date."""
    return datetime.fromisoformat(f"{text}T00:00:00+08:00").astimezone(UTC)


@lru_cache(maxsize=COUNTIES_CACHED)
def _units(directory: PackagedDirectory, county: str) -> tuple[Unit, ...]:
    return directory.made(county)


@cache
def places() -> PackagedPlaces:
    """Built once per process: a second of work."""
    return PackagedPlaces()


@cache
def kinds() -> PackagedKinds:
    return PackagedKinds()


@cache
def directory() -> PackagedDirectory:
    return PackagedDirectory(places())
