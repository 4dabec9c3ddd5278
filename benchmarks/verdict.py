"""Turns of one run, compared: medians of the pairs of a round, so that a machine that drifts does not count."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.turns import Measurement

AT_MOST = 1.05  # × the base's processor time a ticket
ROUNDS = 3  # fewer say nothing about a noisy machine
NAMED = 3  # processes that a failure names, those that grew most


class TooFewRounds(ValueError):
    """Nothing can be said from so few rounds."""


@dataclass(frozen=True, slots=True)
class MeasuredRound:
    """What was measured one right after the other."""

    floor: Measurement
    base: Measurement
    here: Measurement


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure: medians over the rounds, and the medians of the rounds' ratios; None where one of them has none."""

    here: float
    base: float
    floor: float | None
    to_base: float | None
    to_floor: float | None


def compared(rounds: Sequence[MeasuredRound], figure: Callable[[Measurement], float | None]) -> Compared:
    """One figure over all rounds; what a build does not have is 0."""
    here, base = ([figure(turn) or 0.0 for turn in side] for side in _sides(rounds))
    bare = [figure(each.floor) for each in rounds]
    floor = [each for each in bare if each is not None]
    return Compared(
        here=statistics.median(here),
        base=statistics.median(base),
        floor=statistics.median(floor) if floor else None,
        to_base=_ratio(here, base),
        to_floor=_ratio(here, floor) if len(floor) == len(here) else None,
    )


def by_service(costs: Mapping[str, float]) -> dict[str, float]:
    """Processor time by the first word of the processes' names: a service that was split is still one."""
    found: dict[str, float] = defaultdict(float)
    for name, milliseconds in costs.items():
        found[name.partition(" ")[0]] += milliseconds
    return dict(found)


def failures(hours: Mapping[str, Sequence[MeasuredRound]], at_most: float = AT_MOST) -> list[str]:
    """A sentence for each hour at which a ticket costs too much, naming the processes. Raises TooFewRounds."""
    return [said for hour, rounds in hours.items() for said in _failure(hour, rounds, at_most)]


def _failure(hour: str, rounds: Sequence[MeasuredRound], at_most: float) -> Iterator[str]:
    if len(rounds) < ROUNDS:
        raise TooFewRounds(f"{hour}: {len(rounds)} rounds; a verdict needs {ROUNDS}: --rounds {ROUNDS}")
    cost = compared(rounds, lambda turn: turn.cost)
    if cost.to_base is None or cost.to_base > at_most:
        figures = f"{cost.here:.2f} ms a ticket beside {cost.base:.2f}"
        ratio = "nothing to compare with" if cost.to_base is None else f"{cost.to_base:.2f} ×, at most {at_most:.2f}"
        yield f"{hour}: {figures} ({ratio}); most grew: {', '.join(_grown(rounds)) or 'none by itself'}"


def _grown(rounds: Sequence[MeasuredRound]) -> list[str]:
    """The services whose share grew, the most first."""
    names = {name for each in rounds for name in by_service(each.here.costs)}
    shares = {name: compared(rounds, _share(name)) for name in names}
    grown = sorted(shares.items(), key=lambda item: item[1].base - item[1].here)
    return [f"{name} {each.here:.2f} ms beside {each.base:.2f}" for name, each in grown if each.here > each.base][
        :NAMED
    ]


def _share(name: str) -> Callable[[Measurement], float | None]:
    return lambda turn: by_service(turn.costs).get(name)


def _sides(rounds: Sequence[MeasuredRound]) -> tuple[list[Measurement], list[Measurement]]:
    return [each.here for each in rounds], [each.base for each in rounds]


def _ratio(mine: Sequence[float], other: Sequence[float]) -> float | None:
    if not all(other):
        return None
    return statistics.median(one / two for one, two in zip(mine, other, strict=True))
