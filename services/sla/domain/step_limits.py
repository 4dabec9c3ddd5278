"""The platform's own limits as a division sets them: what may be set, and the ladder that comes of it (C3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Protocol

from services.sla.domain.ladder import OURS, Ladder
from services.sla.domain.limits import LONGEST, MINUTES, Limit


class LimitOfStep(Protocol):
    """How long a step may take, in which unit: "" for the usual one."""

    @property
    def step(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def limit_unit(self) -> str: ...


FIELDS = {getattr(OURS, each.name).standard: each.name for each in fields(Ladder)}
"""Step (``Limit.standard``) → where the ladder has it."""


def applied(ladder: Ladder, steps: Iterable[LimitOfStep]) -> Ladder:
    """The ladder with these steps in place of its own; the others as they are."""
    return replace(ladder, **{FIELDS[each.step]: _set(getattr(ladder, FIELDS[each.step]), each) for each in steps})


def _set(limit: Limit, step: LimitOfStep) -> Limit:
    return replace(limit, amount=step.amount, unit=step.limit_unit or limit.unit)


def faults(steps: Sequence[LimitOfStep]) -> tuple[str, ...]:
    """What is wrong with them, by code; empty when they may hold."""
    known = [each for each in steps if each.step in FIELDS]
    wrong = {
        "step_unknown": len(known) < len(steps),
        "step_twice": max(Counter(each.step for each in steps).values(), default=1) > 1,
        "unit_unknown": any(each.limit_unit and each.limit_unit not in LONGEST for each in steps),
        "minutes_misplaced": any((_unit(each) == MINUTES) != (_usual(each) == MINUTES) for each in known),
        "amount_out_of_range": any(not 1 <= each.amount <= LONGEST.get(_unit(each), each.amount) for each in known),
    }
    return tuple(code for code, is_so in wrong.items() if is_so)


def _usual(step: LimitOfStep) -> str:
    limit: Limit = getattr(OURS, FIELDS[step.step])
    return limit.unit


def _unit(step: LimitOfStep) -> str:
    return step.limit_unit or _usual(step)
