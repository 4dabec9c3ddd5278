"""A running intake for every test of its HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.intake.house import ServedIntake, house


@pytest.fixture
async def intake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedIntake]:
    async with house(monkeypatch) as running:
        yield running
