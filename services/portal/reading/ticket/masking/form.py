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
    """The words with case and blanks, by which names and rows of names are told; and where that says anything else, in
    the reading form, which knows radicals and has no blanks beside Chinese characters."""
    plain = form_of(words)
    yield plain
    folded = reading_form.traced(words)
    if folded.text != plain.text.lower():
        yield ReadText(folded.text, folded.original_span)


def form_of(words: str) -> ReadText:
    """NFKC, without format characters, Simplified."""
    read = [(each, at) for at, written in enumerate(words) for each in _read(written)]
    at = [at for _, at in read]
    return ReadText("".join(each for each, _ in read), lambda start, end: (at[start], at[end - 1] + 1))


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
