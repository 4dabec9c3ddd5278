"""A draw (抽查) as feedback knows it, and what may be done to it. The algorithm is ``contracts.draws``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.draws import DRAWN_AT_MOST, PERCENT, PERMILLE, DrawnStratum, commitment_of, sample_size, seed_of
from services.feedback.domain.affair import Affair
from services.feedback.domain.case import CaseRefused

CLOSES_AFTER = timedelta(hours=1)
"""After the period: what was struck off in its last minutes is in the log by then."""
PERIOD_AT_MOST = timedelta(days=366)

ANNOUNCED_ALREADY = CaseRefused(
    "announced_already",
    "该编号已用于另一次抽查。",
    "This key already names a draw: announce another one under a new key.",
)
ANNOUNCED_LATE = CaseRefused(
    "announced_late",
    "预告必须早于抽查期结束，请选择尚未结束的时段。",
    "A draw is announced before its period ends: choose an end in the future.",
)
PERIOD_WRONG = CaseRefused(
    "period_wrong",
    "抽查期的起止时间不对：起点早于终点，且不超过一年。",
    "The period begins before it ends and is at most a year.",
)
RATES_WRONG = CaseRefused(
    "rates_wrong",
    "差错率应为千分之 1–999，置信度应为 1–99%。",
    "The error rate is 1 to 999 permille, the confidence 1 to 99 percent.",
)
NO_DRAW = CaseRefused("no_draw", "没有这次抽查。", "There is no such draw.")
NOT_CLOSED = CaseRefused("not_closed", "抽查期尚未封盘，请稍候。", "The draw is not closed yet: wait until it is.")
DRAWN_ALREADY = CaseRefused("drawn_already", "样本已抽出。", "The sample is drawn already.")
NOT_NAMED = CaseRefused(
    "outside_not_named", "预告时没有约定外部随机来源。", "The announcement named no source from outside."
)
SUPPLIED_ALREADY = CaseRefused(
    "supplied_already", "外部数值已录入，不能更改。", "The value from outside stands and cannot be changed."
)
NOT_SUPPLIED = CaseRefused("outside_missing", "尚未录入约定的外部数值。", "The value from outside is missing.")
OTHER_NONCE = CaseRefused("other_nonce", "随机数与预告的承诺不符。", "The nonce does not fit the commitment.")
OTHER_SIZES = CaseRefused("other_sizes", "样本数不合规则。", "The sizes of the sample are not those of the rule.")
TOO_MANY = CaseRefused(
    "too_many_drawn",
    f"样本超过 {DRAWN_AT_MOST} 件，请按县分别抽查。",
    f"More than {DRAWN_AT_MOST} matters would be drawn: announce a draw for each county.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Affair):
    """One draw. ``outside``: the source that was named, "" for none; ``value``: what it gave. ``seed``: once drawn."""

    begins: datetime
    ends: datetime
    closes: datetime
    permille: int
    percent: int
    commitment: str
    outside: str = ""
    is_closed: bool = False
    value: str = ""
    seed: str = ""
    size: int = 0

    @property
    def wake_at(self) -> datetime | None:
        """When it is to be closed."""
        return None if self.is_closed else self.closes


def announce(draw: Draw | None, wanted: Draw, now: datetime) -> Draw | CaseRefused:
    """The draw that ``wanted`` asks for, if it may be announced now."""
    if draw is not None:
        return ANNOUNCED_ALREADY
    if not wanted.begins < wanted.ends or wanted.ends - wanted.begins > PERIOD_AT_MOST:
        return PERIOD_WRONG
    if wanted.ends <= now:
        return ANNOUNCED_LATE
    if not 0 < wanted.permille < PERMILLE or not 0 < wanted.percent < PERCENT:
        return RATES_WRONG
    return wanted


def close(draw: Draw | None, now: datetime) -> Draw | None:
    """The closed draw; None where there is nothing to close at ``now``."""
    if draw is None or draw.is_closed or now < draw.closes:
        return None
    return replace(draw, is_closed=True)


def supply(draw: Draw | None, value: str) -> Draw | CaseRefused:
    """With the value of the source that was named, which is known only after the closing."""
    if draw is None:
        return NO_DRAW
    if not draw.outside:
        return NOT_NAMED
    if draw.value:
        return SUPPLIED_ALREADY
    return replace(draw, value=value) if draw.is_closed else NOT_CLOSED


def take_sample(draw: Draw | None, nonce: str, head: str, strata: Sequence[DrawnStratum]) -> Draw | CaseRefused:
    """The drawn draw. What can be seen without the ledger is looked at; the rest anybody can recompute from it."""
    if draw is None:
        return NO_DRAW
    if why := _not_ready(draw):
        return why
    if commitment_of(nonce) != draw.commitment:
        return OTHER_NONCE
    if any(len(each.drawn) != sample_size(each.size, draw.permille, draw.percent) for each in strata):
        return OTHER_SIZES
    size = sum(len(each.drawn) for each in strata)
    return TOO_MANY if size > DRAWN_AT_MOST else replace(draw, seed=seed_of(nonce, head, draw.value), size=size)


def _not_ready(draw: Draw) -> CaseRefused | None:
    if not draw.is_closed:
        return NOT_CLOSED
    if draw.seed:
        return DRAWN_ALREADY
    return NOT_SUPPLIED if draw.outside and not draw.value else None
