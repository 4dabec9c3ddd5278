"""中止计时: a day whose closing lies inside a pause is not counted. Five minutes at noon stop nothing (C6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.vocabulary import CHINA, MORE_TIME_GROUNDS, ROLES, Pair

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """From ``since`` until ``until``, on a ground (a code). ``approver``: the role that approved; "": none had to."""

    since: datetime
    until: datetime
    ground: str
    approver: str = ""

    def holds(self, instant: datetime) -> bool:
        """Whether it lies inside: the end does not."""
        return self.since <= instant < self.until

    @property
    def why_zh(self) -> str:
        """The reason that a day is not counted, for people, with whoever approved it."""
        by = f"，{ROLES[self.approver][0]}批准" if self.approver in ROLES else ""
        return f"中止计时（{_named(self.ground)[0]}{by}）"

    @property
    def why_en(self) -> str:
        """Of a day that is not counted: the reason in English, with whoever approved it."""
        by = f", approved by the {ROLES[self.approver][1]}" if self.approver in ROLES else ""
        return f"paused ({_named(self.ground)[1]}{by})"


def _named(ground: str) -> Pair:
    return MORE_TIME_GROUNDS.get(ground, (ground, ground))


def spans_taken(pauses: Sequence[Pause], closing: Callable[[date], datetime]) -> tuple[tuple[int, int], ...]:
    """The days whose closing lies inside one of these pauses, as spans of ordinals; in order, and joined where they
    touch. ``pauses``: by their beginning.
    """
    joined: list[tuple[int, int]] = []
    for begins, ends in (_span(each, closing) for each in pauses):
        if ends < begins:
            continue
        if joined and begins <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return tuple(joined)


def _span(pause: Pause, closing: Callable[[date], datetime]) -> tuple[int, int]:
    first, last = pause.since.astimezone(CHINA).date(), pause.until.astimezone(CHINA).date()
    begins = first if pause.since <= closing(first) else first + DAY
    ends = last if closing(last) < pause.until else last - DAY
    return begins.toordinal(), ends.toordinal()
