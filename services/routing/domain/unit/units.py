"""The directory of units (B4): duties by category and division, levels, stand-ins, effective dates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

STREET_OFFICE = ("办事处", "Subdistrict Office")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the directory, as it is from ``valid_from`` until before ``valid_to``.

    ``level``: city, county, township or department, where its matters can be resolved. ``division``: where it may act,
    a code prefix. ``duties``: category prefixes (URB, URB.01). ``standards``: codes it may choose from. ``operators``:
    active accounts; with none, ``stand_in`` takes its matters. ``missing``: duties for which there is no standard that
    it may choose.
    """

    code: str
    zh: str
    en: str
    level: str
    division: str
    lead_unit: str = ""
    duties: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    operators: int = 1
    stand_in: str = ""
    valid_from: datetime
    valid_to: datetime | None = None
    missing: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it can promise something for each of its duties: until then it is given nothing (C1)."""
        return self.missing == 0

    def is_in_force(self, now: datetime) -> bool:
        """Whether the unit exists at ``now``."""
        return self.valid_from <= now and (self.valid_to is None or now < self.valid_to)

    def answers_for(self, category: str, division: str) -> bool:
        """Whether matters of this category in this division are its duty."""
        return division.startswith(self.division) and any(covers(duty, category) for duty in self.duties)


def covers(duty: str, category: str) -> bool:
    """Whether a duty, a category or all below it, is for a category."""
    return bool(category) and (category == duty or category.startswith(f"{duty}."))


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """A row of the duty table: a kind of unit that every city, county or township has one of."""

    suffix: str
    zh: str
    en: str
    level: str
    lead: str
    duties: tuple[str, ...]
    standards: tuple[str, ...]
    operators: int
    stand_in: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A place that has units: its code (prefix), its six-digit form in unit codes, and its usual name."""

    code: str
    zh: str


def county_units(
    county: UnitPlace, city: UnitPlace, townships: Sequence[UnitPlace], posts: Iterable[DutyRow]
) -> tuple[Unit, ...]:
    """The units of any county: the duty table applied to the county, the city above and the townships below it."""
    where = {"city": (city,), "township": tuple(townships)}
    return tuple(_unit(post, place, county.code) for post in posts for place in where.get(post.level, (county,)))


def _unit(post: DutyRow, place: UnitPlace, county: str) -> Unit:
    zh, en = _office(post, place)
    return Unit(
        code=unit_code(place.code, post.suffix),
        zh=f"{place.zh}{zh}",
        en=en if post.level != "township" else f"{en} {place.code}",
        level=post.level,
        division=place.code,
        lead_unit=unit_code(place.code if post.level == "city" else county, post.lead) if post.lead else "",
        duties=post.duties,
        standards=post.standards,
        operators=post.operators,
        stand_in=unit_code(place.code, post.stand_in) if post.stand_in else "",
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def _office(post: DutyRow, place: UnitPlace) -> tuple[str, str]:
    """A street (街道) has an office where a town has a government."""
    is_street = post.level == "township" and place.zh.endswith("街道")
    return STREET_OFFICE if is_street else (post.zh, post.en)


def unit_code(division: str, suffix: str) -> str:
    return f"{division.ljust(6, '0')}-{suffix}"


def responsible(units: Iterable[Unit], category: str, division: str, now: datetime) -> tuple[Unit, ...]:
    """Whose duty it is: the units nearest to the place (a township's before the county's before the city's)."""
    able = [unit for unit in units if unit.is_in_force(now) and unit.answers_for(category, division)]
    nearest = max((len(unit.division) for unit in able), default=0)
    return tuple(unit for unit in able if len(unit.division) == nearest)


def leads_above(unit: Unit, units: Callable[[str], Unit | None]) -> tuple[str, ...]:
    """The lead units that a unit answers to, the next one first. ``units``: by code."""
    found: list[str] = []
    lead = unit.lead_unit
    while lead and lead not in found:
        found.append(lead)
        above = units(lead)
        lead = above.lead_unit if above else ""
    return tuple(found)


def present(unit: Unit, units: Iterable[Unit], now: datetime) -> Unit | None:
    """The unit itself, or its stand-in while it has no active operator; None when there is nobody."""
    if unit.operators > 0 and unit.is_in_force(now):
        return unit
    standing = [each for each in units if each.code == unit.stand_in]
    return next((each for each in standing if each.operators > 0 and each.is_in_force(now)), None)


def unattended(units: Iterable[Unit], now: datetime) -> tuple[Unit, ...]:
    """Units in force without an active operator: each is an alarm (B4)."""
    return tuple(unit for unit in units if unit.operators < 1 and unit.is_in_force(now))
