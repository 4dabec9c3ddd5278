"""验收: whose turn it is to look at the work of a unit, and whether the unit itself still has it (C3)."""

from dataclasses import dataclass, replace

from contracts import chains


@dataclass(frozen=True, slots=True)
class SheetLevel:
    """One level of the chain that looks at the work. ``clock``: the one that it got; "": none."""

    reviewer: str
    working_days: int
    together: bool = False
    passed: bool = False
    clock: str = ""


Levels = tuple[SheetLevel, ...]


def passed(levels: Levels, level: int) -> Levels:
    """The chain once a level, counted from 1, has passed the work; the same when it has no such level."""
    return tuple(replace(each, passed=each.passed or nth == level) for nth, each in enumerate(levels, 1))


def timed(levels: Levels, nth: int, clock: str) -> Levels:
    """The chain once the ``nth`` level, from 0, has a clock."""
    return (*levels[:nth], replace(levels[nth], clock=clock), *levels[nth + 1 :])


def looking(levels: Levels) -> tuple[int, ...]:
    """Whose turn it is, by index from 0."""
    spoken = [nth for nth, each in enumerate(levels) if each.passed]
    return chains.open_levels([each.together for each in levels], spoken)


def away_with(levels: Levels, unit: str) -> str:
    """Who has the work of the unit; "" while its own head has it too, or nobody looks."""
    reviewers = [levels[nth].reviewer for nth in looking(levels)]
    return reviewers[0] if reviewers and unit not in reviewers else ""
