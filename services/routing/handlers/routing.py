"""Requests of desks and units: assign, accept, return, judge urgency."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import routing
from runtime.change import Change, Keep, Result
from runtime.delivery.service import Reaction, on
from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment import urgency as urgencies
from services.routing.domain.assignment.assignment import (
    Assignment,
    AssignmentRefused,
    AssignmentState,
)
from services.routing.domain.place.near_the_door import Served
from services.routing.domain.unit.standards import allowed
from services.routing.handlers.directory import WithDirectory
from services.routing.handlers.statements import by_hand, giver, refusal, ticket_accepted, unit_of, urgency_judged
from services.routing.ports import Directory, Kinds, Places, PlanRules, Standards, offered


class AssignmentHandlers(WithDirectory):
    """Pure: (document, message, now) → what comes of it."""

    def __init__(
        self,
        places: Places,
        kinds: Kinds,
        directory: Directory,
        standards: Standards,
        served: Served,
        plans: PlanRules,
    ) -> None:
        super().__init__(places, kinds, directory, standards, served)
        self._plans = plans

    def reacts(self) -> tuple[Reaction[Assignment], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(routing.AssignTicket, self.on_assign_ticket),
            on(routing.AcceptTicket, self.on_accept_ticket),
            on(routing.ReturnTicket, self.on_return_ticket),
            on(routing.JudgeUrgency, self.on_judge_urgency),
        )

    def on_assign_ticket(
        self, document: Assignment | None, message: Message[routing.AssignTicket], now: datetime
    ) -> Result[Assignment]:
        """一键交办 by the lead unit; while disputed, the supervision office's word binds (B6)."""
        if document is None:
            return Keep()
        choice = self._choice(message.body)
        assigned = rules.decide_assignment(document, choice, giver(message.actor), now)
        if isinstance(assigned, AssignmentRefused):
            return refusal(assigned)
        unit = self._directory.unit(assigned.unit)
        assert unit is not None, "a unit or its stand-in was chosen"
        said = self._assigned(assigned, unit, by_hand(assigned, message))
        fact = said.model_copy(update={"explanation": message.body.reason})
        return Change(assigned, (fact,), {"unit": unit.code, "state": assigned.state.value})

    def on_accept_ticket(
        self, document: Assignment | None, message: Message[routing.AcceptTicket], now: datetime
    ) -> Result[Assignment]:
        """受理: the unit chooses a standard, which travels by value; feedback takes over."""
        if document is None:
            return Keep()
        unit, wanted = self._directory.unit(document.unit), message.body.standard
        catalogue = offered(self._standards.published())
        choices = allowed(unit.standards if unit else (), document.category, catalogue, now)
        exists = any(promise.code == wanted for promise in catalogue)
        accepted = rules.decide_acceptance(document, unit_of(message.actor), wanted, choices, exists=exists)
        if isinstance(accepted, AssignmentRefused) or unit is None:
            return refusal(accepted if isinstance(accepted, AssignmentRefused) else rules.UNKNOWN_UNIT)
        standard = next(catalogue[promise] for promise in choices if promise.code == wanted)
        asked = self._plans.asks(accepted.division, accepted.category, standard.code, now)
        fact = ticket_accepted(accepted, unit, standard, plan_asked=asked)
        return Change(accepted, (fact,), {"standard": standard.code})

    def on_return_ticket(
        self, document: Assignment | None, message: Message[routing.ReturnTicket], now: datetime
    ) -> Result[Assignment]:
        """退回 with a ground from the list; the second time it is disputed; a binding decision cannot be returned."""
        if document is None:
            return Keep()
        returned = rules.decide_return(document, unit_of(message.actor), message.body.ground)
        if isinstance(returned, AssignmentRefused):
            return refusal(returned)
        fact = routing.TicketReturned(
            unit=document.unit,
            ground=message.body.ground,
            explanation=message.body.explanation,
            count=returned.returns,
            disputed=returned.state is AssignmentState.DISPUTED,
        )
        return Change(returned, (fact,), {"state": returned.state.value})

    def on_judge_urgency(
        self, document: Assignment | None, message: Message[routing.JudgeUrgency], now: datetime
    ) -> Result[Assignment]:
        """特急认定 by staff, to the end of the matter: it changes no state."""
        if document is None:
            return Keep()
        body, role = message.body, message.actor.role if message.actor else ""
        wanted = urgencies.Judgement(body.urgent, body.gives_reason or bool(body.reason), role)
        judged = urgencies.judge(document, wanted, now)
        if isinstance(judged, AssignmentRefused):
            return refusal(judged)
        return Change(judged, (urgency_judged(judged, "person", body.reason),), {"level": judged.urgency_level})
