"""sla says of each unit for how many duties there is no standard, when that changes, and only then (C1)."""

from datetime import timedelta

import pytest

from contracts.envelope import Body
from contracts.messages.coverage import CoverageFound
from runtime.clock import Clock
from runtime.process.configuration import publication
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.routing.adapters import packaged as duties
from services.routing.adapters import published as units
from services.sla.adapters import packaged, published
from services.sla.adapters.coverage import coverage_key, unsaid
from services.sla.adapters.published import configuration_of
from services.sla.domain import standards
from services.sla.domain.standards import Gap
from services.sla.workers.coverage import AGAIN, CoverageWatch
from tests.facts.coverage import coverage_found
from tests.facts.routing import unit_published
from tests.facts.standards import standard_published
from tests.facts.values import UNIT
from tests.harness import MONDAY

NONE, GENERAL = Gap(UNIT, "ELC.01", general=False), Gap(UNIT, "ELC.02", general=True)
KEY = coverage_key(UNIT)


@pytest.mark.parametrize(
    ("gaps", "before", "said"),
    [
        ((), None, None),
        ((NONE, GENERAL), None, (1, 1, 1)),
        ((NONE, GENERAL), (4, 1, 1), None),
        ((GENERAL,), (4, 1, 1), (5, 0, 1)),
        ((), (4, 1, 1), (5, 0, 0)),
        ((), (4, 0, 0), None),
    ],
    ids=["whole", "first", "the_same", "fewer", "whole_again", "still_whole"],
)
def test_what_changed_is_said_under_the_next_version(
    gaps: tuple[Gap, ...], before: tuple[int, int, int] | None, said: tuple[int, int, int] | None
) -> None:
    def found(counted: tuple[int, int, int]) -> dict[str, CoverageFound]:
        version, missing, general = counted
        return {KEY: coverage_found(unit=UNIT, version=version, missing=missing, general=general)}

    assert dict(unsaid([UNIT], gaps, found(before) if before else {})) == (found(said) if said else {})


class WatchedTown:
    """sla's watch over an in-memory configuration."""

    def __init__(self) -> None:
        self.wall = MONDAY
        self.platform = InMemoryPlatform(load(Settings), Clock(wall=lambda: self.wall))
        self.configuration = configuration_of(self.platform)
        self.watch = CoverageWatch(self.platform)

    async def publish(self, key: str, body: Body) -> None:
        await self.platform.writer.publish([publication(key, body, "sla", self.platform.clock)])

    async def packaged(self) -> None:
        for key, body in published.missing(self.configuration):
            await self.publish(key, body)

    async def looked(self) -> list[tuple[int, int]]:
        """Version and missing duties of the unit, as they stand after a look."""
        await self.configuration.catch_up()
        await self.watch.look()
        await self.configuration.catch_up()
        said = self.configuration.all(CoverageFound).get(KEY)
        return [(said.version, said.missing)] if said else []


async def test_half_a_catalogue_is_no_gap_and_a_standard_that_comes_makes_the_unit_whole() -> None:
    town = WatchedTown()
    await town.publish(f"unit/{UNIT}", unit_published(code=UNIT, duties=("ELC.01",), standards=("ELC-77",)))
    assert await town.looked() == []
    await town.packaged()
    assert await town.looked() == [(1, 1)]
    assert await town.looked() == [(1, 1)]
    other = standard_published().standard.model_copy(
        update={"code": "ELC-77", "version": 1, "valid_from": MONDAY + timedelta(hours=1)}
    )
    await town.publish("standard/ELC-77@1", standard_published(standard=other, duties=("ELC",)))
    assert await town.looked() == [(1, 1)]
    town.wall += timedelta(hours=1) - AGAIN / 2
    assert await town.looked() == [(1, 1)]
    town.wall += AGAIN
    assert await town.looked() == [(2, 0)]


@pytest.mark.parametrize("county", ["431226", "431225", "431202", "110101"])
def test_no_unit_of_the_packaged_table_would_stand_still(county: str) -> None:
    found = {unit.code: units.published(unit) for unit in duties.directory().units(county)}
    offered = standards.in_force(map(packaged.standard_of, packaged.standards()), MONDAY)
    gaps = standards.gaps(
        {code: unit.duties for code, unit in found.items()},
        {code: unit.standards for code, unit in found.items()},
        offered,
    )
    assert found
    assert [gap for gap in gaps if not gap.general] == []
