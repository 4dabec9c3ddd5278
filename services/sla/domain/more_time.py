"""中止和延长: more time for a clock, only by rule: who may ask and approve, on which ground, how much (C6)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.vocabulary import CHINA
from services.sla.domain.calendar import Calendar
from services.sla.domain.pauses import Pause

PAUSE, EXTENSION = "pause", "extension"
WAITING, UNDER_REVIEW, HELD_BACK, CONFERENCE = "waiting_for_reporter", "under_review", "held_back", "conference"
FOLLOWS = (WAITING, UNDER_REVIEW, HELD_BACK, CONFERENCE)
"""Grounds that nobody asks on: they follow from a fact, and count against neither the askings nor the cap."""
GROUNDS = {
    PAUSE: ("force_majeure", "statutory_procedure"),
    EXTENSION: ("force_majeure", "statutory_procedure", "complex"),
}
"""Which grounds each may be asked on."""
ASKED_AT_MOST = 2  # pauses, and extensions, of one clock; whatever became of them
WAITS_AT_MOST = 5  # times that a clock waits for a reporter
LONGEST_PAUSE = 60  # working days
LONGEST_WAIT = 10  # working days, for a reporter


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTime:
    """A pause or an extension that was asked for. ``by``: whose account asked; "" for what follows from a question.

    ``until``: of a pause, as it was granted; ``ended``: when it was over before that. ``amount``: of an extension, in
    the unit of the clock's limit. ``approver``: the role that decides. ``decided``: None while nobody has: that is no.
    """

    id: str
    how: str
    ground: str
    asked: datetime
    by: str = ""
    approver: str = ""
    amount: int = 0
    until: datetime | None = None
    decided: datetime | None = None
    approved: bool = False
    ended: datetime | None = None

    @property
    def pause(self) -> Pause | None:
        """What is not counted, where it was granted and is one."""
        if self.how != PAUSE or not self.approved or self.until is None:
            return None
        return Pause(self.asked, min(self.until, self.ended or self.until), self.ground, self.approver)

    def runs_at(self, now: datetime) -> bool:
        """Whether it is a pause that lasts at ``now``."""
        return self.pause is not None and self.pause.holds(now)


def pauses_of(more: tuple[MoreTime, ...]) -> tuple[Pause, ...]:
    """What a clock does not count: those that were granted and last for some time."""
    return tuple(pause for each in more if (pause := each.pause) is not None and pause.since < pause.until)


def extended_by(more: tuple[MoreTime, ...]) -> int:
    """By how much the limit was extended, in its own unit."""
    return sum(each.amount for each in more if each.approved)


def by_conference(more: tuple[MoreTime, ...]) -> int:
    """How much of the extension a joint conference decided, in the limit's own unit."""
    return sum(each.amount for each in more if each.ground == CONFERENCE and each.approved)


def conferred(id: str, at: datetime, amount: int, role: str) -> MoreTime:
    """The extension that a conference decided: binding, beyond any cap."""
    return MoreTime(
        id=id, how=EXTENSION, ground=CONFERENCE, asked=at, approver=role, amount=amount, decided=at, approved=True
    )


def decided(asked: MoreTime, now: datetime, *, approved: bool) -> MoreTime:
    return replace(asked, decided=now, approved=approved)


def followed(id: str, ground: str, since: datetime, until: datetime) -> MoreTime:
    """The pause that follows from a fact: it is not asked for, and needs no approval."""
    return MoreTime(id=id, how=PAUSE, ground=ground, asked=since, until=max(since, until), decided=since, approved=True)


