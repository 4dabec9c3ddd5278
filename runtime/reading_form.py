"""The form in which everything that people type is read, so that what looks or means the same is the same.

Stored and shown words stay as they were written; ``traced`` tells where in them a thing that was read stands. What is
folded: Unicode's compatibility forms (NFKC), radicals, Traditional Chinese, full width, case, invisible characters and
blanks beside Chinese characters. Words of tables are folded too; rules are written in characters that
the fold leaves alone, which a test holds.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import chain

PLANE = 0x10000  # code points that the table holds; what lies beyond is rare and looked up one by one
USUAL = tuple(zip("，：；！？（）", ",:;!?()", strict=True))  # in nearly every text, and mostly the only ones there
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
"""Characters that nobody sees and that their category (format, control, enclosing mark) does not tell."""

FOLDED_BLOCKS = (range(0x3400), range(0xA000, 0xAC00), range(0xD7B0, 0xD800), range(0xF900, PLANE))
"""All but ideographs, which have a table, Korean syllables, surrogates and what is private."""

BEYOND = "\U00010000-\U0010ffff"
RARE = re.compile(f"[{BEYOND}]")
UNSEEN_RANGES = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xFFF0, 0xFFF9), range(0xE0000, 0xE1000))
_HAN = "\u3001-\u3003\u3005-\u301f\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
BREAK = re.compile(r" *\n[ \n]*")
BLANKS = re.compile(r" {2,}")
PARTING = re.compile(rf" (?<=[^{_HAN}] )[^{_HAN}]")
BESIDE_CHINESE = re.compile(rf" (?:(?=[{_HAN}])|(?<=[{_HAN}] ))")
ROUNDS = 4  # until nothing changes any more; two were enough for every text that was tried
RARE_KEPT = 4096


@dataclass(frozen=True)
class FoldedText:
    """A text in its reading form, and where each of its characters stands in the original."""

    original: str
    text: str

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the characters ``start`` to ``end`` of the reading form stand, as a slice."""
        if start >= end:
            at = self._places[start][0] if start < len(self._places) else len(self.original)
            return at, at
        return self._places[start][0], self._places[end - 1][1]

    def shown(self, start: int, end: int) -> str:
        """The words of the original that were read as the characters ``start`` to ``end``."""
        return self.original[slice(*self.original_span(start, end))]

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """For each character of the reading form, where in the original what it was read from begins and ends."""
        pieces = _pieces(self.original)
        plain = "".join(piece for piece, _, _ in pieces)
        at = [(start, end) for piece, start, end in pieces for _ in piece]
        return at if plain == self.text else [at[nth] for nth in _kept(plain)]


@dataclass(frozen=True, slots=True)
class _Forms:
    """``table``: by code point, what it is read as. ``changes``: what needs a look, beside ``USUAL``. ``joins``: what
    may become one character with the one before it, or is beyond the table. ``piece``: what is read on its own."""

    table: list[str]
    changes: re.Pattern[str]
    joins: re.Pattern[str]
    unseen: re.Pattern[str]
    piece: re.Pattern[str]


def fold(text: str) -> str:
    """The reading form of a text; folding it again changes nothing. Line breaks stay: they part what was said."""
    if _forms().changes.search(text):
        text = _read(text)
    else:
        for wide, narrow in USUAL:
            text = text.replace(wide, narrow)
    return _spaced(text) if " " in text or "\n" in text else text


def traced(text: str) -> FoldedText:
    """The reading form of a text that remembers where its characters come from."""
    return FoldedText(text, fold(text))


def _read(text: str) -> str:
    forms = _forms()
    if not forms.joins.search(text):
        return text.translate(forms.table)
    plain = unicodedata.normalize("NFKC", forms.unseen.sub("", text))
    for _ in range(ROUNDS):
        before, plain = plain, unicodedata.normalize("NFKC", RARE.sub(_rare, plain).translate(forms.table))
        if plain == before:
            break
    return plain


