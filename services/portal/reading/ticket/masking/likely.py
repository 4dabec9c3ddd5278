"""How much likelier it is that characters are a person's name than that they are text, in powers of two."""

import re
import tomllib
from pathlib import Path
from typing import Any

from services.portal.reading.ticket.masking import lexicon

TABLE = Path(__file__).with_name("likely_names.toml")
DOUBLE_SURNAME, FAMILIAR, RARE, SELDOM, NO_SURNAME = 6, 6, 5, -6, -99
A_WORD, BEGINS_WITH_A_WORD, GIVEN_A_WORD = 40, 5, 3
"""What a name weighs less for: it is a word, begins with one, the given name is one (国家, 黄金贵, 王建设)."""
BY_ORDER = re.compile("老[大二三四五六七八九十幺]|[大二三四五六七八九幺小细满][毛狗娃妹喜]|[二三四五六]嫂")
"""Given names of the village, by the order of birth: 老三, 二妹."""
LITTLE = 1
"""What 小 weighs before another character."""
RARE_CHARACTER = re.compile("[\u3400-\u4dbf\U00020000-\U000323af]")


def _weights(rows: dict[str, str]) -> dict[str, int]:
    return {each: int(weight) for weight, characters in rows.items() for each in characters}


_READ: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))
_SURNAMES, _GIVEN = _weights(_READ["surnames"]), _weights(_READ["given"])
BEGIN_GIVEN = "".join(_GIVEN) + "小老一二三四五六七八九幺有"
_WHOLE, _GIVEN_WORDS = frozenset(_READ["words"]["whole"].split()), frozenset(_READ["words"]["given"].split())


def likelihood(name: str) -> int:
    """Of a surname and one or two characters, all Simplified and without blanks."""
    double = len(name) > 2 and name[:2] in lexicon.DOUBLE
    given = name[2:] if double else name[1:]
    weight = DOUBLE_SURNAME if double else _SURNAMES.get(name[0], NO_SURNAME)
    if BY_ORDER.fullmatch(given):
        return weight + FAMILIAR
    weight += LITTLE if given[0] == "小" and len(given) > 1 else weight_of(given[0])
    return weight + sum(map(weight_of, given[1:])) - _as_words(name, given)


def weight_of(character: str) -> int:
    """Of a character of a given name."""
    weight = _GIVEN.get(character)
    return weight if weight is not None else RARE if RARE_CHARACTER.match(character) else SELDOM


def _as_words(name: str, given: str) -> int:
    if name in _WHOLE:
        return A_WORD
    begins = BEGINS_WITH_A_WORD if len(name) == 3 and name[:2] in _WHOLE else 0
    return begins + (GIVEN_A_WORD if given in _GIVEN_WORDS else 0)
