"""Routing's handlers: it holds the baton from registration until a unit has accepted."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Actor, Body, Message
from contracts.facts import (
    AssignmentQueued,
    Candidate,
    TicketAccepted,
    TicketAssigned,
    TicketErased,
    TicketRegistered,
    TicketReturned,
    TicketWithdrawn,
    Voter,
)
from contracts.requests import AcceptTicket, AssignTicket, ReturnTicket, WithdrawTicket
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.routing.domain.categories import TAXONOMY_VERSION
from services.routing.domain.divisions import Finding
from services.routing.domain.routes import GROUNDS, Assignment, Queue, Route, Seat, Unit, decide_route
from services.routing.ports import Directory, Kinds, Places, Standards, Text

REFUSALS = {
    "not_waiting": ("此事现在不待交办。", "The matter does not wait for assignment."),
    "disputed": ("此事待督查室裁定。", "The supervision office decides this matter."),
    "unknown_unit": ("没有这个单位。", "There is no such unit."),
    "not_assigned": ("此事现在不待受理。", "The matter does not wait for acceptance."),
    "not_yours": ("此事没有交给您单位。", "The matter is not assigned to your unit."),
    "unknown_standard": ("办理标准目录中没有此项。", "No such standard in the catalogue."),
    "standard_not_allowed": ("您单位不能选用此办理标准。", "Your unit may not choose this standard."),
    "unknown_ground": ("退回理由不在清单内。", "The ground is not on the list."),
    "binding": ("督查室已裁定，不能再退回。", "The decision of the supervision office binds."),
    "ended": ("此事已结束。", "The matter has ended."),
}


def refuse(code: str) -> Reject:
    """A refusal with its sentence in Chinese and English."""
    zh, en = REFUSALS[code]
    return Reject(code, {"zh": zh, "en": en})


class Handlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, places: Places, kinds: Kinds, directory: Directory, standards: Standards) -> None:
        self._places, self._kinds, self._directory, self._standards = places, kinds, directory, standards

    def on_ticket_registered(
        self, document: Assignment | None, message: Message[TicketRegistered], now: datetime
    ) -> Result[Assignment]:
        """分办: unambiguous → assigned with its reasons, else onto the work list. Routing takes the baton."""
        if document is not None:
            return Ignore("held_already")
        body, text = message.body, message.given if isinstance(message.given, Text) else Text()
        place = self._places.resolve(body.division_given, (text.place,), f"{text.title}\n{text.content}")
        place = place if place.county else Finding(body.door, 0.3, "door", place.candidates)
        assignment = Assignment(
            number=body.number,
            state="queued",
            division=place.code,
            registered_at=now,
            voters=tuple(Seat(voter.index, voter.code_digest) for voter in body.voters),
            urgent=body.urgent,
        )
        kind = self._kinds.classify(text, body.hint)
        route = decide_route(place, kind, self._directory.by_category(place.county))
        return self._routed(replace(assignment, category=kind.code), route)

    def on_assign_ticket(
        self, document: Assignment | None, message: Message[AssignTicket], now: datetime
    ) -> Result[Assignment]:
        """一键交办 by the lead unit; while disputed, the supervision office's word binds."""
        if document is None:
            return Keep()
        unit = self._directory.unit(message.body.unit)
        if document.state not in ("queued", "disputed"):
            return refuse("not_waiting")
        is_supervisor = message.actor is not None and message.actor.role == "supervisor"
        if document.state == "disputed" and not is_supervisor:
            return refuse("disputed")
        if unit is None:
            return refuse("unknown_unit")
        category = message.body.category or document.category
        binding = document.state == "disputed"
        assigned = document.given_to(unit, category, binding=binding)
        reasons = ("decided by the supervision office" if binding else "assigned by a person",)
        return Change(assigned, (self._assigned(assigned, unit, reasons),), {"unit": unit.code})

    def on_accept_ticket(
        self, document: Assignment | None, message: Message[AcceptTicket], now: datetime
    ) -> Result[Assignment]:
        """受理: the unit chooses a standard, which travels by value; feedback takes over."""
        if document is None:
            return Keep()
        if refusal := _not_for(document, message.actor):
            return refusal
        unit, standard = self._directory.unit(document.unit), self._standards.standard(message.body.standard)
        if standard is None or unit is None:
            return refuse("unknown_standard")
        if standard.code not in unit.standards:
            return refuse("standard_not_allowed")
        fact = TicketAccepted(
            number=document.number,
            unit=unit.code,
            unit_zh=unit.zh,
            unit_en=unit.en,
            lead_unit=unit.lead_unit,
            division=document.division,
            category=document.category,
            standard=standard,
            voters=tuple(Voter(index=seat.index, code_digest=seat.code_digest) for seat in document.voters),
            registered_at=document.registered_at,
            urgent=document.urgent,
        )
        return Change(replace(document, state="handed_over"), (fact,), {"standard": standard.code})

    def on_return_ticket(
        self, document: Assignment | None, message: Message[ReturnTicket], now: datetime
    ) -> Result[Assignment]:
        """退回 with a ground from the list; the second time it is disputed; a binding decision cannot be returned."""
        if document is None:
            return Keep()
        if refusal := _not_for(document, message.actor):
            return refusal
        if document.binding:
            return refuse("binding")
        if message.body.ground not in GROUNDS:
            return refuse("unknown_ground")
        returned = document.given_back()
        fact = TicketReturned(
            unit=document.unit,
            ground=message.body.ground,
            explanation=message.body.explanation,
            count=returned.returns,
            disputed=returned.state == "disputed",
        )
        return Change(returned, (fact,), {"state": returned.state})

    def on_withdraw_ticket(
        self, document: Assignment | None, message: Message[WithdrawTicket], now: datetime
    ) -> Result[Assignment]:
        """撤回, while routing holds the baton; kept before, somebody else's after."""
        if document is None:
            return Keep()
        if document.state == "handed_over":
            return Ignore("handed_on")
        if document.state == "withdrawn":
            return refuse("ended")
        fact = TicketWithdrawn(voter=message.body.voter, state=document.state)
        return Change(replace(document, state="withdrawn"), (fact,))

    def on_ticket_erased(
        self, document: Assignment | None, message: Message[TicketErased], now: datetime
    ) -> Result[Assignment]:
        """The codes' digests go; no words are kept here."""
        if document is None:
            return Ignore("unknown")
        return Change(replace(document, voters=tuple(Seat(seat.index, "") for seat in document.voters)))

    def _routed(self, assignment: Assignment, route: Route | Queue) -> Change[Assignment]:
        if isinstance(route, Route):
            assigned = assignment.given_to(route.unit, route.category, binding=False)
            return Change(assigned, (self._assigned(assigned, route.unit, route.reasons),), takes_over=True)
        candidates = tuple(unit.code for unit in route.candidates)
        queued = replace(assignment, reason=route.reason, candidates=candidates)
        return Change(queued, (_queued(queued, route),), takes_over=True)

    def _assigned(self, assignment: Assignment, unit: Unit, reasons: tuple[str, ...]) -> Body:
        kind = self._kinds.category(assignment.category)
        return TicketAssigned(
            number=assignment.number,
            unit=unit.code,
            unit_zh=unit.zh,
            unit_en=unit.en,
            level=unit.level,
            lead_unit=unit.lead_unit,
            division=assignment.division,
            division_zh=self._places.name(assignment.division),
            category=kind.code,
            category_zh=kind.zh,
            category_en=kind.en,
            taxonomy_version=TAXONOMY_VERSION,
            reasons=reasons,
            hop=assignment.hop,
            binding=assignment.binding,
            urgent=assignment.urgent,
        )


def _not_for(document: Assignment, actor: Actor | None) -> Reject | None:
    if document.state != "assigned":
        return refuse("not_assigned")
    return refuse("not_yours") if actor is None or actor.unit != document.unit else None


def _queued(assignment: Assignment, queue: Queue) -> AssignmentQueued:
    return AssignmentQueued(
        reason=queue.reason,
        candidates=tuple(Candidate(unit=unit.code, score=0.0, why=unit.zh) for unit in queue.candidates[:10]),
        division=assignment.division,
        category=assignment.category,
        lead_unit=queue.candidates[0].lead_unit if queue.candidates else "",
    )
