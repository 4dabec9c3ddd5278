"""The form in which words are looked at, each character of it with its place in what was written.

One function, ``form_of``: whoever has a better reading form puts it here.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc


@dataclass(frozen=True, slots=True)
class ReadText:
    """Words as they are read. ``at``: for each character of ``text``, its place in ``words``."""

    words: str
    text: str
    at: tuple[int, ...]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from ``start`` to ``end`` of the text stand in what was written."""
        return self.at[start], self.at[end - 1] + 1


def form_of(words: str) -> ReadText:
    """NFKC, without format characters, Simplified."""
    read = [(each, at) for at, written in enumerate(words) for each in _read(written)]
    return ReadText(words, "".join(each for each, _ in read), tuple(at for _, at in read))


@lru_cache(maxsize=20_000)
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
