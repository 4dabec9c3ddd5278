"""What intake says and hands on: a registered matter finds its unit; withdrawal, danger, erasure."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages import intake
from runtime.change import Change, Ignore, Keep, Result
from runtime.delivery.service import Reaction, on
from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment import urgency as urgencies
from services.routing.domain.assignment.assignment import (
    Assignment,
    AssignmentRefused,
    AssignmentState,
    AssignmentVoter,
)
from services.routing.domain.assignment.routes import Queue, Route, decide_route
from services.routing.domain.kind.categories import Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.near_the_door import desk_of, located, places_of
from services.routing.handlers.directory import WithDirectory
from services.routing.handlers.statements import refusal, urgency_judged
from services.routing.ports import Text

NOTHING_SAID = Text()


class RegistrationHandlers(WithDirectory):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Assignment], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(intake.TicketRegistered, self.on_ticket_registered),
            on(intake.WithdrawTicket, self.on_withdraw_ticket),
            on(intake.ConfirmSeat, self.on_confirm_seat),
            on(intake.DangerAdded, self.on_danger_added),
            on(intake.TicketErased, self.on_ticket_erased),
        )

    def on_ticket_registered(
        self, document: Assignment | None, message: Message[intake.TicketRegistered], now: datetime
    ) -> Result[Assignment]:
        """分办: unambiguous → assigned with its reasons, else onto the work list. Routing takes the baton."""
        if document is not None:
            return Ignore("held_already")
        text = message.given if isinstance(message.given, Text) else NOTHING_SAID
        place, kind = self._place(message.body, text), self._kinds.classify(text)
        route = self._route(message.body, place, kind, now)
        return self._routed(self._registered(message.body, place, kind.code, now), route, now)

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
            return refusal(withdrawn)
        fact = intake.TicketWithdrawn(voter=message.body.voter, state=document.state.value)
        return Change(withdrawn, (fact,), {"state": withdrawn.state.value})

    def on_confirm_seat(
        self, document: Assignment | None, message: Message[intake.ConfirmSeat], now: datetime
    ) -> Result[Assignment]:
        """确认席位: kept and handed on as a withdrawal is."""
        if document is None:
            return Keep()
        if document.state is AssignmentState.HANDED_OVER:
            return Ignore("handed_on")
        confirmed = rules.decide_confirmation(document, message.body.voter)
        if isinstance(confirmed, AssignmentRefused):
            return refusal(confirmed)
        return Change(confirmed, (intake.SeatConfirmed(voter=message.body.voter),))

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
        return Change(raised, (urgency_judged(raised, "added"),))

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
            voters=tuple(AssignmentVoter(each.index, each.code_digest, each.confirmed) for each in body.voters),
            urgent=body.urgent,
            category=category,
            places=places_of(place),
            reachable=body.traceable,
        )
        if not (body.urgent and body.urgency_level):
            return registered
        level = urgencies.said(body.urgency_level, urgent=body.urgent)
        judged = replace(registered, urgency_class=body.urgency, urgency_words=body.urgency_words)
        return urgencies.became(judged, level, now)
