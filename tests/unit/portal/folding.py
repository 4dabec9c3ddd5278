"""The document that the portal folds out of one fact, and out of a whole way through the loop."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.envelope import Body
from runtime.change import Change
from services.portal import wiring
from services.portal.reading.adapters.memory import ClearWords
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold.reacts import REACTS
from tests.harness import MONDAY, TICKET, Stage, fact
from tests.unit.portal import log


def folded(ticket: Ticket | None, body: Body, *given: str, minutes: int = 1) -> Ticket:
    """The document after one fact, which came with these clear words."""
    at = MONDAY + timedelta(minutes=minutes)
    message = replace(fact(body, at), given=given or None)
    change = REACTS[type(body)](ticket, message, at)
    assert isinstance(change, Change), change
    return change.document


async def folded_by_the_loop(*, twice: bool) -> Any:
    stage = Stage(wiring.build(ClearWords()))
    seqs: dict[str, int] = {}
    for minute, (producer, body) in enumerate(log.journey()):
        seqs[producer] = seqs.get(producer, 0) + 1
        message = fact(body, MONDAY + timedelta(minutes=minute), seq=seqs[producer], producer=producer)
        stage.say(*([message] * (2 if twice else 1)))
    await stage.run()
    return stage.document(TICKET)
