"""What the handlers of routing lean on: places, kinds, units, standards; and the assignment they make of them."""

from datetime import datetime

from contracts.messages import routing
from runtime.change import Change
from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment import coverage
from services.routing.domain.assignment.assignment import (
    Assignment,
    Choice,
)
from services.routing.domain.assignment.routes import Queue, Route
from services.routing.domain.kind.categories import TAXONOMY_VERSION
from services.routing.domain.place.near_the_door import Served
from services.routing.domain.unit.units import Unit, leads_above
from services.routing.handlers.statements import assignment_queued
from services.routing.ports import Directory, Kinds, Places, Standards


class WithDirectory:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(
        self, places: Places, kinds: Kinds, directory: Directory, standards: Standards, served: Served
    ) -> None:
        self._places, self._kinds, self._directory, self._standards = places, kinds, directory, standards
        self._served = served

    def _routed(self, document: Assignment, route: Route | Queue, now: datetime) -> Change[Assignment]:
        if isinstance(route, Route):
            assigned = rules.given_to(document, route.unit, route.category, binding=False)
            return Change(assigned, (self._assigned(assigned, route.unit, route.reasons),), takes_over=True)
        queued = coverage.queued(document, route, now)
        return Change(queued, (assignment_queued(queued, route),), takes_over=True)

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
            reporters=document.reporters,
        )
