"""Which fold takes which fact: the whole list of what the portal reacts to."""

from collections.abc import Mapping

from contracts.envelope import Body
from services.portal.reading.ticket.fold import deadlines, handling, registration
from services.portal.reading.ticket.fold.folding import Handler

REACTS: Mapping[type[Body], Handler] = dict((*registration.REACTS, *handling.REACTS, *deadlines.REACTS))
