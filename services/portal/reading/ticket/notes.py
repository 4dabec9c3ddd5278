"""A step as a document holds it: its kind, and a note of its fields, parted by "|".

Documents of earlier builds hold the same notes, so what is written here never changes its form.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any, get_args

from services.portal.reading.ticket.steps import FoldedStep, UnknownStep

PART = "|"
SOLVED = {True: "solved", False: "unsolved"}
KINDS: Mapping[str, type[FoldedStep]] = {each.kind: each for each in get_args(FoldedStep)}


def note_of(step: FoldedStep) -> str:
    """The fields in their order; the last ones are left out where they have their default."""
    parts = list(fields(step))
    while parts and parts[-1].default == getattr(step, parts[-1].name):
        parts.pop()
    return PART.join(_written(getattr(step, part.name)) for part in parts)


def step_of(kind: str, note: str) -> FoldedStep | UnknownStep:
    """The step that a document holds. A last field that was not written yet is its default, a text ""."""
    step = KINDS.get(kind)
    if step is None:
        return UnknownStep(kind=kind)
    known = fields(step)
    parts = note.split(PART, max(0, len(known) - 1))
    try:
        read = {field.name: _read(field, parts[nth : nth + 1]) for nth, field in enumerate(known)}
    except ValueError:
        return UnknownStep(kind=kind)
    return step(**read)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return SOLVED[value]
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(field: "Field[Any]", part: list[str]) -> Any:
    if part:
        return _READERS[field.type](part[0])
    if field.default is MISSING:
        return _READERS[field.type]("")
    return field.default


def _solved(part: str) -> bool:
    if part not in SOLVED.values():
        raise ValueError("neither solved nor unsolved")
    return part == SOLVED[True]


_READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: _solved,
    datetime: datetime.fromisoformat,
}
