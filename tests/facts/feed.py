"""What the public feed says that is made of no fact."""

from contracts.feed import Reconciled
from tests.facts.values import made
from tests.harness import MONDAY

COUNTS = {"duban.ticket.assigned.v1": 2, "duban.ticket.registered.v1": 3}


def reconciled(**changed: object) -> Reconciled:
    usual = {"day": MONDAY.date(), "division": "431226", "counts": COUNTS, "first": "1" * 32, "last": "2" * 32}
    return made(Reconciled, changed, **usual)
