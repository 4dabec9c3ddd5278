"""Texts with what is to be hidden in them marked ⟦so⟧, and how much of it is: the figures of docs/reading.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.portal.reading.ticket.masking import Own, hidden_in

FOLDER = Path(__file__).parent / "masked"
STANDS_FOR = {"〔NBSP〕": "\u00a0", "〔ZWSP〕": "\u200b", "\\n": "\n"}
OPENED, CLOSED = "⟦", "⟧"
FIRST = re.compile(r"^# first: ([0-9.]+) of ([0-9]+) hidden, ([0-9.]+) of the rest lost$", re.M)
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """One text. ``own``: what the reporter gave of themselves; ``places``: what is to be hidden."""

    kind: str
    own: Own
    words: str
    places: tuple[Place, ...]

    @property
    def missed(self) -> list[str]:
        """What is to be hidden and shows."""
        covered = self._covered()
        return [self.words[start:end] for start, end in self.places if not covered.issuperset(range(start, end))]

    @property
    def lost(self) -> int:
        """Characters that are hidden and should show."""
        wanted = {at for start, end in self.places for at in range(start, end)}
        return len(self._covered() - wanted)

    def _covered(self) -> set[int]:
        return {at for start, end in hidden_in(self.words, self.own) for at in range(start, end)}


def texts() -> list[Marked]:
    return [each for path in sorted(FOLDER.glob("*.txt")) for each in _read(path)]


def _read(path: Path) -> Iterator[Marked]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            own, _, marked = line.rpartition("\t")
            yield _marked(path.stem, Own(tuple(filter(None, own.split("|")))), marked)


def _marked(kind: str, own: Own, marked: str) -> Marked:
    for name, character in STANDS_FOR.items():
        marked = marked.replace(name, character)
    words, places, begun = "", list[Place](), 0
    for each in marked:
        if each == OPENED:
            begun = len(words)
        elif each == CLOSED:
            places.append((begun, len(words)))
        else:
            words += each
    return Marked(kind, own, words, tuple(places))


@dataclass(frozen=True, slots=True)
class Figures:
    """How many texts and marks there are, what share of the marks is hidden, what share of the rest is lost."""

    texts: int
    marks: int
    hidden: float
    lost: float


def first_figures() -> Iterator[tuple[str, Figures]]:
    """What was measured on each set that was written to try the rules, before anything was mended by it."""
    for path in sorted(FOLDER.glob("*.txt")):
        if found := FIRST.search(path.read_text("utf-8")):
            yield path.stem, Figures(len(list(_read(path))), int(found[2]), float(found[1]), float(found[3]))


def figures() -> Figures:
    """Measured on the whole set."""
    every = texts()
    marks = sum(len(each.places) for each in every)
    plain = sum(len(each.words) - sum(end - start for start, end in each.places) for each in every)
    missed, lost = sum(len(each.missed) for each in every), sum(each.lost for each in every)
    return Figures(len(every), marks, 1 - missed / marks, lost / plain)
