"""Words of the board that more than one page uses, Chinese first."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

SPANS: Mapping[str, Pair] = {
    "due_in": ("还剩 {t}", "{t} left"),
    "overdue_by": ("已超 {t}", "{t} over"),
    "days": ("{n}天", "{n} d"),
    "hours": ("{n}小时", "{n} h"),
    "minutes": ("{n}分钟", "{n} min"),
}

SOLVED: Mapping[str, Pair] = {
    "solved": ("已解决", "solved"),
    "unsolved": ("未解决", "not solved"),
}
