"""The town that all acceptance tests share."""

import secrets
from collections.abc import AsyncIterator

import pytest

from services.notify.wiring import parts_of
from tests.acceptance.outside import outside
from tests.acceptance.town import RunningSystem
from tests.acceptance.town import town as a_town
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture(scope="package")
async def town(stack: Stack) -> AsyncIterator[RunningSystem]:
    """All services on the real Kafka and MongoDB: ``town.submit``, ``accepted``, ``completed``, ``evaluate``, ``fact``,
    ``call`` any service's HTTP, ``wind`` the clock (shared by all tests: only forward). ``gateway`` and ``mailbox``
    hold what came by SMS and by e-mail."""
    async with outside() as there:
        async with a_town(stack, f"a{secrets.token_hex(4)}", there.settings) as running:
            running.gateway, running.mailbox = there.gateway, there.mailbox
            yield running
        await parts_of(running.platforms["notify"]).messengers["sms"].close()  # its deliverer may have been cut short
