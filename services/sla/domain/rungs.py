"""督办阶梯, as a division published it: who hears when a clock reaches a colour, and what follows (C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from contracts.lifecycle import CLOCKS
from contracts.vocabulary import COLOURS, LADDER_DEEDS, TOLD

ORDER, LEVELS = "order", (1, 2)
ANSWER = "answer_by"


@dataclass(frozen=True, slots=True)
class Rung:
    """At the colour ``when`` those of ``tell`` hear (codes of vocabulary.TOLD).

    ``kinds``: of clocks, any where none is named; ``urgent``: None where it is for both. ``do``: what follows (a code
    of vocabulary.LADDER_DEEDS), "": what usually does; ``level``: of an order.
    """

    when: str
    tell: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    urgent: bool | None = None
    do: str = ""
    level: int = 0

    def fits(self, colour: str, kind: str, *, urgent: bool) -> bool:
        """Whether a clock of this kind that reaches this colour stands on it."""
        return self.when == colour and (not self.kinds or kind in self.kinds) and self.urgent in (None, urgent)

    def meets(self, other: "Rung") -> bool:
        """Whether some clock stands on both at one time."""
        return self.when == other.when and self.shares_a_clock_with(other)

    def shares_a_clock_with(self, other: "Rung") -> bool:
        """Whether some clock stands on both, at whatever colours."""
        kinds = not self.kinds or not other.kinds or bool(set(self.kinds) & set(other.kinds))
        return kinds and (None in (self.urgent, other.urgent) or self.urgent == other.urgent)

    def repeats(self, other: "Rung") -> bool:
        """Whether both order some clock at the same level: a cause has one order."""
        is_same = self.do == other.do == ORDER and self.level == other.level
        return is_same and self.shares_a_clock_with(other)


def told(rungs: Iterable[Rung], colour: str, kind: str, *, urgent: bool) -> tuple[str, ...]:
    """Who hears; nobody named: then the platform's own ladder says who."""
    return next((each.tell for each in rungs if each.fits(colour, kind, urgent=urgent)), ())


def faults(rungs: Sequence[Rung]) -> tuple[str, ...]:
    """What is wrong with a ladder, by code; empty when it may hold."""
    wrong = {
        "colour_unknown": any(each.when not in COLOURS[1:] for each in rungs),
        "kind_unknown": any(not set(each.kinds) <= set(CLOCKS) for each in rungs),
        "nobody_told": any(not each.tell for each in rungs),
        "audience_unknown": any(not set(each.tell) <= set(TOLD) for each in rungs),
        "steps_contradict": any(one.meets(other) for one, other in combinations(rungs, 2)),
        "deed_unknown": any(each.do not in ("", *LADDER_DEEDS) for each in rungs),
        "level_out_of_range": any(each.level not in (LEVELS if each.do == ORDER else (0,)) for each in rungs),
        "ordered_twice": any(one.repeats(other) for one, other in combinations(rungs, 2)),
        "deed_of_an_answer": any(each.do and ANSWER in each.kinds for each in rungs),
    }
    return tuple(code for code, is_so in wrong.items() if is_so)
