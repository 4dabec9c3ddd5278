"""The measures of plans: each colour of each is said once, in its time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contracts.envelope import Message
from contracts.messages import feedback, intake, schemes
from contracts.vocabulary import COLOURS
from simulation.clock_checks import ANNOUNCED_WITHIN
from simulation.history import History, Violated
from simulation.village import Village

OVER = (feedback.TicketCompleted, feedback.TicketStruckOff, intake.TicketWithdrawn)
"""After these the measures of no plan count any more."""


class MeasuresOfATicket:
    """What was said of the measures of one ticket, as its log tells it.

    Services write as they get to it: measures may be timed of a plan that the log has replaced already.
    """

    def __init__(self, ticket: str) -> None:
        self._ticket = ticket
        self._shown = dict[tuple[int, int], str]()
        self._known = dict[int, schemes.MeasuresTimed]()
        self._newest = 0
        self.timed: schemes.MeasuresTimed | None = None

    def hear(self, message: Message[Any]) -> None:
        """Take the next message of the log. Raises Violated where a colour is early, out of order, or said twice."""
        body = message.body
        if isinstance(body, feedback.PlanMade):
            self._plan(body.version)
        elif isinstance(body, OVER):
            self._plan(0)
        elif isinstance(body, schemes.MeasuresTimed):
            self._time(body)
        elif isinstance(body, schemes.MeasureLightChanged):
            for index in body.indices:
                self._turn(index, body, message.at)

    def _plan(self, version: int) -> None:
        self._newest, self.timed = version, None
        self._known.pop(version, None)

    def _time(self, body: schemes.MeasuresTimed) -> None:
        if body.plan in self._known:
            raise Violated(f"C4 {self._ticket}: the measures of its plan {body.plan} were timed twice")
        self._known[body.plan] = body
        if body.plan == self._newest:
            self.timed = body

    def _turn(self, index: int, body: schemes.MeasureLightChanged, at: datetime) -> None:
        """A plan that was replaced still says what had turned before that."""
        place, track = f"C4 {self._ticket} measure {index}", self._known.get(body.plan)
        timed = {each.index: each for each in track.items} if track else {}
        begins = getattr(timed[index], body.new) if index in timed else None
        if begins is None or at < begins:
            raise Violated(f"{place} turned {body.new} early")
        if COLOURS.index(body.new) <= COLOURS.index(self._shown.get((body.plan, index), COLOURS[0])):
            raise Violated(f"{place} turned {body.new} after {self._shown[body.plan, index]}")
        self._shown[body.plan, index] = body.new

    def unsaid(self, until: datetime, ended: set[tuple[int, int]]) -> Iterator[int]:
        """Measures that were red by then, of which nobody said so. ``ended``: plan and index of those that are done."""
        for each in self.timed.items if self.timed else ():
            place = (self.timed.plan if self.timed else 0, each.index)
            if each.red <= until and place not in ended and self._shown.get(place) != COLOURS[-1]:
                yield each.index


def measures_turn_once_and_in_their_time(history: History, village: Village) -> None:
    """C4: each colour of each measure is said once, in order, not before its instant; and none that is over is not."""
    until = village.clock.now() - ANNOUNCED_WITHIN
    for ticket, messages in history.messages.items():
        heard = MeasuresOfATicket(ticket)
        for message in messages:
            heard.hear(message)
        reports = (m.body for m in messages if isinstance(m.body, feedback.MeasureReported))
        for index in heard.unsaid(until, {(each.plan, each.index) for each in reports if each.done}):
            raise Violated(f"C4 {ticket} measure {index} should be red, and nobody said so")
