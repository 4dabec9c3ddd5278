"""Which fold takes which fact: the whole list of what the portal reacts to."""

from collections.abc import Mapping

from contracts.envelope import Body
from services.portal.reading.ticket.fold import (
    accountability,
    deadlines,
    handling,
    plans,
    registration,
    reviews,
    verification,
)
from services.portal.reading.ticket.fold.folding import Handler

REACTS: Mapping[type[Body], Handler] = dict(
    (
        *registration.REACTS,
        *plans.REACTS,
        *handling.REACTS,
        *reviews.REACTS,
        *verification.REACTS,
        *accountability.REACTS,
        *deadlines.REACTS,
    )
)
