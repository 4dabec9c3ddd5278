"""Routing's handlers: it holds the baton from registration until a unit has accepted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Actor, Message, WakeUp
from contracts.messages import intake, routing
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment import urgency as urgencies
from services.routing.domain.assignment.assignment import (
    Assignment,
    AssignmentRefused,
    AssignmentState,
    AssignmentVoter,
    Choice,
    Giver,
)
from services.routing.domain.assignment.routes import Queue, Route, decide_route
from services.routing.domain.kind.categories import TAXONOMY_VERSION, Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.near_the_door import Served, desk_of, located, places_of
from services.routing.domain.unit.standards import allowed
from services.routing.domain.unit.units import Unit, leads_above
from services.routing.ports import Directory, Kinds, Places, Standards, Text, offered

Handler = Callable[[Assignment | None, Message[Any], datetime], Result[Assignment]]
NOTHING_SAID = Text()


class RoutingHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(
        self, places: Places, kinds: Kinds, directory: Directory, standards: Standards, served: Served
    ) -> None:
        self._places, self._kinds, self._directory, self._standards = places, kinds, directory, standards
        self._served = served

    def on_ticket_registered(
        self, document: Assignment | None, message: Message[intake.TicketRegistered], now: datetime
    ) -> Result[Assignment]:
        """分办: unambiguous → assigned with its reasons, else onto the work list. Routing takes the baton."""
        if document is not None:
            return Ignore("held_already")
        text = message.given if isinstance(message.given, Text) else NOTHING_SAID
        place, kind = self._place(message.body, text), self._kinds.classify(text)
        route = self._route(message.body, place, kind, now)
        return self._routed(self._registered(message.body, place, kind.code, now), route)

    def on_assign_ticket(
        self, document: Assignment | None, message: Message[routing.AssignTicket], now: datetime
    ) -> Result[Assignment]:
        """一键交办 by the lead unit; while disputed, the supervision office's word binds (B6)."""
        if document is None:
            return Keep()
        choice = self._choice(message.body)
        assigned = rules.decide_assignment(document, choice, _giver(message.actor), now)
        if isinstance(assigned, AssignmentRefused):
            return _refusal(assigned)
        unit = self._directory.unit(assigned.unit)
        assert unit is not None, "a unit or its stand-in was chosen"
        said = self._assigned(assigned, unit, _by_hand(assigned, message))
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
        accepted = rules.decide_acceptance(document, _unit_of(message.actor), wanted, choices, exists=exists)
        if isinstance(accepted, AssignmentRefused) or unit is None:
            return _refusal(accepted if isinstance(accepted, AssignmentRefused) else rules.UNKNOWN_UNIT)
        standard = next(catalogue[promise] for promise in choices if promise.code == wanted)
        return Change(accepted, (_accepted(accepted, unit, standard),), {"standard": standard.code})

    def on_return_ticket(
        self, document: Assignment | None, message: Message[routing.ReturnTicket], now: datetime
    ) -> Result[Assignment]:
        """退回 with a ground from the list; the second time it is disputed; a binding decision cannot be returned."""
        if document is None:
            return Keep()
        returned = rules.decide_return(document, _unit_of(message.actor), message.body.ground)
        if isinstance(returned, AssignmentRefused):
            return _refusal(returned)
        fact = routing.TicketReturned(
            unit=document.unit,
            ground=message.body.ground,
            explanation=message.body.explanation,
            count=returned.returns,
            disputed=returned.state is AssignmentState.DISPUTED,
        )
        return Change(returned, (fact,), {"state": returned.state.value})

    def on_withdraw_ticket(
        self, document: Assignment | None, message: Message[intake.WithdrawTicket], now: datetime
    ) -> Result[Assignment]:
        """撤回: kept before routing holds the baton, somebody else's after it handed over."""
        if document is None:
            return Keep()
        if document.state is AssignmentState.HANDED_OVER:
            return Ignore("handed_on")
        withdrawn = rules.decide_withdrawal(document)
        if isinstance(withdrawn, AssignmentRefused):
            return _refusal(withdrawn)
        fact = intake.TicketWithdrawn(voter=message.body.voter, state=document.state.value)
        return Change(withdrawn, (fact,), {"state": withdrawn.state.value})

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
            return _refusal(judged)
        return Change(judged, (_judged(judged, "person", body.reason),), {"level": judged.urgency_level})

    def on_danger_added(
        self, document: Assignment | None, message: Message[intake.DangerAdded], now: datetime
    ) -> Result[Assignment]:
        """What is added to a registered matter is the call for help."""
        body = message.body
        level = urgencies.said(body.urgency_level, urgent=True)
        raised = None if document is None else urgencies.raised(document, level, now)
        if raised is None:
            return Ignore("no_more_urgent")
        raised = replace(raised, urgency_class=body.urgency, urgency_words=body.urgency_words)
        return Change(raised, (_judged(raised, "added"),))

    def on_wake_up(self, document: Assignment | None, message: Message[WakeUp], now: datetime) -> Result[Assignment]:
        """Nobody said whether it is urgent: it is."""
        judged = None if document is None else urgencies.unanswered(document, now)
        return Ignore("not_due") if judged is None else Change(judged, (_judged(judged, "silence"),))

    def on_ticket_erased(
        self, document: Assignment | None, message: Message[intake.TicketErased], now: datetime
    ) -> Result[Assignment]:
        """Routing keeps no words and no identity: nothing to scrub. The codes' digests go on to feedback."""
        return Ignore("nothing_to_scrub")

    def _place(self, body: intake.TicketRegistered, text: Text) -> DivisionFinding:
        def within(division: str) -> DivisionFinding:
            return self._places.resolve(division, (text.place,), f"{text.title}\n{text.content}")

        return located(body.door, within(body.division_given), within, is_pinned=text.pinned)

    def _route(
        self, body: intake.TicketRegistered, place: DivisionFinding, kind: Classification, now: datetime
    ) -> Route | Queue:
        if not self._served.serves(place.code):
            return Queue("outside_the_platform")
        return decide_route(place, kind, self._directory.units(place.county), now, urgent=body.urgent)

    def _registered(
        self, body: intake.TicketRegistered, place: DivisionFinding, category: str, now: datetime
    ) -> Assignment:
        registered = Assignment(
            number=body.number,
            state=AssignmentState.QUEUED,
            division=desk_of(place, body.door, self._served),
            registered_at=now,
            voters=tuple(AssignmentVoter(voter.index, voter.code_digest) for voter in body.voters),
            urgent=body.urgent,
            category=category,
            places=places_of(place),
        )
        if not (body.urgent and body.urgency_level):
            return registered
        level = urgencies.said(body.urgency_level, urgent=body.urgent)
        judged = replace(registered, urgency_class=body.urgency, urgency_words=body.urgency_words)
        return urgencies.became(judged, level, now)

    def _routed(self, document: Assignment, route: Route | Queue) -> Change[Assignment]:
        if isinstance(route, Route):
            assigned = rules.given_to(document, route.unit, route.category, binding=False)
            return Change(assigned, (self._assigned(assigned, route.unit, route.reasons),), takes_over=True)
        candidates = tuple(each.unit.code for each in route.candidates)
        lead = route.candidates[0].unit.lead_unit if route.candidates else ""
        queued = replace(document, reason=route.reason, candidates=candidates, lead_unit=lead)
        return Change(queued, (_queued(queued, route),), takes_over=True)

    def _choice(self, body: routing.AssignTicket) -> Choice:
        unit = self._directory.unit(body.unit)
        if unit is None:
            return Choice(None)
        stand_in, line = self._directory.unit(unit.stand_in), leads_above(unit, self._directory.unit)
        return Choice(unit, stand_in, line, body.category, has_reason=body.gives_reason or bool(body.reason))

    def _assigned(self, document: Assignment, unit: Unit, reasons: tuple[str, ...]) -> routing.TicketAssigned:
        kind = self._kinds.category(document.category)
        return routing.TicketAssigned(
            number=document.number,
            unit=unit.code,
            unit_zh=unit.zh,
            unit_en=unit.en,
            level=unit.level,
            lead_unit=unit.lead_unit,
            division=document.division,
            division_zh=self._places.name(document.division),
            category=kind.code,
            category_zh=kind.zh,
            category_en=kind.en,
            taxonomy_version=TAXONOMY_VERSION,
            reasons=reasons,
            hop=document.hop,
            binding=document.binding,
            urgent=document.urgent,
        )


