"""What asks for a standard waits while none is published yet: it is never refused for good."""

import pytest

from contracts.messages.standards import StandardPublished
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.routing.adapters.published import PublishedStandards
from services.sla.adapters import packaged
from tests.facts.routing import accept_ticket, return_ticket
from tests.harness import MONDAY, request

ACCEPT = request(accept_ticket(standard="GEN-01"))
RETURN = request(return_ticket())


async def test_an_acceptance_waits_for_the_first_standard_and_nothing_else_does() -> None:
    log = InMemoryLog()
    known = Configuration(InMemoryFollower(log, "configuration"), [StandardPublished])
    standards = PublishedStandards(known)
    with pytest.raises(Unavailable):
        await standards.wait_for([RETURN, ACCEPT])
    await standards.wait_for([RETURN])
    for key, body in packaged.publications():
        log.append(publication(key, body, "sla", Clock(wall=lambda: MONDAY)))
    await known.catch_up()
    await standards.wait_for([RETURN, ACCEPT])
    assert "GEN-01" in {each.standard.code for each in standards.published()}
