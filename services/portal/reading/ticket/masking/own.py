"""What the reporters of a matter gave of themselves, as patterns: found wherever it stands, and never shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.portal.reading.ticket.masking.form import form_of
from services.portal.reading.ticket.masking.lexicon import IN_PLACE_OF_A_NAME, TITLES
from services.portal.reading.ticket.masking.names import name_shown
from services.portal.reading.ticket.masking.spans import Span, starred

PATTERNS_AT_MOST = 300  # of one matter: 51 people with a name, a phone, an e-mail and two documents
SHORTEST_DIGITS = 7  # fewer may be anything
SHORTEST_NAME, LONGEST_NAME = 2, 40  # characters
GAP = r"[\s.·•_\-—–()]{0,2}"
NUMERALS = {
    each: f"[{each}{said}]"
    for each, said in zip(
        "0123456789", ("零〇○", "一幺壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"), strict=True
    )
}
AREA = re.compile(r"(0[0-9]{2,3})-?([2-9][0-9]{6,7})(?:转[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Own:
    """Name, phone, e-mail and documents of a matter's reporters, as intake sealed them."""

    values: tuple[str, ...] = ()
    _rules: "tuple[tuple[re.Pattern[str], bool], ...]" = field(init=False, default=(), repr=False)

    def __post_init__(self) -> None:
        rules = [
            rule
            for each in dict.fromkeys(self.values[:PATTERNS_AT_MOST])
            for rule in _rules_of(form_of(each).text.strip())
        ]
        object.__setattr__(self, "_rules", tuple(rules))

    def spans(self, text: str) -> Iterator[Span]:
        """Where one of them stands in read text."""
        for pattern, is_name in self._rules:
            for found in pattern.finditer(text):
                yield _span(text, found, is_name=is_name)


def _span(text: str, found: re.Match[str], *, is_name: bool) -> Span:
    if is_name:
        return Span(*found.span(), name_shown(found[0]))
    if "@" in found[0]:
        return Span(*found.span(), "***@***")
    return starred(text, *found.span(), 2)


def _rules_of(value: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    if "@" in value:
        local, _, domain = value.partition("@")
        spelt = rf"{re.escape(local)}\s?(?:@|\(at\)|#)\s?{re.escape(domain)}"
        yield re.compile(rf"(?<![A-Za-z0-9.]){spelt}(?![A-Za-z0-9])", re.I), False
    elif (digits := re.sub(r"[^0-9A-Za-z]", "", value)) and sum(map(str.isdigit, digits)) >= SHORTEST_DIGITS:
        yield _digits(digits if not (fixed := AREA.fullmatch(value)) else "".join(fixed.groups())), False
        if fixed:
            yield _digits(fixed[2]), False
    elif name := _name(value):
        spelt = r"[\s·•]{0,2}".join(map(re.escape, re.sub(r"[ ·•.]", "", name)))
        is_latin = name[0].isascii()
        yield re.compile(rf"(?<![A-Za-z]){spelt}(?![A-Za-z])" if is_latin else spelt, re.I), True


def _digits(digits: str) -> re.Pattern[str]:
    spelt = GAP.join(NUMERALS.get(each, f"[{each.upper()}{each.lower()}]") for each in digits)
    return re.compile(rf"(?<![0-9]){spelt}(?![0-9])")


def _name(value: str) -> str:
    """The name in what somebody wrote as theirs; "" when it names nobody."""
    bare = re.sub(rf"(?:{TITLES})$", "", re.sub(r"\(.*?\)", "", value)).strip(" ·•,，。")
    is_one = (
        any(map(str.isalpha, bare)) and SHORTEST_NAME <= len(bare) <= LONGEST_NAME and bare not in IN_PLACE_OF_A_NAME
    )
    return bare if is_one else ""


NOBODY = Own()
