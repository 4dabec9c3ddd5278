"""What became of divisions whose code or name ended: step by step to the places of today.

A place that was divided leads to several; which of them is meant, a person decides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class ChangeKind(StrEnum):
    """What happened to a division."""

    RENAMED = "renamed"
    RECODED = "recoded"
    RAISED = "raised"
    MERGED = "merged"
    SPLIT = "split"
    GROUPING = "grouping"
    STATISTICAL = "statistical"
    ENDED = "ended"


REASONS: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.RENAMED: ("更名", "renamed"),
    ChangeKind.RECODED: (
        "隶属变更或升格，代码改变",
        "given another code: moved to, or became part of, another prefecture",
    ),
    ChangeKind.RAISED: ("改设", "became a division of another kind: county, city or district"),
    ChangeKind.MERGED: ("撤销并入", "abolished, merged into"),
    ChangeKind.SPLIT: ("撤销后分属数地，须由人判断", "divided among several: a person decides which is meant"),
    ChangeKind.GROUPING: ("代码表中的汇总项，不是行政区", "a row that groups others, no division of its own"),
    ChangeKind.STATISTICAL: (
        "统计用代码（开发区等），不是行政区",
        "a statistical area (development zone or the like), no division",
    ),
    ChangeKind.ENDED: ("公开的代码表未列去向", "no public table says where it went"),
}
"""Why a code or a name is not one of today, in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class DivisionChange:
    """In ``year`` the division ``code`` called ``name`` became ``became``: several when it was divided, none when no
    table says. ``parts``: where smaller parts of it went. ``document``: the approval or the page that tells of it.

    ``basis``: what it is known from. ``settled``: ``became`` names places of today, whatever was in between.
    """

    year: int
    kind: ChangeKind
    code: str
    name: str
    became: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    basis: str = ""
    document: str = ""

    @property
    def settled(self) -> bool:
        """Whether it leads straight to places of today."""
        return self.basis not in ("events", "tables")


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps from an ended division, the oldest first, and the places of today to which they lead."""

    steps: tuple[DivisionChange, ...]
    places: tuple[str, ...]

    @property
    def shared(self) -> str:
        """The deepest division that holds all places; "" when there is none."""
        first, *others = self.places or ("",)
        digits = (len(first), *(each for each in (9, 6, 4, 2) if each < len(first)))
        return next((first[:n] for n in digits if all(other.startswith(first[:n]) for other in others)), "")


@dataclass(frozen=True)
class DivisionChanges:
    """All changes, by the code that ended."""

    changes: tuple[DivisionChange, ...]
    _by_code: dict[str, list[DivisionChange]] = field(
        default_factory=lambda: defaultdict(list), compare=False, repr=False
    )

    def __post_init__(self) -> None:
        for change in sorted(self.changes, key=lambda each: each.year):
            self._by_code[change.code].append(change)

    @cached_property
    def codes(self) -> Collection[str]:
        """Every code that a change begins with."""
        return self._by_code.keys()

    def of(self, code: str) -> Trace | None:
        """Where the place went that had a code last; None for a code that no change begins with."""
        found = self._by_code.get(code)
        return self.since(found[-1]) if found else None

    def since(self, change: DivisionChange) -> Trace:
        """The steps from a change on, up to where the place was divided. Years only rise, so that it ends."""
        steps = [change]
        while len(steps[-1].became) == 1 and not steps[-1].settled:
            following = self._next(steps[-1].became[0], steps[-1].year)
            if following is None:
                break
            steps.append(following)
        return Trace(tuple(steps), self._places(steps[-1]))

    def _places(self, last: DivisionChange) -> tuple[str, ...]:
        if last.settled or len(last.became) < 2:
            return last.became
        pieces = (self._next(code, last.year) or code for code in last.became)
        ends = (self.since(each).places if isinstance(each, DivisionChange) else (each,) for each in pieces)
        return tuple(dict.fromkeys(place for places in ends for place in places))

    def _next(self, code: str, year: int) -> DivisionChange | None:
        return next((each for each in self._by_code.get(code, ()) if each.year > year), None)


def changes_of(rows: Iterable[str]) -> tuple[DivisionChange, ...]:
    """From lines of year, kind, code, name, became, parts, basis, document, separated by tabs."""
    return tuple(_change(row.split("\t")) for row in rows)


def _change(row: list[str]) -> DivisionChange:
    year, kind, code, name, became, parts, basis, document = row
    return DivisionChange(
        int(year), ChangeKind(kind), code, name, tuple(became.split()), tuple(parts.split()), basis, document
    )
