"""Why a place was found: each name that was seen, where it was written, and how well it names a place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime import reading_form
from services.routing.domain.place.divisions import DivisionFinding, resolve
from services.routing.domain.place.evidence import Sign, Strength, may_be_in, signs_of
from services.routing.domain.place.gazetteer import Gazetteer
from services.routing.domain.place.mentions import Mention, Scan

SHOWN_AT_MOST = 50  # names of one text, half from its beginning and half from its end
PLACES_AT_MOST = 10  # that one name may stand for


@dataclass(frozen=True, slots=True)
class PlaceEvidence:
    """A name in a source, as it was written: ``source`` is the field's number, the text comes after the fields.

    ``start`` and ``end`` are a slice of the original. ``strength`` is None for a name that was taken for part of
    another word (太原街). ``agrees``: whether it may be the place that was found.
    """

    source: int
    start: int
    end: int
    words: str
    places: tuple[str, ...]
    strength: Strength | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class ExplainedPlace:
    """What was found, and all that spoke for and against it, in the order in which it was written."""

    found: DivisionFinding
    evidence: tuple[PlaceEvidence, ...]


def explained(given: str, fields: Sequence[str], text: str, known: Gazetteer, scan: Scan) -> ExplainedPlace:
    """The same finding as ``resolve``, with its evidence."""
    found = resolve(given, fields, text, known, scan)
    sources = enumerate((*fields, text))
    evidence = tuple(each for nth, source in sources for each in _evidence(nth, source, found, known, scan))
    return ExplainedPlace(found, evidence)


def _evidence(nth: int, source: str, found: DivisionFinding, known: Gazetteer, scan: Scan) -> Iterator[PlaceEvidence]:
    form = reading_form.traced(source)
    mentions = scan(form.text)
    shown = (*mentions[: SHOWN_AT_MOST // 2], *mentions[-SHOWN_AT_MOST // 2 :])
    signs: dict[Mention, list[Sign]] = {mention: [] for mention in shown}
    for sign in signs_of(form.text, mentions, known):
        if sign.mention in signs:
            signs[sign.mention].append(sign)
    for mention, meant in signs.items():
        start, end = form.original_span(mention.start, mention.end)
        near = sorted({sign.code for sign in meant}, key=lambda code: (not may_be_in(code, found.code), code))
        strength = max((sign.strength for sign in meant), default=None)
        agrees = bool(found.code and near) and may_be_in(near[0], found.code)
        yield PlaceEvidence(nth, start, end, source[start:end], tuple(near[:PLACES_AT_MOST]), strength, agrees)