def latest_end(since: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The end of the last of so many working days after ``since``: no pause may last longer."""
    next_day = since.astimezone(CHINA).date() + timedelta(days=1)
    return calendar.closing(calendar.nth_working_day(next_day, working_days))


@dataclass(frozen=True, slots=True)
class MoreTimeRefused:
    """Why more time is not given, or not asked for, by code; what to do, Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class WantedTime:
    """What a unit asks for, of a clock with these; ``cap``: extensions in all, in the limit's unit."""

    how: str
    ground: str
    amount: int
    until: datetime | None
    has_evidence: bool


def faults(
    asked: WantedTime, more: tuple[MoreTime, ...], cap: int, now: datetime, calendar: Calendar
) -> Iterator[MoreTimeRefused]:
    """What is wrong with it, the worst first; nothing when it may be put to the approver."""
    if asked.how not in GROUNDS:
        yield HOW
    elif asked.ground not in GROUNDS[asked.how]:
        yield GROUND
    if not asked.has_evidence:
        yield EVIDENCE
    if sum(each.how == asked.how and each.ground not in FOLLOWS for each in more) >= ASKED_AT_MOST:
        yield TOO_OFTEN
    if any(each.decided is None for each in more):
        yield UNDECIDED
    yield from _pause_faults(asked, now, calendar) if asked.how == PAUSE else _extension_faults(asked, more, cap)


def _pause_faults(asked: WantedTime, now: datetime, calendar: Calendar) -> Iterator[MoreTimeRefused]:
    if asked.amount:
        yield NO_AMOUNT
    if asked.until is None or asked.until <= now:
        yield UNTIL
    elif asked.until > latest_end(now, LONGEST_PAUSE, calendar):
        yield TOO_LONG


def _extension_faults(asked: WantedTime, more: tuple[MoreTime, ...], cap: int) -> Iterator[MoreTimeRefused]:
    if asked.until is not None:
        yield NO_UNTIL
    if asked.amount < 1:
        yield AMOUNT
    elif (used := extended_by(more) - by_conference(more)) + asked.amount > cap:
        yield MoreTimeRefused(
            "over_the_cap",
            f"超过办理标准规定的延长上限（{cap}，已延长 {used}）。更长的时间须由联席会议决定。",
            f"Beyond the cap of the standard ({cap}, of which {used} is used): only a conference may.",
        )


HOW = MoreTimeRefused("how_unknown", "只能申请中止计时或延长时限。", "Ask for a pause or an extension.")
GROUND = MoreTimeRefused(
    "ground_unknown", "不属于可以中止或延长的情形，请从清单中选择。", "Not a ground for this: choose one from the list."
)
EVIDENCE = MoreTimeRefused("evidence_missing", "请附上证明材料。", "Attach what shows it.")
TOO_OFTEN = MoreTimeRefused(
    "asked_too_often", "同一时限最多申请两次中止、两次延长。", "A clock is asked more time for twice of each, at most."
)
UNDECIDED = MoreTimeRefused(
    "undecided", "上一次申请尚未批复，请等待批复。", "The last one is not decided yet: wait for it."
)
NO_AMOUNT = MoreTimeRefused(
    "amount_of_a_pause", "中止计时须写明截止时间，不写数量。", "A pause has an end, not an amount: give until."
)
UNTIL = MoreTimeRefused(
    "until_not_ahead", "中止的截止时间须晚于现在。", "A pause needs an end, later than now: give until."
)
TOO_LONG = MoreTimeRefused(
    "pause_too_long",
    f"中止不得超过 {LONGEST_PAUSE} 个工作日。",
    f"A pause lasts {LONGEST_PAUSE} working days at most.",
)
NO_UNTIL = MoreTimeRefused(
    "until_of_an_extension", "延长须写明数量，不写截止时间。", "An extension has an amount, not an end: give amount."
)
AMOUNT = MoreTimeRefused("amount_missing", "延长的数量至少为 1。", "An extension is by at least 1: give amount.")
NOT_YOURS = MoreTimeRefused(
    "not_yours", "该时限不由您单位承担。", "The clock is not your unit's: only whose clock it is may ask."
)
NO_CLOCK = MoreTimeRefused("no_such_clock", "没有这个正在计时的时限。", "There is no such clock, or it has stopped.")
NO_MORE_TIME = MoreTimeRefused(
    "takes_no_more_time",
    "特急事项和这类时限不能中止或延长。",
    "Urgent matters, and clocks of this kind, take neither pause nor extension.",
)
PAST_DUE = MoreTimeRefused("past_due", "时限已过，不能再申请。", "It is due already: it had to be asked before.")
NOT_ASKED = MoreTimeRefused(
    "no_such_asking", "没有这项待批复的申请。", "No such asking waits for a decision on a running clock."
)
NOT_THE_APPROVER = MoreTimeRefused(
    "not_the_approver", "须由上一级批复，申请人不能自行批准。", "One level up decides it, and never whoever asked."
)
NO_PAUSE = MoreTimeRefused("no_such_pause", "没有这项正在进行的中止。", "No such pause lasts now.")
