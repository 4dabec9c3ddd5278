"""Where a word stands: its clause and its sentence."""

import re
from bisect import bisect_right
from dataclasses import dataclass

CLAUSE = re.compile(r"[，。！？；：、!?;:\n\t…~（）()]+|[,.](?!\d)|(?<![a-z0-9]) +(?![a-z0-9])")
SENTENCE = re.compile(r"[。！？!?\n；;…]+|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Of a word: the beginning of its sentence and clause, its own, its end, and the ends of clause and sentence."""

    opens: int
    first: int
    start: int
    end: int
    last: int
    closes: int

    def clause(self, text: str) -> str:
        """The clause around the word."""
        return text[self.first : self.last]

    def sentence(self, text: str) -> str:
        """From one full stop to the next, the word within."""
        return text[self.opens : self.closes]


class Passage:
    """A text, divided once into sentences and, where a word is looked at, into clauses."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._borders = [0, *(found.end() for found in SENTENCE.finditer(text)), len(text)]

    def sentence_at(self, start: int) -> tuple[int, int]:
        """The borders of the sentence around a character."""
        index = min(bisect_right(self._borders, start), len(self._borders) - 1)
        return self._borders[index - 1], self._borders[index]

    def at(self, start: int, end: int) -> Place:
        """The place of the word between the two."""
        opens, closes = self.sentence_at(start)
        first, last = opens, closes
        for found in CLAUSE.finditer(self.text, opens, closes):
            if found.end() > start:
                last = found.end()
                break
            first = found.end()
        last = max(last, end)
        return Place(opens, first, start, end, last, max(closes, last))
