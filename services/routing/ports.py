"""What routing needs from outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.messages.standards import StandardPublished
from contracts.values import HandlingStandard
from services.routing.domain.assignment.assignment import Assignment, AssignmentState
from services.routing.domain.kind.categories import Category, Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.explanation import ExplainedPlace
from services.routing.domain.place.history import Ended
from services.routing.domain.unit.standards import OfferedStandard
from services.routing.domain.unit.units import Unit


@dataclass(frozen=True, slots=True)
class Text:
    """People's words, as ``prepare`` opened them. ``pinned``: the reporter pointed at a map."""

    title: str = ""
    content: str = ""
    place: str = ""
    hint: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Census:
    """Matters that routing holds, by state, and how many of them were returned at least once."""

    by_state: Mapping[AssignmentState, int]
    returned: int


class Places(Protocol):
    def resolve(self, given: str, fields: Sequence[str], text: str) -> DivisionFinding:
        """The division of a matter from a code, address fields (most telling first) and free text."""

    def explained(self, given: str, fields: Sequence[str], text: str) -> ExplainedPlace:
        """The same finding as ``resolve``, with all that spoke for and against it."""

    def history(self, given: str, sources: Sequence[str], found: DivisionFinding) -> Sequence[Ended]:
        """What became of the ended divisions that were said, a code or names in the sources."""

    def name(self, code: str) -> str:
        """A division's name, from the province down; "" for an unknown code."""


class Kinds(Protocol):
    """The taxonomy and its lexicon."""

    def classify(self, text: Text) -> Classification:
        """The category of a matter."""

    def category(self, code: str) -> Category:
        """A category by its code; an unknown code names itself."""

    def all(self) -> Sequence[Category]:
        """Every category of the taxonomy, each major before its minors."""


class ReasonSeals(Protocol):
    async def seal(self, ticket: str, field: str, text: str) -> str | None:
        """Text under the ticket's words key; None when the key is destroyed. Raises Unavailable."""


class Directory(Protocol):
    def units(self, county: str) -> Sequence[Unit]:
        """The units that act in a county: its own, its townships' and its city's."""

    def unit(self, code: str) -> Unit | None:
        """A unit by its code."""


class Standards(Protocol):
    """The catalogue that sla publishes, as this service has folded it."""

    def published(self) -> Sequence[StandardPublished]:
        """Every standard, each version that is there."""


class PlanRules(Protocol):
    """What feedback publishes of plans, as this service has folded it."""

    def asks(self, division: str, category: str, standard: str, at: datetime) -> bool:
        """Whether the rule in force asks for a plan of a matter that is accepted then under this standard."""


def offered(catalogue: Iterable[StandardPublished]) -> dict[OfferedStandard, HandlingStandard]:
    """The catalogue as the rules see it, each promise with the standard that travels by value."""
    return {_promise(each): each.standard for each in catalogue}


def _promise(published: StandardPublished) -> OfferedStandard:
    standard = published.standard
    return OfferedStandard(
        code=standard.code,
        version=standard.version,
        zh=standard.name_zh,
        en=standard.name_en,
        duties=published.duties,
        valid_from=standard.valid_from,
    )


@dataclass(frozen=True, slots=True)
class AssignmentScope:
    """Whose matters may be seen: a division prefix, and for a unit only its own."""

    division: str = ""
    unit: str = ""

    def allows(self, assignment: Assignment) -> bool:
        """Whether the matter is inside."""
        return assignment.division.startswith(self.division) and self.unit in ("", assignment.unit)


@dataclass(frozen=True, slots=True)
class FiledAssignment:
    """An assignment and the id of its ticket."""

    ticket: str
    assignment: Assignment


class Assignments(Protocol):
    """The assignments, for reading. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, numbers: Sequence[str], reach: AssignmentScope) -> tuple[FiledAssignment, ...]:
        """Those with these numbers (spelt as ``parse_number`` does) that are within reach, in any order."""

    async def waiting(
        self, reach: AssignmentScope, states: Sequence[AssignmentState], at_most: int
    ) -> tuple[FiledAssignment, ...]:
        """The work list: urgent ones first, then the oldest."""

    async def census(self) -> Census:
        """How many wait, for the metrics."""
