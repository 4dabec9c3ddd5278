"""How a text is read here: its place, its kind, whose it would be, each with its evidence."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from contracts.trial import TrialText
from runtime.identity.tokens import Staff
from runtime.quotes import quoted
from services.routing.domain.assignment.routes import Queue, decide_route
from services.routing.domain.kind.categories import Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.explanation import PlaceEvidence
from services.routing.domain.place.near_the_door import Served, located
from services.routing.ports import Directory, Kinds, Places, Text

PLACE = 0  # the number of the only field for places among the sources; the text comes after it


@dataclass(frozen=True, slots=True)
class RoutingReader:
    """Reads as the loop does. ``now``: domain time."""

    places: Places
    kinds: Kinds
    directory: Directory
    served: Served
    now: Callable[[], datetime]

    def read(self, asked: TrialText, *, is_urgent: bool = False) -> dict[str, Any]:
        """Place, kind and route of a text."""
        place = self._place(asked)
        kind = self.kinds.classify(Text(asked.title, asked.content, asked.place, asked.category))
        return {
            "place": self._shown_place(asked, place),
            "kind": self._shown_kind(asked, kind),
            "route": self._route(place, kind, is_urgent=is_urgent),
        }

    def _place(self, asked: TrialText) -> DivisionFinding:
        def within(division: str) -> DivisionFinding:
            return self.places.resolve(division, (asked.place,), _text(asked))

        return located(asked.door, within(asked.division), within, is_pinned=False)

    def _shown_place(self, asked: TrialText, place: DivisionFinding) -> dict[str, Any]:
        said = self.places.explained(place.code or asked.division, (asked.place,), _text(asked))
        evidence = [_quoted(asked, each) for each in said.evidence]
        codes = {place.code, *place.candidates, *(code for each in said.evidence for code in each.places)}
        names = {code: self.places.name(code) for code in sorted(codes) if code}
        return asdict(place) | {"evidence": evidence, "names": names}

    def _shown_kind(self, asked: TrialText, kind: Classification) -> dict[str, Any]:
        fields = {"title": asked.title, "content": asked.content, "category": asked.category}
        evidence = [asdict(each) for each in quoted(kind.words, fields)]
        named = asdict(self.kinds.category(kind.code)) if kind.code else {"zh": "", "en": ""}
        return named | asdict(kind) | {"evidence": evidence}

    def _route(self, place: DivisionFinding, kind: Classification, *, is_urgent: bool) -> dict[str, Any]:
        if not self.served.serves(place.code):
            return {"queued": "outside_the_platform"}
        route = decide_route(place, kind, self.directory.units(place.county), self.now(), urgent=is_urgent)
        if isinstance(route, Queue):
            return {"queued": route.reason, "candidates": [each.unit.code for each in route.candidates]}
        return {"unit": route.unit.code, "unit_zh": route.unit.zh, "unit_en": route.unit.en, "reasons": route.reasons}


def _text(asked: TrialText) -> str:
    return f"{asked.title}\n{asked.content}"


def _quoted(asked: TrialText, seen: PlaceEvidence) -> dict[str, Any]:
    """The evidence by the field in which it was written, whose characters are counted on their own."""
    field, moved = ("place", 0) if seen.source == PLACE else ("title", 0)
    if seen.source != PLACE and seen.start > len(asked.title):
        field, moved = "content", len(asked.title) + 1
    strength = seen.strength.name.lower() if seen.strength is not None else None
    placed = {"field": field, "start": seen.start - moved, "end": seen.end - moved, "words": seen.words}
    return placed | {"places": seen.places, "strength": strength, "agrees": seen.agrees}


def reading(app: FastAPI, reader: RoutingReader) -> None:
    """Lay the route for staff who ask why a matter went where it went."""

    @app.post("/v1/readings")
    async def readings(staff: Staff, asked: TrialText, urgent: bool = False) -> dict[str, Any]:
        """How a text is read: place, kind, whose it would be. Nothing of it is kept."""
        return reader.read(asked, is_urgent=urgent)
