"""Units and standards as they are published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts import plan_rules
from contracts.catalogue import consumed_by
from contracts.envelope import Body, Message
from contracts.messages.coverage import CoverageFound
from contracts.messages.reviews import PlanRulePublished
from contracts.messages.routing import AcceptTicket, UnitPublished
from contracts.messages.standards import StandardPublished
from runtime.delivery.ports import Unavailable
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force
from runtime.process.platform import Platform
from services.routing.adapters import packaged
from services.routing.adapters.packaged import DIRECTORY_VERSION, PackagedDirectory
from services.routing.domain.unit.units import Unit


@dataclass(frozen=True, slots=True)
class PublishedStandards:
    """The catalogue as it was published."""

    configuration: Configuration

    async def wait_for(self, messages: Sequence[Message[Body]]) -> None:
        """Raises Unavailable while nothing at all is published: what asks for a standard waits, and is not refused."""
        if not self.configuration.all(StandardPublished) and any(isinstance(m.body, AcceptTicket) for m in messages):
            raise Unavailable("no standard is published yet")

    def published(self) -> Sequence[StandardPublished]:
        return tuple(self.configuration.all(StandardPublished).values())


class NoStandards:
    def published(self) -> Sequence[StandardPublished]:
        return ()


class PublishedPlanRules:
    """The rules as they were published: of the narrowest division, the newest that has begun."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def asks(self, division: str, category: str, standard: str, at: datetime) -> bool:
        """As the edition in force for the division says."""
        published = self._configuration.all(PlanRulePublished).values()
        rule = in_force(published, lambda each: each.division, division, at)
        return rule is not None and plan_rules.asks(rule, category, standard)


class NoPlanRules:
    """Nothing is published: nobody is asked for a plan."""

    def asks(self, division: str, category: str, standard: str, at: datetime) -> bool:
        return False


class PublishedDirectory:
    """The packaged directory (the seed), and what was published over it: of each unit the newest version stands.

    Each with the number of duties for which sla found no standard.
    """

    def __init__(self, seed: PackagedDirectory, configuration: Configuration) -> None:
        self._seed, self._configuration = seed, configuration
        self._folded = -1
        self._by_code, self._by_county = dict[str, Unit](), dict[str, tuple[Unit, ...]]()
        self._missing = dict[str, int]()

    def units(self, county: str) -> tuple[Unit, ...]:
        """The units that act in a county, as they were published last."""
        published = self._published()
        if county not in self._by_county:
            seeded = {unit.code: unit for unit in self._seed.units(county)}
            more = {code: unit for code, unit in published.items() if seeded and _acts_in(unit, county)}
            self._by_county[county] = tuple(map(self._covered, (seeded | more).values()))
        return self._by_county[county]

    def unit(self, code: str) -> Unit | None:
        """A unit as it was published last."""
        unit = self._published().get(code) or self._seed.unit(code)
        return self._covered(unit) if unit else None

    def _published(self) -> dict[str, Unit]:
        """Those that stand over the seed; made once for each version of the configuration."""
        if self._folded != self._configuration.version:
            self._folded, self._by_county = self._configuration.version, {}
            said = self._configuration.all(UnitPublished).values()
            self._by_code = {each.code: unit_of(each) for each in said if self._stands(each)}
            found = self._configuration.all(CoverageFound).values()
            self._missing = {each.unit: each.missing for each in found if each.missing > 0}
        return self._by_code

    def _covered(self, unit: Unit) -> Unit:
        missing = self._missing.get(unit.code, 0)
        return replace(unit, missing=missing) if missing else unit

    def _stands(self, said: UnitPublished) -> bool:
        return said.version >= DIRECTORY_VERSION or self._seed.unit(said.code) is None


def _acts_in(unit: Unit, county: str) -> bool:
    return unit.division.startswith(county) or county.startswith(unit.division)


def unit_of(published: UnitPublished) -> Unit:
    """A unit as the rules see it."""
    same = ("code", "level", "division", "lead_unit", "duties", "standards", "operators", "stand_in")
    named = {name: getattr(published, name) for name in (*same, "valid_from", "valid_to")}
    return Unit(zh=published.name_zh, en=published.name_en, **named)


def published(unit: Unit) -> UnitPublished:
    """A unit of the packaged directory as the other services see it."""
    return UnitPublished(
        code=unit.code,
        version=DIRECTORY_VERSION,
        name_zh=unit.zh,
        name_en=unit.en,
        level=unit.level,
        division=unit.division,
        lead_unit=unit.lead_unit,
        duties=unit.duties,
        standards=unit.standards,
        operators=unit.operators,
        stand_in=unit.stand_in,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def unpublished(units: Iterable[Unit], known: Mapping[str, UnitPublished]) -> Iterator[tuple[str, UnitPublished]]:
    """What of the packaged directory is still to be published, by key: what is absent, or there in an older version.

    What an operator published since stands, also after a restart.
    """
    for unit in units:
        key, body = f"unit/{unit.code}", published(unit)
        if key not in known or known[key].version < body.version:
            yield key, body


def configuration_of(platform: Platform) -> Configuration:
    """The folded catalogue, one per process."""
    return platform.once(_configuration)


def _configuration(platform: Platform) -> Configuration:
    return Configuration(platform.follower("configuration"), consumed_by("routing", "configuration"))


def directory_of(platform: Platform) -> PublishedDirectory:
    """The units as they were published, one per process."""
    return platform.once(_directory)


def _directory(platform: Platform) -> PublishedDirectory:
    return PublishedDirectory(packaged.directory(), configuration_of(platform))
