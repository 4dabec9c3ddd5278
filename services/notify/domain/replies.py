"""What a reply by SMS says: read by a closed list of words, so that what is not on it is never taken for a yes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

READ_AT_MOST = 200  # characters: whoever writes more wants to say something else
TRADITIONAL = str.maketrans("滿決沒還經問題評價謝結處對覆級極別較體", "满决没还经问题评价谢结处对复级极别较体")
APART = re.compile(r"[,.!;:~…、。・·'\"“”‘’「」『』()\[\]【】〔〕《》<>—–\-\r\n]+")
"""Between words: what stands on both sides is read by itself, so 不，满意 is not 不满意."""
BROKEN = re.compile(r"[0-9]\s*[.,:~—–\-]\s*[0-9]")  # 4-5 and 4.5 are no grades
NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
AT_LEAST_FAIR = 3  # the grade from which on it says that the matter is solved
GRADE_OF = {True: 3, False: 2}
"""Whoever says only whether it is solved says nothing warmer, or colder, than that."""

VERY = "(?:非常|很|十分|特别|极其|极)+"
WORDS = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("polite", "您好|你好|谢谢(?:您|你|你们)?|多谢|感谢(?:您|你|你们)?|辛苦了|thankyou|thanks"),
            ("about", "我们?|对此?|(?:办理|处理)?结果|(?:我的)?评价|回复|满意度|打分|打|问题"),
            ("grade_1", f"{VERY}不满意|verydissatisfied"),
            ("grade_2", "不(?:太|大|很|够|怎么|是很|是太)?满意|dissatisfied|unsatisfied|notsatisfied"),
            ("grade_5", f"{VERY}满意|verysatisfied"),
            ("grade_3", "基本满意|fairlysatisfied"),
            ("grade_4", "(?:比较)?满意|satisfied"),
            (
                "unsolved",
                "(?:还|仍然?|至今|一直|根本|并|尚)?(?:没有?|未)(?:得到)?(?:完全|彻底|全部)?解决好?|unsolved|notsolved",
            ),
            ("solved", "(?:都|全部)?已经?(?:得到|全部|都)?解决好?了?|(?:都|全部)?(?:得到)?解决好?了|solved"),
            ("number", "(?:[0-9]+|[一二三四五])[分星级]?"),
        )
    )
)
"""In this order: a denial before what it denies. 解决 alone may be a demand, and is not on it."""
ReplyOutcome = Literal["evaluated", "unclear", "ambiguous", "nobody"]


class NotUnderstood(ValueError):
    """A word that is not on the list."""


@dataclass(frozen=True, slots=True)
class ReplyRead:
    """The vote that a reply says."""

    grade: int
    solved: bool


def read_reply(text: str) -> ReplyRead | None:
    """The vote; None where something is not understood, contradicts itself, or is too long."""
    if len(text) > READ_AT_MOST:
        return None
    try:
        said = list(_said(text))
    except NotUnderstood:
        return None
    return _vote(_values(said, "number"), _values(said, "grade"), _values(said, "solved"))


Said = tuple[str, int]
"""What a word is about (number, grade, solved), and its value."""


def _said(text: str) -> Iterator[Said]:
    """What its words mean, in order. Raises NotUnderstood."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)
    if BROKEN.search(plain):
        raise NotUnderstood(plain)
    for part in APART.split(plain):
        yield from _words("".join(part.split()))


def _words(part: str) -> Iterator[Said]:
    at = 0
    while at < len(part):
        word = WORDS.match(part, at)
        if word is None:
            raise NotUnderstood(part)
        yield from _meaning(str(word.lastgroup), word[0])
        at = word.end()


def _meaning(name: str, word: str) -> Iterator[Said]:
    if name == "number":
        yield name, _number(word.rstrip("分星级"))
    elif name.startswith("grade_"):
        yield "grade", int(name[-1])
    elif name.endswith("solved"):
        yield "solved", int(name == "solved")


def _number(digits: str) -> int:
    number = NUMERALS.get(digits) or int(digits)
    if not 1 <= number <= 5:
        raise NotUnderstood(digits)
    return number


def _values(said: list[Said], about: str) -> set[int]:
    return {value for each, value in said if each == about}


def _vote(numbers: set[int], words: set[int], solved: set[int]) -> ReplyRead | None:
    """What is said twice has to agree; a number is more exact than the word beside it."""
    grades = numbers | words
    sides = {grade >= AT_LEAST_FAIR for grade in grades}
    if not grades | solved or max(len(numbers), len(words), len(solved), len(sides)) > 1:
        return None
    is_solved = bool(next(iter(solved))) if solved else next(iter(sides))
    return ReplyRead(next(iter(numbers or words), GRADE_OF[is_solved]), is_solved)
