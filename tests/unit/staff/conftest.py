from collections.abc import AsyncIterator

import pytest

from tests.unit.staff.house import ServedStaff, house


@pytest.fixture
async def staff(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedStaff]:
    async with house(monkeypatch) as served:
        yield served
