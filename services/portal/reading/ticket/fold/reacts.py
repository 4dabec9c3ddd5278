"""Which fold takes which fact: the whole list of what the portal reacts to."""

from collections.abc import Mapping

from contracts.envelope import Body
from services.portal.reading.ticket.fold import deadlines, handling, plans, registration, reviews
from services.portal.reading.ticket.fold.folding import Handler

REACTS: Mapping[type[Body], Handler] = dict(
    (*registration.REACTS, *plans.REACTS, *handling.REACTS, *reviews.REACTS, *deadlines.REACTS)
)