def _spaced(text: str) -> str:
    """Blanks only where they part words that are not Chinese; one line break for several."""
    if any(each in text for each in ("\n\n", " \n", "\n ")):
        text = BREAK.sub("\n", text)
    if "  " in text:
        text = BLANKS.sub(" ", text)
    if " " in text and not text.isascii():
        text = BESIDE_CHINESE.sub("", text) if PARTING.search(text) else text.replace(" ", "")
    return text.strip(" \n")


def _rare(found: re.Match[str]) -> str:
    return _single(found[0])


def _kept(plain: str) -> Iterator[int]:
    """The places in ``plain`` of the characters that ``_spaced`` leaves."""
    at = -1
    for char in _spaced(plain):
        at = plain.index(char, at + 1)
        yield at


def _pieces(text: str) -> list[tuple[str, int, int]]:
    """What is read on its own: a character with those that join it; as what, and where it stands."""
    forms = _forms()
    if not forms.joins.search(text):
        return [(forms.table[ord(char)], at, at + 1) for at, char in enumerate(text)]
    return [(_read(found[0]), found.start(), found.end()) for found in forms.piece.finditer(text)]


@lru_cache(maxsize=RARE_KEPT)
def _single(char: str) -> str:
    """What one character is read as: "" when nobody sees it."""
    if char in LINE_ENDS:
        return "\n"
    if char.isspace():
        return " "
    if _is_unseen(char):
        return ""
    text, same = char, _same()
    for _ in range(ROUNDS):
        text = "".join(same.get(each, each) for each in unicodedata.normalize("NFKC", text.casefold()))
    return text


def _is_unseen(char: str) -> bool:
    is_odd = char in UNSEEN or any(ord(char) in unseen for unseen in UNSEEN_RANGES)
    return is_odd or unicodedata.category(char) in ("Cf", "Cc", "Me")


@cache
def _same() -> dict[str, str]:
    """Character → the simple form that it is read as."""
    lines = files("runtime").joinpath("data/ideographs.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {each: simple for simple, others in pairs for each in others}


@cache
def _forms() -> _Forms:
    """The table and what is looked for in a text; a fifth of a second of work, once per process."""
    table = [chr(code) for code in range(PLANE)]
    read = {char: _single(char) for char in _others(PLANE)} | _same()
    changed = [char for char in read if ord(char) < PLANE and read[char] != char]
    for char in changed:
        table[ord(char)] = read[char]
    near = _members(each for each in _joining() if ord(each) < PLANE)
    unseen, joining = _members(_unseen()), _members(_joining())
    return _Forms(
        table,
        re.compile(f"[{_members({*changed} - {wide for wide, _ in USUAL})}{near}{BEYOND}]"),
        re.compile(f"[{near}{BEYOND}]"),
        re.compile(f"[{unseen}]"),
        re.compile(f"(?s:.)(?:[{unseen}]*[{joining}])*"),
    )


def _members(chars: Iterable[str]) -> str:
    """The inside of a character class: runs of neighbours as ranges."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in runs)


def _others(end: int) -> Iterator[str]:
    """The characters up to a code point but those of the blocks in which none is folded by a rule."""
    return (chr(code) for code in chain(*FOLDED_BLOCKS, range(PLANE, end)))


@cache
def _joining() -> tuple[str, ...]:
    """The characters that may become one with the one before them: marks, Korean vowels and finals."""
    second = {parts[1] for char in _others(2 * PLANE) if len(parts := _parted(char)) == 2}
    marks = {char for char in _others(2 * PLANE) if unicodedata.combining(char)}
    korean = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    joining = second | marks | korean
    forms = {char for char in _others(PLANE) if unicodedata.normalize("NFKC", char)[0] in joining}
    return tuple(sorted(joining | forms))


def _parted(char: str) -> list[str]:
    """The characters that ``char`` is composed of; [] when it is not."""
    parts = unicodedata.decomposition(char)
    return [] if "<" in parts else [chr(int(part, 16)) for part in parts.split()]


def _unseen() -> Iterator[str]:
    return (char for char in (*_others(PLANE), *map(chr, UNSEEN_RANGES[-1])) if _single(char) == "")
