"""A knock: a person's word was waited for long enough, or it is looked again whether a unit can promise something."""

from datetime import datetime

from contracts.envelope import Message, WakeUp
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment import coverage
from services.routing.domain.assignment import urgency as urgencies
from services.routing.domain.assignment.assignment import Assignment
from services.routing.domain.unit.units import Unit, present
from services.routing.handlers.directory import WithDirectory
from services.routing.handlers.statements import urgency_judged


class RoutingTimers(WithDirectory):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Assignment], ...]:
        """Each message with the handler that is made for it."""
        return (on(WakeUp, self.on_wake_up),)

    def on_wake_up(self, document: Assignment | None, message: Message[WakeUp], now: datetime) -> Result[Assignment]:
        """Nobody said whether it is urgent: it is. What waits for standards goes to its unit once it has them."""
        judged = None if document is None else urgencies.unanswered(document, now)
        if judged is not None:
            return Change(judged, (urgency_judged(judged, "silence"),))
        if document is None or not coverage.is_due(document, now):
            return Ignore("not_due")
        return self._looked_again(document, now)

    def _looked_again(self, document: Assignment, now: datetime) -> Result[Assignment]:
        unit = self._live(document, now)
        if unit is None:
            return Change(coverage.looked(document, now), ())
        assigned = rules.given_to(document, unit, document.category, binding=False)
        return Change(assigned, (self._assigned(assigned, unit, (f"live:{unit.code}",)),))

    def _live(self, document: Assignment, now: datetime) -> Unit | None:
        """The one unit that the matter waits for, or who stands in for it, when that can promise something."""
        found = [self._directory.unit(code) for code in document.candidates[:1]]
        wanted = next((each for each in found if each), None)
        stand_in = self._directory.unit(wanted.stand_in) if wanted else None
        unit = present(wanted, (stand_in,) if stand_in else (), now) if wanted else None
        return unit if unit and unit.is_live else None
