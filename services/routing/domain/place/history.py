"""What is told of ended divisions beside a finding: which old code or name led where, step by step, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.routing.domain.place.division_changes import REASONS, DivisionChange, Trace
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.gazetteer import Gazetteer
from services.routing.domain.place.mentions import Mention

TOLD_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """A change in words for people. Codes have as many digits as their level has."""

    year: int
    kind: str
    code: str
    name: str
    became: tuple[str, ...]
    parts: tuple[str, ...]
    reason_zh: str
    reason_en: str
    basis: str
    document: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A code or a name that is not one of today, as it was said, and the places of today to which it leads.

    ``divided``: it leads to several, and a person decides which is meant.
    """

    said: str
    places: tuple[str, ...]
    divided: bool
    steps: tuple[ChangeStep, ...]


def history(given: str, mentions: Iterable[Mention], found: DivisionFinding, known: Gazetteer) -> tuple[Ended, ...]:
    """The ended divisions that were said and that bear on what was found, the given code first."""
    told = {given: _ended(given, trace, known)} if (trace := known.trace(given)) else {}
    for said, ended in _named(mentions, found, known):
        if len(told) < TOLD_AT_MOST:
            told.setdefault(said, ended)
    return tuple(told.values())


def _named(mentions: Iterable[Mention], found: DivisionFinding, known: Gazetteer) -> Iterator[tuple[str, Ended]]:
    for mention in mentions:
        for change in known.ended.get(mention.name, ()):
            ended = _ended(mention.name, known.changes.since(change), known)
            if any(_bears_on(place, found) for place in ended.places):
                yield mention.name, ended


def _bears_on(place: str, found: DivisionFinding) -> bool:
    open_still = (*found.candidates, *(code for places in found.unsettled for code in places))
    return found.code.startswith(place) or place in open_still


def _ended(said: str, trace: Trace, known: Gazetteer) -> Ended:
    places = tuple(known.known(place) for place in trace.places)
    return Ended(said, places, len(places) > 1, tuple(_step(change) for change in trace.steps))


def _step(change: DivisionChange) -> ChangeStep:
    zh, en = REASONS[change.kind]
    told = (change.year, change.kind.value, change.code, change.name, change.became, change.parts)
    return ChangeStep(*told, zh, en, change.basis, change.document)
