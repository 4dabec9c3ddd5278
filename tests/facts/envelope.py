"""What every service says of a request, and a timer's knock."""

from contracts.envelope import RequestDecided, WakeUp
from tests.facts.values import made
from tests.harness import MONDAY


def request_decided(**changed: object) -> RequestDecided:
    given = {"request": "r1", "request_type": "AcceptTicket", "accepted": True, "code": ""}
    return made(RequestDecided, changed, **given)


def wake_up(**changed: object) -> WakeUp:
    return made(WakeUp, changed, service="sla", due=MONDAY)
