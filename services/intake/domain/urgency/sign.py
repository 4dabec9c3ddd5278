"""A sign: words that tell of a danger, and what must or must not stand beside them."""

import re
from dataclasses import dataclass
from enum import IntEnum

from services.intake.domain.urgency.clauses import Place

WHO = (
    r"人|孩|娃|婴|宝宝|童|学生|同学|师傅|老[师太头伯汉]|[爷奶爸妈]|父亲|母亲|儿子|女儿|"
    r"[妹弟哥姐嫂婆叔伯]|丈夫|妻子|老公"
    r"|孕妇|产妇|工友|司机|乘客|顾客|男的|女的|男子|女子|[女男]生|姑娘|小伙|住户|居民|村民|员工|"
    r"[他她]|我(?!家|们村|想|要问)"
)
"""Somebody."""


class Level(IntEnum):
    """How urgent: ``PERHAPS`` waits for a person's word."""

    NO = 0
    PERHAPS = 1
    NOW = 2


@dataclass(frozen=True, slots=True)
class DangerSign:
    """One row of the tables. ``kind``: the class that leaves intake. ``words``: any of them (literal).

    ``needs``: what must stand in the sentence up to the
    end of the clause. ``unless``: what must not stand in the clause. ``rises``: what in the same sentence makes it
    *now*. ``lasts``: how long it has been so is part of it.
    """

    kind: str
    level: Level
    words: tuple[str, ...]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    rises: re.Pattern[str] | None = None
    lasts: bool = False

    def stands(self, text: str, place: Place) -> bool:
        """Whether what must stand beside the word does, and what must not does not."""
        if self.needs is not None and not self.needs.search(text, place.opens, place.last):
            return False
        return self.unless is None or not self.unless.search(text, place.first, place.last)


def sign(
    kind: str, level: Level, words: str, needs: str = "", unless: str = "", rises: str = "", *, lasts: bool = False
) -> DangerSign:
    """A row as it is written in the tables: words apart by blanks, the rest regular expressions."""
    must, must_not, more = (re.compile(each) if each else None for each in (needs, unless, rises))
    return DangerSign(kind, level, tuple(words.split()), must, must_not, more, lasts)
