"""Routing's handlers: it holds the baton from registration until a unit has accepted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts import facts, requests
from contracts.envelope import Actor, Message
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.routing.domain import assignment as rules
from services.routing.domain.assignment import Assignment, Giver, Refused, Seat, State
from services.routing.domain.categories import TAXONOMY_VERSION
from services.routing.domain.divisions import Finding
from services.routing.domain.routes import Queue, Route, by_door, decide_route, desk_of, tells_the_place
from services.routing.domain.units import Unit
from services.routing.ports import Directory, Kinds, Places, Standards, Text

Handler = Callable[[Assignment | None, Message[Any], datetime], Result[Assignment]]
NOTHING_SAID = Text()


class Handlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, places: Places, kinds: Kinds, directory: Directory, standards: Standards) -> None:
        self._places, self._kinds, self._directory, self._standards = places, kinds, directory, standards

    def on_ticket_registered(
        self, document: Assignment | None, message: Message[facts.TicketRegistered], now: datetime
    ) -> Result[Assignment]:
        """分办: unambiguous → assigned with its reasons, else onto the work list. Routing takes the baton."""
        if document is not None:
            return Ignore("held_already")
        text = message.given if isinstance(message.given, Text) else NOTHING_SAID
        place = self._place(message.body, text)
        kind = self._kinds.classify(text)
        route = decide_route(place, kind, self._directory.units(place.county), now)
        return self._routed(_registered(message.body, place, kind.code, now), route)

    def on_assign_ticket(
        self, document: Assignment | None, message: Message[requests.AssignTicket], now: datetime
    ) -> Result[Assignment]:
        """一键交办 by the lead unit; while disputed, the supervision office's word binds (B6)."""
        if document is None:
            return Keep()
        unit, category = self._directory.unit(message.body.unit), message.body.category
        assigned = rules.decide_assignment(document, unit, category, _giver(message.actor), now)
        if isinstance(assigned, Refused) or unit is None:
            return _refusal(assigned if isinstance(assigned, Refused) else rules.UNKNOWN_UNIT)
        reason = "arbitrated" if assigned.binding else "by_hand"
        fact = self._assigned(assigned, unit, (f"{reason}:{message.actor.unit if message.actor else ''}",))
        return Change(assigned, (fact,), {"unit": unit.code, "state": assigned.state.value})

    def on_accept_ticket(
        self, document: Assignment | None, message: Message[requests.AcceptTicket], now: datetime
    ) -> Result[Assignment]:
        """受理: the unit chooses a standard, which travels by value; feedback takes over."""
        if document is None:
            return Keep()
        unit, standard = self._directory.unit(document.unit), self._standards.standard(message.body.standard)
        accepted = rules.decide_acceptance(document, unit, _unit_of(message.actor), standard.code if standard else None)
        if isinstance(accepted, Refused) or unit is None or standard is None:
            return _refusal(accepted if isinstance(accepted, Refused) else rules.UNKNOWN_STANDARD)
        return Change(accepted, (_accepted(accepted, unit, standard),), {"standard": standard.code})

    def on_return_ticket(
        self, document: Assignment | None, message: Message[requests.ReturnTicket], now: datetime
    ) -> Result[Assignment]:
        """退回 with a ground from the list; the second time it is disputed; a binding decision cannot be returned."""
        if document is None:
            return Keep()
        returned = rules.decide_return(document, _unit_of(message.actor), message.body.ground)
        if isinstance(returned, Refused):
            return _refusal(returned)
        fact = facts.TicketReturned(
            unit=document.unit,
            ground=message.body.ground,
            explanation=message.body.explanation,
            count=returned.returns,
            disputed=returned.state is State.DISPUTED,
        )
        return Change(returned, (fact,), {"state": returned.state.value})

    def on_withdraw_ticket(
        self, document: Assignment | None, message: Message[requests.WithdrawTicket], now: datetime
    ) -> Result[Assignment]:
        """撤回: kept before routing holds the baton, somebody else's after it handed over."""
        if document is None:
            return Keep()
        if document.state is State.HANDED_OVER:
            return Ignore("handed_on")
        withdrawn = rules.decide_withdrawal(document)
        if isinstance(withdrawn, Refused):
            return _refusal(withdrawn)
        fact = facts.TicketWithdrawn(voter=message.body.voter, state=document.state.value)
        return Change(withdrawn, (fact,), {"state": withdrawn.state.value})

    def on_ticket_erased(
        self, document: Assignment | None, message: Message[facts.TicketErased], now: datetime
    ) -> Result[Assignment]:
        """Routing keeps no words and no identity: nothing to scrub. The codes' digests go on to feedback."""
        return Ignore("nothing_to_scrub")

    def _place(self, body: facts.TicketRegistered, text: Text) -> Finding:
        said = (text.place,), f"{text.title}\n{text.content}"
        found = self._places.resolve(body.division_given, *said)
        return by_door(self._places.resolve(body.door, *said)) if tells_the_place(body.door, found) else found

    def _routed(self, document: Assignment, route: Route | Queue) -> Change[Assignment]:
        if isinstance(route, Route):
            assigned = rules.given_to(document, route.unit, route.category, binding=False)
            return Change(assigned, (self._assigned(assigned, route.unit, route.reasons),), takes_over=True)
        candidates = tuple(each.unit.code for each in route.candidates)
        queued = replace(document, reason=route.reason, candidates=candidates)
        return Change(queued, (_queued(queued, route),), takes_over=True)

    def _assigned(self, document: Assignment, unit: Unit, reasons: tuple[str, ...]) -> facts.TicketAssigned:
        kind = self._kinds.category(document.category)
        return facts.TicketAssigned(
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


def _registered(body: facts.TicketRegistered, place: Finding, category: str, now: datetime) -> Assignment:
    return Assignment(
        number=body.number,
        state=State.QUEUED,
        division=desk_of(place, body.door),
        registered_at=now,
        voters=tuple(Seat(voter.index, voter.code_digest) for voter in body.voters),
        urgent=body.urgent,
        category=category,
    )


def _accepted(document: Assignment, unit: Unit, standard: facts.HandlingStandard) -> facts.TicketAccepted:
    return facts.TicketAccepted(
        number=document.number,
        unit=unit.code,
        unit_zh=unit.zh,
        unit_en=unit.en,
        lead_unit=unit.lead_unit,
        division=document.division,
        category=document.category,
        standard=standard,
        voters=tuple(facts.Voter(index=seat.index, code_digest=seat.code_digest) for seat in document.voters),
        registered_at=document.registered_at,
        urgent=document.urgent,
    )


def _queued(document: Assignment, queue: Queue) -> facts.AssignmentQueued:
    likely = queue.candidates[0].unit.lead_unit if queue.candidates else ""
    return facts.AssignmentQueued(
        reason=queue.reason,
        candidates=tuple(facts.Candidate(unit=c.unit.code, score=c.score, why=c.why) for c in queue.candidates),
        division=document.division,
        category=document.category,
        lead_unit=likely,
    )


def _giver(actor: Actor | None) -> Giver:
    """Nobody in particular answers for nowhere."""
    return Giver(actor.division, actor.role == "supervisor") if actor else Giver("nowhere", is_supervision=False)


def _unit_of(actor: Actor | None) -> str:
    return actor.unit if actor else ""


def _refusal(refused: Refused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})
