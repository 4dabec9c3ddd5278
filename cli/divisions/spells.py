"""Where each place went when its code or its name ended: from tables of two years and the changes told of between."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cli.divisions.sources import TODAY, Event, Table
from services.routing.domain.place.gazetteer import short_form

GROUPINGS = frozenset(
    ("市辖区", "县", "市", "省直辖", "直辖县", "直辖市", "自治区直辖", "省直辖县级行政区划", "自治区直辖县级行政区划")
)
"""Rows of old tables that only group others."""
SEVERED = {("44", "46"), ("51", "50")}
"""Provinces that came out of another: Hainan of Guangdong, Chongqing of Sichuan."""
PARTS_OF_CITIES = ("城区", "郊区", "矿区", "中区")
REUSED, NO_SUCCESSOR = "码位改派", frozenset(("码位改派", "新设", "驻地迁移", "划转"))


@dataclass(frozen=True, slots=True)
class Spell:
    """A code with one name, from the first to the last year in which the tables have it."""

    code: str
    name: str
    first: int
    last: int


class Past:
    """Every spell, and the changes that were told of, by old code."""

    def __init__(self, tables: Mapping[int, Table], events: Iterable[Event]) -> None:
        self.spells = tuple(spells_of(tables))
        self._by_code, self._starting = defaultdict[str, list[Spell]](list), defaultdict[int, list[Spell]](list)
        self._events = defaultdict[str, list[Event]](list)
        for spell in self.spells:
            self._by_code[spell.code].append(spell)
            self._starting[spell.first].append(spell)
        for event in events:
            self._events[event.old].append(event)

    def alive(self, code: str, year: int) -> Spell | None:
        """What a code stood for in a year."""
        return next((each for each in self._by_code[code] if each.first <= year <= each.last), None)

    def told(self, spell: Spell) -> list[Event]:
        """What is told of the end of a spell."""
        near = (each for each in self._events[spell.code] if abs(each.year - spell.last - 1) <= 1)
        return [each for each in near if each.old_name in (spell.name, "")]

    def below(self, spell: Spell) -> list[Spell]:
        """The counties of a prefecture in its last year."""
        same = (each for each in self.spells if each.code[:4] == spell.code[:4] and each.code != spell.code)
        return [each for each in same if each.first <= spell.last <= each.last]

    def successor(self, spell: Spell) -> Spell | None:
        """The spell that goes on with the place: as told, else of the same name, the same code, the same stem."""
        told = self.told(spell)
        new = (self.alive(each.new, spell.last + 1) for each in told if each.kind not in NO_SUCCESSOR)
        if by_event := next((each for each in new if each and _may_follow(spell, each)), None):
            return by_event
        if same := _only(self._follow(spell, lambda each: each.name == spell.name)):
            return same
        if not any(each.kind == REUSED for each in told) and (renamed := self.alive(spell.code, spell.last + 1)):
            return renamed
        return _only(self._follow(spell, lambda each: stem(each.name) == stem(spell.name)))

    def districts(self, city: Spell) -> tuple[Spell, ...]:
        """The counties that began with a city and go on with no other place: what the county at its seat became."""
        begun = (each for each in self._starting[city.first] if each.code[:4] == city.code[:4] and each != city)
        return tuple(each for each in begun if each not in self._gone_on_with)

    @cached_property
    def _gone_on_with(self) -> frozenset[Spell | None]:
        return frozenset(self.successor(each) for each in self.spells if has_ended(each) and each.code[4:] != "00")

    def _follow(self, spell: Spell, fits: Callable[[Spell], bool]) -> list[Spell]:
        begun = [each for each in self._starting[spell.last + 1] if fits(each) and _may_follow(spell, each)]
        near = [each for each in begun if each.code[:2] == spell.code[:2] and each.code != spell.code]
        return near or ([] if spell.name.endswith(PARTS_OF_CITIES) else begun)


def spells_of(tables: Mapping[int, Table]) -> Iterator[Spell]:
    """The spells of all codes, in their order; groupings are no places."""
    years = sorted(tables)
    for code in sorted({code for table in tables.values() for code in table if len(code) == 6}):
        first = years[0]
        for year in years:
            name = tables[year].get(code)
            if name != tables.get(year + 1, {}).get(code):
                if name and name not in GROUPINGS:
                    yield Spell(code, name, first, year)
                first = year + 1


def stem(name: str) -> str:
    """A name without what says its level."""
    return short_form(name) or name


def _may_follow(old: Spell, new: Spell) -> bool:
    provinces = (old.code[:2], new.code[:2])
    return provinces[0] == provinces[1] or provinces in SEVERED


def _only(found: Sequence[Spell]) -> Spell | None:
    return found[0] if len(found) == 1 else None


def has_ended(spell: Spell) -> bool:
    """Whether the spell ended before today."""
    return spell.last < TODAY
