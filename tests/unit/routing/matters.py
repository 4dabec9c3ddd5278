"""Matters, units and requests for routing's tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import values
from contracts.envelope import Actor
from contracts.identifiers import number_of
from contracts.messages import intake, sla
from runtime.delivery.service import Service
from services.routing import wiring
from services.routing.domain.assignment.assignment import Assignment, AssignmentState, AssignmentVoter
from services.routing.domain.unit.units import Unit
from services.routing.ports import Text
from tests.harness import MONDAY, TICKET

COUNTY = "431226"
NUMBER = number_of(TICKET, COUNTY)
WATER, ROADS, LEAD = f"{COUNTY}-GS", f"{COUNTY}-JT", f"{COUNTY}-LEAD"
SUPERVISION = Actor(role="supervisor", unit=f"{COUNTY}-SUP", division=COUNTY, principal="staff:supervisor")
LEADER = Actor(role="lead", unit=LEAD, division=COUNTY, principal="staff:lead")
WATERWORKS = Actor(role="unit", unit=WATER, division=COUNTY, principal="staff:water")
ROADWORKS = Actor(role="unit", unit=ROADS, division=COUNTY, principal="staff:roads")
DRY = Text(title="自来水停水三天", content="高村镇整栋楼没水，供水电话没人接。", place="高村镇")
STANDARD = values.HandlingStandard(
    code="WTR-01", version=3, name_zh="供水抢修", name_en="Water", limit=8, limit_unit="office_hours", valid_from=MONDAY
)
LAND = STANDARD.model_copy(update={"code": "LND-01", "name_zh": "土地权属调处"})
GENERAL = STANDARD.model_copy(update={"code": "GEN-01", "name_zh": "一般事项", "name_en": "General"})
CATALOGUE = (
    sla.StandardPublished(standard=STANDARD, duties=("WTR.01",)),
    sla.StandardPublished(standard=LAND, duties=("LND",)),
    sla.StandardPublished(standard=GENERAL, duties=("*",)),
)
HOUR = timedelta(hours=1)


class ThreeStandards:
    """A catalogue with a standard for water, one for land, and a general one."""

    def published(self) -> Sequence[sla.StandardPublished]:
        """All of it."""
        return CATALOGUE


def routing_service() -> Service[Assignment]:
    """Routing with the packaged data and three standards."""
    return wiring.build(ThreeStandards())


def registered(**changed: Any) -> intake.TicketRegistered:
    """登记."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "channel": "web",
        "door": COUNTY,
        "words": "sealed",
        "voters": (values.Voter(index=0, code_digest="d0"), values.Voter(index=1, code_digest="d1")),
    }
    return intake.TicketRegistered.model_validate(given | changed)


def an_assignment(**changed: Any) -> Assignment:
    """A matter that the waterworks have, or as ``changed``."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "state": AssignmentState.ASSIGNED,
        "division": "431226100",
        "registered_at": MONDAY,
        "voters": (AssignmentVoter(0, "d0"), AssignmentVoter(1, "d1")),
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
