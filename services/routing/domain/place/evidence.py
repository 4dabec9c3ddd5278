"""What the names in a text may stand for, and how well each of them names its place."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from services.routing.domain.place.gazetteer import CITY, COUNTY, PROVINCE, Gazetteer, Named
from services.routing.domain.place.mentions import Mention, Stance, follows_closely

_ROAD_WORDS = "路 街 道 巷 桥 广场 花园 小区 苑 饭店 酒店 银行 面馆 烧烤 火锅 拉面 烤鸭 商 里 大道 壹号 一号"
ROADS = tuple(_ROAD_WORDS.split())
"""What follows a short form when it is no place: 太原街 is in Dalian, 常州道 in Tianjin."""


class Strength(IntEnum):
    """How well a name names a place. The strongest evidence of a source wins."""

    PASSING = 1
    ASIDE = 2
    SHORT = 3
    SHORT_IN_CONTEXT = 4
    IN_FULL = 5
    IN_FULL_POINTED = 6
    WITH_PARENTS = 7
    WITH_PARENTS_POINTED = 8


class Sign(NamedTuple):
    """A place that a mention may stand for. ``lone``: nothing else has this name; ``behind``: right behind its parent;
    ``ordinary``: the name is a word of everyday language too (消防通道), and not all that was said."""

    mention: Mention
    code: str
    in_full: bool
    lone: bool
    ordinary: bool = False
    behind: bool = False
    strength: Strength = Strength.SHORT


Bare = tuple[Mention, Named]  # a name in a text, and one of the places that it stands for


def may_be_in(code: str, within: str) -> bool:
    """Whether a place lies in another one, or around it."""
    return code.startswith(within) or within.startswith(code)


def signs_of(source: str, mentions: Sequence[Mention], known: Gazetteer) -> tuple[Sign, ...]:
    """What the mentions in ``source`` may stand for, and how well they say so."""
    bare: list[Bare] = []
    for mention in mentions:
        for each in known.meanings[mention.name]:
            if each.in_full or not _is_part_of_another_word(mention, each, known):
                bare.append((mention, each))
    children, parents = _families(bare, source)
    return tuple(
        Sign(
            mention,
            each.code,
            each.in_full,
            lone=len(known.meanings[mention.name]) == 1,
            ordinary=mention.name in known.ordinary and len(mention.name) < len(source),
            behind=each.behind or nth in children,
            strength=_strength(mention.stance, each.in_full, each.behind or nth in children or nth in parents),
        )
        for nth, (mention, each) in enumerate(bare)
    )


def _is_part_of_another_word(mention: Mention, short: Named, known: Gazetteer) -> bool:
    """太原街 is in Dalian, 铁东湖南 is south of a lake; and of the places of a short form the highest is meant."""
    is_province_behind = len(short.code) == PROVINCE and mention.is_behind_short
    is_lower = any(len(each.code) < len(short.code) for each in known.meanings[mention.name])
    return is_lower or is_province_behind or mention.follows.startswith(ROADS)


def _families(bare: Sequence[Bare], source: str) -> tuple[set[int], set[int]]:
    """Which stand right behind one of their own parents (怀化市|麻阳), and which right before one of their children."""
    children, parents, before = set[int](), set[int](), dict[tuple[int, str], int]()
    ends = {mention.end for mention, _ in bare}
    for nth, (mention, each) in enumerate(bare):
        before[mention.end, each.code] = nth
        if ends.isdisjoint((mention.start, mention.start - 1)):
            continue
        above = [_right_before(mention, parent, before, source) for parent in _parents(each.code)]
        parents.update(one for one in above if one is not None)
        children.update([nth] * any(one is not None for one in above))
    return children, parents


def _parents(code: str) -> list[str]:
    return [code[:digits] for digits in (PROVINCE, CITY, COUNTY) if digits < len(code)]


def _right_before(mention: Mention, code: str, before: Mapping[tuple[int, str], int], source: str) -> int | None:
    closely = (end for end in (mention.start, mention.start - 1) if follows_closely(end, mention.start, source))
    return next((before[end, code] for end in closely if (end, code) in before), None)


def _strength(stance: Stance, in_full: bool, is_in_company: bool) -> Strength:
    if stance is Stance.PASSING:
        return Strength.PASSING
    if stance is Stance.ASIDE:
        return Strength.ASIDE
    if not in_full:
        return Strength.SHORT_IN_CONTEXT if stance is Stance.POINTED or is_in_company else Strength.SHORT
    if is_in_company:
        return Strength.WITH_PARENTS_POINTED if stance is Stance.POINTED else Strength.WITH_PARENTS
    return Strength.IN_FULL_POINTED if stance is Stance.POINTED else Strength.IN_FULL
