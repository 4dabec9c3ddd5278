"""督办阶梯, as a division published it: who hears when a clock reaches a colour or a moment, and what follows (C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from contracts.lifecycle import CLOCKS, UNORDERED
from contracts.vocabulary import COLOURS, LADDER_DEEDS, TOLD
from contracts.vocabulary.ladders import AFTER_DUE, BEFORE_DUE, MOMENTS, REWORK

ORDER, LEVELS = "order", (1, 2)
ANSWER = "answer_by"
AROUND_DUE = (BEFORE_DUE, AFTER_DUE)
OF_A_CLOCK = (*COLOURS[1:], *AROUND_DUE)
"""When a step begins on which a clock stands; on the others the matter does."""
DAYS_AT_MOST, MINUTES_AT_MOST, REWORKS_AT_MOST = 250, 525_600, 99


@dataclass(frozen=True, slots=True)
class RungCase:
    """What stands on a ladder: a clock of this kind, or a matter ("" as its kind).

    ``collective``: whether several people report it.
    """

    kind: str = ""
    urgent: bool = False
    category: str = ""
    collective: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """At the colour, or the moment, ``when`` those of ``tell`` hear (codes of vocabulary.TOLD).

    ``kinds``: of clocks, any where none is named; ``urgent``, ``collective``: None where it is for both; ``category``:
    with what its code begins. ``do``: what follows (a code of vocabulary.LADDER_DEEDS), "": what usually does;
    ``level``: of an order. ``days`` (working days) or ``minutes``: before or after it is due; ``reworks``: from which.
    """

    when: str
    tell: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    urgent: bool | None = None
    do: str = ""
    level: int = 0
    days: int = 0
    minutes: int = 0
    reworks: int = 0
    category: str = ""
    collective: bool | None = None

    @property
    def step(self) -> str:
        """Its name: before_due-2d, after_due-90m, stuck, rework-3; of a colour the colour."""
        if self.when in AROUND_DUE:
            return f"{self.when}-{self.days}d" if self.days else f"{self.when}-{self.minutes}m"
        return f"{self.when}-{self.reworks}" if self.when == REWORK else self.when

    def fits(self, when: str, case: RungCase) -> bool:
        """Whether this clock, or matter, stands on it at this colour or moment. What is urgent has no working days."""
        is_meant = self.when == when and (not self.kinds or case.kind in self.kinds)
        alike = self.urgent in (None, case.urgent) and self.collective in (None, case.collective)
        return is_meant and alike and case.category.startswith(self.category) and not (self.days and case.urgent)

    def meets(self, other: "Rung") -> bool:
        """Whether some clock, or matter, stands on both at one time."""
        return self.step == other.step and self.shares_a_clock_with(other)

    def shares_a_clock_with(self, other: "Rung") -> bool:
        """Whether some clock stands on both, whenever that is."""
        kinds = not self.kinds or not other.kinds or bool(set(self.kinds) & set(other.kinds))
        longer, shorter = sorted((self.category, other.category), key=len, reverse=True)
        return (
            kinds
            and longer.startswith(shorter)
            and (None in (self.urgent, other.urgent) or self.urgent == other.urgent)
            and (None in (self.collective, other.collective) or self.collective == other.collective)
        )

    def repeats(self, other: "Rung") -> bool:
        """Whether both order some clock at the same level: a cause has one order."""
        is_same = self.do == other.do == ORDER and self.level == other.level
        of_a_clock = self.when in OF_A_CLOCK and other.when in OF_A_CLOCK
        return is_same and of_a_clock and self.shares_a_clock_with(other)

    @property
    def spans_wrong(self) -> bool:
        """Whether it does not say by how much it lies before or after the deadline, or says it in two ways."""
        return self.when in AROUND_DUE and (self.days > 0) == (self.minutes > 0)

    @property
    def spans_nothing(self) -> bool:
        """Whether it says days or minutes of what has none: of a colour, of a matter that does not move."""
        return self.when not in AROUND_DUE and bool(self.days or self.minutes)

    @property
    def is_out_of_range(self) -> bool:
        """Whether a number of it is too large, or below nought."""
        least = 1 if self.when == REWORK else 0
        most = REWORKS_AT_MOST if self.when == REWORK else 0
        in_range = 0 <= self.days <= DAYS_AT_MOST and 0 <= self.minutes <= MINUTES_AT_MOST
        return not (in_range and least <= self.reworks <= most)


OURS = (
    Rung("yellow", ("unit",), UNORDERED),
    Rung("orange", ("unit", "lead"), UNORDERED),
    Rung("red", ("unit", "lead"), UNORDERED, do="none"),
)
"""The platform's own steps of the kinds that are not worth an order (ADR 49); notify knows the usual ones."""


def told(rungs: Iterable[Rung], colour: str, case: RungCase) -> tuple[str, ...]:
    """Who hears; nobody named: then the usual ladder says who."""
    return next((each.tell for each in (*rungs, *OURS) if each.fits(colour, case)), ())


def reached(steps: Iterable[Rung], count: int) -> tuple[Rung, ...]:
    """Of steps of reworks those of the ``count``-th: of what somebody hears the last that has begun, and so of deeds.

    One at most that tells, and one at most that tells nobody: the platform's own.
    """
    begun = sorted((each for each in steps if each.reworks <= count), key=lambda each: each.reworks)
    telling, silent = [each for each in begun if each.tell], [each for each in begun if not each.tell]
    return (*telling[-1:], *silent[-1:])


def faults(rungs: Sequence[Rung]) -> tuple[str, ...]:
    """What is wrong with a ladder, by code; empty when it may hold."""
    wrong = {
        "colour_unknown": any(each.when not in (*COLOURS[1:], *MOMENTS) for each in rungs),
        "kind_unknown": any(not set(each.kinds) <= set(CLOCKS) for each in rungs),
        "nobody_told": any(not each.tell for each in rungs),
        "audience_unknown": any(not set(each.tell) <= set(TOLD) for each in rungs),
        "steps_contradict": any(one.meets(other) for one, other in combinations(rungs, 2)),
        "deed_unknown": any(each.do not in ("", *LADDER_DEEDS) for each in rungs),
        "level_out_of_range": any(each.level not in (LEVELS if each.do == ORDER else (0,)) for each in rungs),
        "ordered_twice": any(one.repeats(other) for one, other in combinations(rungs, 2)),
        "deed_of_an_answer": any(each.do and ANSWER in each.kinds for each in rungs),
        "span_missing": any(each.spans_wrong for each in rungs),
        "span_of_nothing": any(each.spans_nothing for each in rungs),
        "days_of_minutes": any(each.days and each.urgent for each in rungs),
        "number_out_of_range": any(each.is_out_of_range for each in rungs),
        "kinds_of_a_matter": any(each.kinds and each.when in MOMENTS and each.when not in AROUND_DUE for each in rungs),
    }
    return tuple(code for code, is_so in wrong.items() if is_so)