def _accepted(document: Assignment, unit: Unit, standard: values.HandlingStandard) -> routing.TicketAccepted:
    return routing.TicketAccepted(
        number=document.number,
        unit=unit.code,
        unit_zh=unit.zh,
        unit_en=unit.en,
        lead_unit=unit.lead_unit,
        division=document.division,
        category=document.category,
        standard=standard,
        voters=tuple(values.Voter(index=seat.index, code_digest=seat.code_digest) for seat in document.voters),
        registered_at=document.registered_at,
        urgent=document.urgent,
    )


def _judged(document: Assignment, why: str, reason: str = "") -> routing.UrgencyJudged:
    return routing.UrgencyJudged(
        number=document.number,
        urgent=document.urgent,
        level=document.urgency_level,
        why=why,
        reason=reason,
        urgency=document.urgency_class,
        words=document.urgency_words,
        judge_by=document.judge_by,
    )


def _queued(document: Assignment, queue: Queue) -> routing.AssignmentQueued:
    return routing.AssignmentQueued(
        reason=queue.reason,
        candidates=tuple(values.Candidate(unit=c.unit.code, score=c.score, why=c.why) for c in queue.candidates),
        division=document.division,
        category=document.category,
        lead_unit=document.lead_unit,
        places=document.places,
        number=document.number,
        urgent=document.urgent,
    )


def _giver(actor: Actor | None) -> Giver:
    """Nobody in particular answers for nowhere."""
    if actor is None:
        return Giver("nowhere", is_supervision=False)
    return Giver(actor.division, actor.role == "supervisor", actor.unit)


def _by_hand(assigned: Assignment, message: Message[routing.AssignTicket]) -> tuple[str, ...]:
    """Whose decision it was, and that a stand-in has it."""
    decided = f"{'arbitrated' if assigned.binding else 'by_hand'}:{_unit_of(message.actor)}"
    return (decided,) if assigned.unit == message.body.unit else (decided, f"stand_in:{assigned.unit}")


def _unit_of(actor: Actor | None) -> str:
    return actor.unit if actor else ""


def _refusal(refused: AssignmentRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})
