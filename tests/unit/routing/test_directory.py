"""The directory as it was published (B4): what an operator published stands, in routing and after a restart."""

import pytest

from contracts.messages.coverage import CoverageFound
from contracts.messages.routing import UnitPublished
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.routing.adapters import packaged
from services.routing.adapters.packaged import DIRECTORY_VERSION
from services.routing.adapters.published import PublishedDirectory, published, unpublished
from tests.facts.values import COUNTY
from tests.harness import MONDAY
from tests.unit.routing.matters import WATER

SEED = packaged.directory()
UNITS = SEED.units(COUNTY)


class PublishedUnits:
    """A directory over a configuration that somebody publishes to."""

    def __init__(self) -> None:
        self.log = InMemoryLog()
        self.known = Configuration(InMemoryFollower(self.log, "configuration"), [UnitPublished, CoverageFound])
        self.directory = PublishedDirectory(SEED, self.known)

    async def publish(self, code: str = WATER, version: int = DIRECTORY_VERSION + 1, **changed: object) -> None:
        unit = SEED.unit(WATER)
        assert unit is not None
        body = published(unit).model_copy(update={"code": code, "version": version, **changed})
        self.log.append(publication(f"unit/{code}", body, "routing", Clock(wall=lambda: MONDAY)))
        await self.known.catch_up()


def test_until_something_is_published_the_packaged_directory_stands() -> None:
    house = PublishedUnits()
    assert house.directory.units(COUNTY) == UNITS
    assert house.directory.unit(WATER) == SEED.unit(WATER)
    assert house.directory.units("999999") == ()


@pytest.mark.parametrize(("version", "stands"), [(DIRECTORY_VERSION - 1, False), (DIRECTORY_VERSION, True), (9, True)])
async def test_a_published_unit_stands_over_the_packaged_one_unless_it_is_older(version: int, stands: bool) -> None:
    house = PublishedUnits()
    assert house.directory.unit(WATER) == SEED.unit(WATER)
    await house.publish(version=version, operators=0)
    unit = house.directory.unit(WATER)
    assert unit is not None
    assert (unit.operators == 0) is stands
    assert unit in house.directory.units(COUNTY)
    assert len(house.directory.units(COUNTY)) == len(UNITS)


async def test_a_unit_that_was_never_packaged_acts_where_it_was_published_for() -> None:
    house = PublishedUnits()
    await house.publish(f"{COUNTY}-NEW", 1)
    (new,) = set(house.directory.units(COUNTY)) - set(UNITS)
    assert new.code == f"{COUNTY}-NEW"
    assert new not in house.directory.units("431222")


def test_everything_is_published_at_first() -> None:
    assert {key for key, _ in unpublished(UNITS, {})} == {f"unit/{unit.code}" for unit in UNITS}


def test_what_is_there_already_or_newer_is_not_published_again() -> None:
    there = {f"unit/{unit.code}": published(unit) for unit in UNITS}
    newer = there[f"unit/{WATER}"].model_copy(update={"version": DIRECTORY_VERSION + 1})
    older = there[f"unit/{WATER}"].model_copy(update={"version": DIRECTORY_VERSION - 1})
    assert list(unpublished(UNITS, there | {f"unit/{WATER}": newer})) == []
    assert [key for key, _ in unpublished(UNITS, there | {f"unit/{WATER}": older})] == [f"unit/{WATER}"]
