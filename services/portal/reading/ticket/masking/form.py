"""The forms in which words are looked at, each character of them with its place in what was written."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import opencc

from runtime import reading_form


@dataclass(frozen=True, slots=True)
class ReadText:
    """Words as they are read. ``written``: from two places in ``text`` to those in what was written."""

    text: str
    written: Callable[[int, int], tuple[int, int]]


def readings(words: str) -> Iterator[ReadText]:
    """The words with case and blanks, by which names and rows of names are told; and where that says anything else but
    blanks around it, in the reading form, which knows radicals and has no blanks beside Chinese characters."""
    plain = form_of(words)
    yield plain
    folded = reading_form.traced(words)
    if folded.text != plain.text.lower().strip():
        yield ReadText(folded.text, folded.original_span)


def form_of(words: str) -> ReadText:
    """NFKC, without format characters, Simplified."""
    text = words.translate(_TABLE)
    if _TABLE.longer_or_none.isdisjoint(words):
        return ReadText(text, lambda start, end: (start, end))
    at = [at for at, written in enumerate(words) for _ in written.translate(_TABLE)]
    return ReadText(text, lambda start, end: (at[start], at[end - 1] + 1))


def _read(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() else _simplified().convert(plain)


@lru_cache(maxsize=1)
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


class _Table(dict[int, str]):
    """By code point what it is read as, looked up once: no more of them than Unicode has are held.

    ``longer_or_none``: characters met so far that are not read as one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longer_or_none = set[str]()

    def __missing__(self, point: int) -> str:
        character = chr(point)
        read = self[point] = _read(character)
        if len(read) != 1:
            self.longer_or_none.add(character)
        return read


_TABLE = _Table()
