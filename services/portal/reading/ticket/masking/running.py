"""Names in running words: nothing announces them; they are told by how likely the characters are a name there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts import divisions
from services.portal.reading.ticket.masking import lexicon
from services.portal.reading.ticket.masking.likely import BEGIN_GIVEN, BY_ORDER, likelihood, weight_of

ENDS_A_PLACE = frozenset("县镇村路街区市乡局厂店院站族")
HAN = "\u3400-\u9fff\U00020000-\U000323af〇"
GIVEN = f"[{BEGIN_GIVEN}\u3400-\u4dbf\U00020000-\U000323af]"
CANDIDATE = re.compile(rf"(?=(?P<name>{lexicon.SURNAME}{GIVEN}[{HAN}]?))")
LONGEST_BEFORE, LONGEST_AFTER = 6, 20
BETWEEN = re.compile(r"[、，,/ ]|\s?(?:[0-9][0-9.]*元|[(][^()]*[)])?[、，,\s]{1,2}|和|与|及")
LONGEST_BETWEEN = 20
NAMED = re.compile(rf"(?:{lexicon.BEFORE_THE_NAME}|(?:{lexicon.BEFORE_A_NAME})[:：]\s?)$")
CALLED = re.compile(r"[\s,，、:：(]{1,2}(?:电话|手机)?[:：]?1[3-9](?:[ \-./]?[0-9]){9}")
SPOKEN_OF = re.compile(rf"(?:{lexicon.BEFORE_A_NAME})$")
APART_BEFORE = re.compile(rf"(?:^|[^{HAN}]|{lexicon.BEFORE_ANYTHING})$")
APART_AFTER = re.compile(rf"[^{HAN}]|$|{lexicon.AFTER_ANYTHING}")
OF_A_CLAN = re.compile(".家[滩湾冲坪坳垭坝塘坡岭沟河桥园院寨屯庄铺口头山洞溪]")
JOINS = re.compile("[和与跟][我你他她其女男0-9]")
HOUSEHOLD = re.compile(f"家[{HAN}]")
PLACE_AFTER = re.compile(lexicon.PLACE_AFTER)
SURE, KNOWN, SHORT, LIKELY, RUN_ON, UNLIKELY, NEVER = -3, -1, 2, 4, 8, 12, 99
"""What a name must weigh: after 叫, in a row of names, before a telephone; after 邻居; with two characters only;
between words that stand apart; after 邻居 with nothing after it; with one side apart; where a place stands."""
GOES_ON = -3
"""A character that may follow a name, and weighs less in one, is no part of it."""
OF_A_PLACE = 6
"""What it must weigh more when it begins with the name of a county: 麻阳人."""
COUNTIES = frozenset(name[:2] for code, name in divisions.rows() if len(code) == 6)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a name may stand. ``in_row``: beside another one (张三、李四)."""

    before: str
    in_row: bool


def names(text: str) -> Iterator[tuple[int, int]]:
    """From where to where likely names stand; the longer of two that begin together."""
    done = -1
    for found in CANDIDATE.finditer(text):
        start = found.start()
        if start < done:
            continue
        around = Around(text[max(0, start - LONGEST_BEFORE) : start], _is_next(text, done, start))
        if size := _size(text, start, found["name"], around):
            done = start + size
            yield start, done


def _is_next(text: str, done: int, start: int) -> bool:
    return 0 < done < start <= done + LONGEST_BETWEEN and bool(BETWEEN.fullmatch(text, done, start))


def _size(text: str, start: int, longest: str, around: Around) -> int:
    """How long the name there is; 0 when there is none."""
    shortest = 3 if longest[:2] in lexicon.DOUBLE else 2
    if len(longest) > shortest and _ends_before_its_last(text, start + len(longest), longest):
        longest = longest[:-1]
    for size in range(len(longest), shortest - 1, -1):
        name, end = longest[:size], start + size
        weight = likelihood(name)
        if weight >= SURE and weight >= _least(name, around, text[end : end + LONGEST_AFTER]):
            return size
    return 0


def _ends_before_its_last(text: str, end: int, name: str) -> bool:
    """Whether the last character goes on in the sentence rather than in the name: 李雷|称."""
    if BY_ORDER.fullmatch(name[1:]):
        return False
    following = text[end - 1 : end + 1]
    return bool(
        HOUSEHOLD.match(following)
        or JOINS.match(following)
        or (weight_of(name[-1]) < GOES_ON and APART_AFTER.match(following))
    )


def _least(name: str, around: Around, after: str) -> int:
    """What the name must weigh to be one there."""
    if PLACE_AFTER.match(after) or name[-1] in ENDS_A_PLACE or OF_A_CLAN.fullmatch(name):
        return NEVER
    ends = bool(APART_AFTER.match(after))
    if ends and (around.in_row or NAMED.search(around.before) or CALLED.match(after)):
        return SHORT if around.in_row and len(name) == 2 else SURE
    more = OF_A_PLACE if name[:2] in COUNTIES else 0
    if SPOKEN_OF.search(around.before):
        return more + _least_of_somebody(name, ends=ends)
    return more + (LIKELY, UNLIKELY, NEVER)[(not ends) + (not APART_BEFORE.search(around.before))]


def _least_of_somebody(name: str, *, ends: bool) -> int:
    if not ends:
        return RUN_ON
    return SHORT if len(name) == 2 or name[0] in lexicon.RARELY else KNOWN
