"""The same words as other people's machines write them: what a reader must not tell apart."""

import itertools
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from opencc import OpenCC

from runtime import reading_form

TRADITIONAL = ("s2t", "s2tw", "s2hk")  # OpenCC: the standard, Taiwan, Hong Kong
HIDDEN = ("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\U000e0100")
BLANKS = (" ", "\u00a0", "\u3000", "\u2009", "\t", " \u200b ")


@cache
def _radicals() -> dict[str, str]:
    """Simple form → the radical that a PDF may hold in its place."""
    radicals = [chr(code) for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))]
    return {read: radical for radical in radicals if (read := reading_form.fold(radical)) != radical}


def _is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def with_radicals(text: str) -> str:
    """⻓沙 for 长沙: what many PDFs hold."""
    return "".join(_radicals().get(char, char) for char in text)


def spread(text: str, blank: str) -> str:
    """A blank between each two Chinese characters."""
    pairs = itertools.pairwise(f"{text}.")
    return "".join(char + blank * (_is_chinese(char) and _is_chinese(after)) for char, after in pairs)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@cache
def _traditional(variant: str) -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC(variant).convert
    return convert


def variants(text: str) -> Iterator[tuple[str, str]]:
    """(what was done, the text) for each way to write the same."""
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        yield form, unicodedata.normalize(form, text)
    yield "radicals", with_radicals(text)
    yield "full width", wide(text)
    yield "lower case", text.lower()
    for hidden in HIDDEN:
        yield f"hidden {ord(hidden):x}", hidden + hidden.join(text) + hidden
    for blank in BLANKS:
        yield f"blank {blank!r}", spread(text, blank)
    for variant in TRADITIONAL:
        yield variant, _traditional(variant)(text)
    yield "all", wide(spread(with_radicals(_traditional("s2tw")(text)), "\u00a0\u200b"))
