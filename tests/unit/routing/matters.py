"""Matters, units and requests for routing's tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from contracts.envelope import Actor
from contracts.messages.standards import StandardPublished
from runtime.delivery.service import Service
from services.routing import wiring
from services.routing.domain.assignment.assignment import Assignment, AssignmentState, AssignmentVoter
from services.routing.domain.unit.units import Unit
from services.routing.ports import Text
from services.sla.adapters.packaged import standards
from tests.facts.values import COUNTY, DIVISION, LEAD, NUMBER, OTHER, voters
from tests.facts.values import SUPERVISION as SUPERVISION_OFFICE
from tests.harness import MONDAY

WATER, ROADS = f"{COUNTY}-GS", OTHER
SUPERVISION = Actor(role="supervisor", unit=SUPERVISION_OFFICE, division=COUNTY, principal="staff:supervisor")
LEADER = Actor(role="lead", unit=LEAD, division=COUNTY, principal="staff:lead")
WATERWORKS = Actor(role="unit", unit=WATER, division=COUNTY, principal="staff:water")
ROADWORKS = Actor(role="unit", unit=ROADS, division=COUNTY, principal="staff:roads")
DRY = Text(title="自来水停水三天", content="高村镇整栋楼没水，供水电话没人接。", place="高村镇")
CATALOGUE = tuple(each for each in standards() if each.standard.code in ("WTR-01", "LND-01", "GEN-01"))
WATER_REPAIR = next(each.standard for each in CATALOGUE if each.standard.code == "WTR-01")


class ThreeStandards:
    """A catalogue with a standard for water, one for land, and a general one."""

    def published(self) -> Sequence[StandardPublished]:
        return CATALOGUE


def routing_service() -> Service[Assignment]:
    """Routing with the packaged data and three standards."""
    return wiring.build(ThreeStandards())


def an_assignment(**changed: Any) -> Assignment:
    """A matter that the waterworks have, or as ``changed``."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "state": AssignmentState.ASSIGNED,
        "division": DIVISION,
        "registered_at": MONDAY,
        "voters": tuple(AssignmentVoter(each.index, each.code_digest) for each in voters(2)),
        "category": "WTR.01",
        "unit": WATER,
        "lead_unit": f"{COUNTY}-HC",
        "hop": 1,
    }
    return Assignment(**(given | changed))


def a_unit(code: str = "U1", **changed: Any) -> Unit:
    """A unit of the county, whose duty is water."""
    given: dict[str, Any] = {
        "code": code,
        "zh": code,
        "en": code,
        "level": "county",
        "division": COUNTY,
        "duties": ("WTR",),
        "standards": ("WTR-01",),
        "valid_from": datetime(2020, 1, 1, tzinfo=UTC),
    }
    return Unit(**(given | changed))
