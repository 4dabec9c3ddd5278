"""督办阶梯, as a division published it: who hears when a clock reaches a colour (C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from contracts.lifecycle import CLOCKS
from contracts.vocabulary import COLOURS, TOLD


@dataclass(frozen=True, slots=True)
class Rung:
    """At the colour ``when`` those of ``tell`` hear (codes of vocabulary.TOLD).

    ``kinds``: of clocks, any where none is named; ``urgent``: None where it is for both.
    """

    when: str
    tell: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    urgent: bool | None = None

    def fits(self, colour: str, kind: str, *, urgent: bool) -> bool:
        """Whether a clock of this kind that reaches this colour stands on it."""
        return self.when == colour and (not self.kinds or kind in self.kinds) and self.urgent in (None, urgent)

    def meets(self, other: "Rung") -> bool:
        """Whether some clock stands on both."""
        kinds = not self.kinds or not other.kinds or bool(set(self.kinds) & set(other.kinds))
        urgent = None in (self.urgent, other.urgent) or self.urgent == other.urgent
        return self.when == other.when and kinds and urgent


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
    }
    return tuple(code for code, is_so in wrong.items() if is_so)
