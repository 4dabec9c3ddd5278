"""What sla said of a matter, taken as what came of its clocks."""

from collections import defaultdict
from datetime import datetime

from contracts.envelope import Body
from contracts.messages.conferences import ConferenceDecided
from contracts.messages.sla import ClockStopped, DeadlineSet, MoreTimeDecided, OrderWithdrawn, SupervisionOrdered
from services.sla.domain.more_time import EXTENSION
from services.sla.domain.sheet import ANSWER_BY
from services.sla.domain.what_if import Found, Place, TimedWork, WhatIfPeriod


class MatterClocks:
    """What sla said of one matter, taken fact by fact. Clocks of answers to orders are of no standard: left out."""

    def __init__(self) -> None:
        self._work: dict[str, TimedWork] = {}
        self._first: dict[str, str] = {}

    def take(self, body: Body) -> None:
        """The next fact, in the order in which sla said them."""
        match body:
            case DeadlineSet() if body.kind != ANSWER_BY:
                self._set(body)
            case ClockStopped():
                self._stopped(body)
            case SupervisionOrdered() if work := self._of(body.clock):
                work.orders.add(body.order)
            case OrderWithdrawn():
                for each in self._work.values():
                    each.orders.discard(body.order)
            case MoreTimeDecided() | ConferenceDecided() if work := self._of(body.clock):
                work.extended = work.extended or _extends(body)

    def _set(self, body: DeadlineSet) -> None:
        """A standard is one over its versions, so that what holds today stands beside the candidate."""
        first = self._first[body.clock] = body.continues or body.clock
        place = body.unit, body.standard.partition("@")[0]
        work = self._work.setdefault(first, TimedWork(place, body.start, body.due))
        work.place, work.due = place, body.due
        work.running.add(body.clock)

    def _stopped(self, body: ClockStopped) -> None:
        if work := self._of(body.clock):
            work.running.discard(body.clock)
            work.missed = work.missed or not body.met

    def _of(self, clock: str) -> TimedWork | None:
        return self._work.get(self._first.get(clock, ""))

    def found(self, period: WhatIfPeriod, until: datetime) -> Found:
        """Of the clocks that began in the period, as they were by then."""
        found: dict[Place, set[str]] = defaultdict(set)
        for work in self._work.values():
            if period.holds(work.start):
                found[work.place].update(work.found(until))
        return found


def _extends(body: MoreTimeDecided | ConferenceDecided) -> bool:
    if isinstance(body, ConferenceDecided):
        return body.amount > 0
    return body.approved and body.how == EXTENSION
