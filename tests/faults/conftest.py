"""A Kafka and a MongoDB that the tests of faults may break, and a crew of processes on them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.mongod import MongodMissing
from tests.faults.crew import Crew, crew
from tests.stack import OwnStack, own_stack


@pytest.fixture(scope="package")
def breakable() -> Iterator[OwnStack]:
    """Of their own, also when the environment names others."""
    try:
        with own_stack() as running:
            yield running
    except (MongodMissing, ModuleNotFoundError) as why:
        pytest.skip(f"no real Kafka and MongoDB: {why}")


@pytest.fixture
async def team(breakable: OwnStack, tmp_path: Path) -> AsyncIterator[Crew]:
    """Real child processes on a namespace of their own; their logs are beside what was acknowledged."""
    async with crew(breakable, tmp_path) as running:
        yield running
