"""督办检查清单（五查）: what an order by hand may demand, as a division sets it (C7)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from contracts.vocabulary import CHECKS, Pair

CHECKS_AT_MOST, TEXT_AT_MOST = 20, 200
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class CheckOfList(Protocol):
    """A thing to check: its code, and the text, Chinese and English."""

    @property
    def code(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


CheckList = Mapping[str, Pair]
"""Code → what is demanded, in the order in which a form shows it."""
OURS: CheckList = CHECKS


def listed(checks: Iterable[CheckOfList]) -> CheckList:
    """The list that was published; without any check the platform's own."""
    return {each.code: (each.zh, each.en) for each in checks} or OURS


def faults(checks: Sequence[CheckOfList]) -> tuple[str, ...]:
    """What is wrong with them, by code; empty when they may hold."""
    texts = [text for each in checks for text in (each.zh, each.en)]
    wrong = {
        "code_malformed": not all(CODE.fullmatch(each.code) for each in checks),
        "check_twice": max(Counter(each.code for each in checks).values(), default=1) > 1,
        "text_out_of_range": not all(text.strip() and len(text) <= TEXT_AT_MOST for text in texts),
        "too_many_checks": len(checks) > CHECKS_AT_MOST,
    }
    return tuple(code for code, is_so in wrong.items() if is_so)
