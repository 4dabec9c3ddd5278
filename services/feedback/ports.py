"""What feedback needs from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.feedback.domain.case import Case, ChainLevel
from services.feedback.domain.plan.class_plans import ClassPlan, ClassPlanInForce
from services.feedback.domain.plan.plans import NO_RULE, PlanRule


@dataclass(frozen=True, slots=True)
class CaseScope:
    """Whose cases may be seen: a division prefix, and for a unit only its own."""

    division: str = ""
    unit: str = ""

    def allows(self, case: Case | ClassPlan) -> bool:
        """Whether the case, or the class plan, is inside."""
        return case.division.startswith(self.division) and (not self.unit or case.unit == self.unit)


EVERYWHERE = CaseScope()
"""For a reporter, whose code is the key."""


@dataclass(frozen=True, slots=True)
class FiledCase:
    """A case and the id of its ticket."""

    ticket: str
    case: Case


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A matter of a draw that failed its check. ``correct_by``: an instant, or "" where none was set."""

    unit: str
    number: str
    ground: str
    correct_by: str


def failed_of(case: Case, draw: str) -> tuple[FailedCheck, ...]:
    """What failed of this case in that draw."""
    return tuple(
        FailedCheck(case.unit, case.number, each.ground, each.correct_by.isoformat() if each.correct_by else "")
        for each in case.checks
        if each.draw == draw and each.passed is False
    )


class PublishedRules(Protocol):
    """What is published of plans and reviews, as it is in force for a division at an instant."""

    def plan_rule(self, division: str, category: str, standard: str, at: datetime) -> PlanRule:
        """Whether a matter of this category, under this standard, needs a plan."""

    def chain(self, division: str, category: str, at: datetime) -> tuple[ChainLevel, ...]:
        """The levels that look at the work of such a matter, without seats; none: nobody does."""

    def class_plan(self, unit: str, category: str, at: datetime) -> ClassPlanInForce | None:
        """What a matter of this unit and category inherits."""


class NothingPublished:
    """No rule at all: no plan is needed, none but what is held back by policy is reviewed."""

    def plan_rule(self, division: str, category: str, standard: str, at: datetime) -> PlanRule:
        return NO_RULE

    def chain(self, division: str, category: str, at: datetime) -> tuple[ChainLevel, ...]:
        return ()

    def class_plan(self, unit: str, category: str, at: datetime) -> ClassPlanInForce | None:
        return None


NOTHING_PUBLISHED = NothingPublished()


class LeadUnits(Protocol):
    """The lead unit of each unit, as the directory is published."""

    def lead_of(self, unit: str) -> str:
        """Its lead unit, "" where it has none or is not known."""


class NobodyLeads:
    """A directory of no unit."""

    def lead_of(self, unit: str) -> str:
        return ""


NOBODY_LEADS = NobodyLeads()


class ClassPlans(Protocol):
    """The class plans, for reading. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, key: str, reach: CaseScope) -> ClassPlan | None:
        """The one under this key, if it is within reach."""

    async def within(
        self, reach: CaseScope, at_most: int, seats: frozenset[str] | None = None
    ) -> tuple[ClassPlan, ...]:
        """Those within reach, in the order of their keys; ``seats``: only what waits for one of them."""


class Cases(Protocol):
    """The cases, for reading. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, number: str, reach: CaseScope) -> FiledCase | None:
        """The case with this number (spelt as ``parse_number`` does), if it is within reach."""

    async def to_call(self, reach: CaseScope, at_most: int, *, unreached: bool = False) -> tuple[FiledCase, ...]:
        """Cases whose filer stayed silent after the reminder: staff must ask, or could not reach them in so many days.

        In the order of their ids.
        """

    async def to_check(self, reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Cases with a check whose result is not recorded, in the order of their ids."""

    async def failed_checks(self, draw: str, reach: CaseScope, at_most: int) -> tuple[FailedCheck, ...]:
        """What failed in a draw."""

    async def to_review(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Cases whose plan or work waits for one of these seats: what has waited longest first."""

    async def to_confirm(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Cases in which a unit's own finding waits for one of these seats: what has waited longest first."""


class WordSeals(Protocol):
    """Seals what staff and reporters write."""

    async def seal(self, ticket: str, field: str, text: str) -> str | None:
        """Text under the ticket's words key; None when the key is destroyed. Raises Unavailable."""
