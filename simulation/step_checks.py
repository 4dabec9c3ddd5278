"""C7: each step of a published ladder is said once, in its time, and none that is over stays unsaid."""

from datetime import datetime
from typing import Any

from contracts.envelope import Message
from contracts.messages import feedback, ladders, sla
from simulation.clock_checks import ANNOUNCED_WITHIN, first_of
from simulation.history import History, Violated
from simulation.village import Village

Stood = tuple[str, str]
"""The clock with which its time began, and the step."""
CAUSES = (feedback.TicketStuck, feedback.ReworkOrdered)


class StepsOfATicket:
    """What of one ticket was said of its clocks' steps, as the log tells it."""

    def __init__(self, ticket: str) -> None:
        self._ticket = ticket
        self.in_force = dict[str, sla.DeadlineSet]()
        self.said = set[Stood]()

    def hear(self, message: Message[Any]) -> None:
        """Take the next message of the log. Raises Violated where a step is early, or said twice."""
        body = message.body
        if isinstance(body, sla.DeadlineSet):
            self.in_force[body.clock] = body
            self._take_back(body, message.at, is_over=False)
        elif isinstance(body, sla.ClockStopped):
            self._take_back(self.in_force[body.clock], message.at, is_over=True)
        elif isinstance(body, ladders.StepReached) and body.clock:
            self._reached(body, message.at)

    def _reached(self, body: ladders.StepReached, at: datetime) -> None:
        clock = self.in_force[body.clock]
        instant = {each.step: each.at for each in clock.steps}.get(body.step)
        if instant is None or at < instant:
            raise Violated(f"C7 {self._ticket} {body.clock} stood on {body.step} early")
        if (first_of(clock), body.step) in self.said:
            raise Violated(f"C7 {self._ticket} {body.clock} stood on {body.step} twice")
        self.said.add((first_of(clock), body.step))

    def _take_back(self, clock: sla.DeadlineSet, at: datetime, *, is_over: bool) -> None:
        """What lies ahead by a new deadline, or lay ahead when the clock stopped, is to be said in its own time."""
        ahead = {each.step for each in clock.steps if each.at > at or (is_over and each.at == at)}
        self.said -= {(first_of(clock), step) for step in ahead}

    def unsaid(self, stopped: set[str], until: datetime) -> list[str]:
        """Steps of clocks that run, which are over and were not said."""
        running = [each for clock, each in self.in_force.items() if clock not in stopped]
        return [
            f"{clock.clock} {each.step}"
            for clock in running
            for each in clock.steps
            if each.at <= until and (first_of(clock), each.step) not in self.said
        ]


def steps_are_said_once_and_in_their_time(history: History, village: Village) -> None:
    until = village.clock.now() - ANNOUNCED_WITHIN
    for ticket, messages in history.messages.items():
        steps = StepsOfATicket(ticket)
        for message in messages:
            steps.hear(message)
        stopped = {each.body.clock for each in messages if isinstance(each.body, sla.ClockStopped)}
        if unsaid := steps.unsaid(stopped, until):
            raise Violated(f"C7 {ticket}: nobody said {unsaid}")


def steps_of_a_matter_have_one_cause_each(history: History) -> None:
    """A matter that stuck, or was done again, stands on one step for it."""
    for ticket, messages in history.messages.items():
        causes = {each.id for each in messages if isinstance(each.body, CAUSES)}
        stood = [each for each in messages if isinstance(each.body, ladders.StepReached) and not each.body.clock]
        if len({each.cause for each in stood} & causes) != len(stood):
            raise Violated(f"C7 {ticket}: a step of the matter without a cause of its own")
