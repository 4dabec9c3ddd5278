"""What the tests of notify leave open is closed after each."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.notify.hooking import Hooking


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    yield
    while Hooking.made:
        await Hooking.made.pop().poster.close()
