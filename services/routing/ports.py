"""What routing needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.facts import HandlingStandard
from services.routing.domain.categories import Category, Classification
from services.routing.domain.divisions import Finding
from services.routing.domain.routes import Unit


@dataclass(frozen=True, slots=True)
class Text:
    """People's words, as ``prepare`` opened them."""

    title: str = ""
    content: str = ""
    place: str = ""


class Places(Protocol):
    """The gazetteer."""

    def resolve(self, given: str, fields: Sequence[str], text: str) -> Finding:
        """The division of a matter from a code, address fields (most telling first) and free text."""

    def name(self, code: str) -> str:
        """A division's name, from the province down; "" for an unknown code."""


class Kinds(Protocol):
    """The taxonomy and its lexicon."""

    def classify(self, text: Text, hint: str) -> Classification:
        """The category of a matter."""

    def category(self, code: str) -> Category:
        """A category by its code; an unknown code names itself."""


class Directory(Protocol):
    """Units and their duties."""

    def by_category(self, county: str) -> Mapping[str, Sequence[Unit]]:
        """The units of a county by category code."""

    def unit(self, code: str) -> Unit | None:
        """A unit by its code."""


class Standards(Protocol):
    """The catalogue that sla publishes, as this service has folded it."""

    def standard(self, code: str) -> HandlingStandard | None:
        """A standard by its code."""


class WorkList(Protocol):
    """Assignments that wait for somebody, within a scope."""

    async def waiting(self, scope: Any, states: Sequence[str], at_most: int) -> list[dict[str, Any]]:
        """Oldest first: ticket, number, state, division, category, candidates. Raises Unavailable."""
