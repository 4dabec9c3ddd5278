"""联席会议: hard and special cases are put to a joint conference, whose decision binds (C7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.vocabulary import CHINA, CONFERENCE_DECISIONS, REFERRED
from services.sla.domain.limits import LONGEST, MINUTES, Limit

DEADLINE = "deadline"
TRANSFER = "transfer"
UNANSWERED, BY_LADDER = "order_unanswered", "by_ladder"
BY_ITSELF = ""
"""Who referred a matter that nobody referred: the ladder did."""
OF_THE_WORK = PLAN, HOLD = "plan", "hold"
"""What feedback obeys: of a unit at work on what is not urgent."""
HELD_AT_MOST = timedelta(days=366)
ROSTER_AT_MOST = 30  # offices


@dataclass(frozen=True, slots=True)
class Referral:
    """Since when a matter waits for a conference, on which ground (a code), and which role referred it."""

    since: datetime
    ground: str
    by: str


@dataclass(frozen=True, slots=True)
class ConferenceRefused:
    """Why a matter is not referred, or a conference not recorded, by code; what to do, Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class HeldConference:
    """What is recorded of one: its name, the day, the offices that sat, what it decided.

    ``until``: when a matter that is held back is looked at again.
    """

    conference: str
    held_on: date
    roster: Sequence[str]
    decision: str
    amount: int = 0
    until: datetime | None = None


def fault_of_referral(ground: str, referred: Referral | None, *, is_open: bool) -> ConferenceRefused | None:
    """Why it is not put to a conference; None when it is."""
    if ground not in REFERRED:
        return GROUND
    if not is_open:
        return OVER
    return ALREADY if referred else None


def faults(held: HeldConference, referred: Referral | None, now: datetime) -> Iterator[ConferenceRefused]:
    """What is wrong with the record of a conference, the worst first."""
    if referred is None:
        yield NOT_REFERRED
    if refused := _fault_of_decision(held):
        yield refused
    if held.decision == HOLD and not (held.until and now < held.until <= now + HELD_AT_MOST):
        yield UNTIL
    if held.decision != HOLD and held.until:
        yield NO_UNTIL
    if not held.conference.strip():
        yield NAME
    if held.held_on > now.astimezone(CHINA).date():
        yield AHEAD
    if not 1 <= len(held.roster) <= ROSTER_AT_MOST or len(set(held.roster)) < len(held.roster):
        yield ROSTER


def _fault_of_decision(held: HeldConference) -> ConferenceRefused | None:
    if held.decision == TRANSFER:
        return NO_TRANSFER
    if held.decision not in CONFERENCE_DECISIONS:
        return DECISION
    return NO_AMOUNT if held.decision != DEADLINE and held.amount else None


def fault_of_extension(limit: Limit, amount: int, *, is_urgent: bool) -> ConferenceRefused | None:
    """Why a clock of this limit (as it is now) is not given so much more; None when it is."""
    if is_urgent or limit.unit == MINUTES:
        return NO_MORE_TIME
    return None if 1 <= amount <= LONGEST.get(limit.unit, 0) - limit.amount else AMOUNT


def fault_of_work(decision: str, *, is_urgent: bool, is_accepted: bool, under_review: bool) -> ConferenceRefused | None:
    """Why the work of a unit is not decided on; None when it is. What is held back may be decided on anew."""
    if decision not in OF_THE_WORK:
        return None
    if is_urgent:
        return URGENT
    if not is_accepted:
        return NOT_ACCEPTED
    return UNDER_REVIEW if under_review else None


GROUND = ConferenceRefused("ground_unknown", "请从清单中选择提交理由。", "Choose a ground from the list.")
OVER = ConferenceRefused(
    "nobody_acts", "此事已办结或已销号，不再提交联席会议。", "The matter is done or closed: there is nothing to decide."
)
ALREADY = ConferenceRefused(
    "already_referred",
    "此事已在联席会议议程上，请等待会议决定。",
    "It is on the agenda already: wait for the decision.",
)
NOT_YOURS = ConferenceRefused("not_yours", "此事不在您的管辖范围。", "The matter is not within your division.")
NOT_REFERRED = ConferenceRefused(
    "not_referred", "此事不在联席会议议程上，请先提交。", "The matter is not on the agenda: refer it first."
)
NO_TRANSFER = ConferenceRefused(
    "transfer_not_possible",
    "已受理的事项目前不能由联席会议转交其他单位。请由受理单位退回后重新交办，或作出其他决定。",
    "A conference cannot hand an accepted matter to another unit yet: decide otherwise, or let it be assigned anew.",
)
URGENT = ConferenceRefused(
    "urgent_waits_for_nothing",
    "特急事项须立即处置，不因方案等待，也不得暂缓：请决定维持原定时限，需要时另行立即督办。",
    "An urgent matter waits for no plan and is never held back: let the deadline stand, or order it by hand.",
)
NOT_ACCEPTED = ConferenceRefused(
    "not_accepted",
    "此事尚未受理，没有可决定的办理方案：请待责任单位受理后再作此决定。",
    "No unit has accepted it: decide on the plan, or to hold it back, once one has.",
)
UNDER_REVIEW = ConferenceRefused(
    "under_review",
    "此事已报办结、正在验收：退回续办后方可决定重新制定方案或暂缓办理。",
    "The work is under review: decide on the plan, or to hold it back, once it was sent back.",
)
UNTIL = ConferenceRefused(
    "until_out_of_range",
    "暂缓办理须写明复查日期，晚于现在，最长一年。",
    "What is held back is looked at again: give until, later than now and within a year.",
)
NO_UNTIL = ConferenceRefused(
    "until_of_no_hold", "只有暂缓办理才填写复查日期。", "Only what is held back has a date of review: leave it out."
)
DECISION = ConferenceRefused("decision_unknown", "请从清单中选择会议决定。", "Choose a decision from the list.")
NAME = ConferenceRefused("conference_missing", "请填写会议名称或编号。", "Give the name or number of the conference.")
AHEAD = ConferenceRefused(
    "held_on_ahead", "会议日期不能晚于今天。", "The conference cannot lie ahead: correct held_on."
)
ROSTER = ConferenceRefused(
    "roster_out_of_range",
    f"请列出参会单位，1 至 {ROSTER_AT_MOST} 个，不得重复。",
    f"Name the offices that sat, 1 to {ROSTER_AT_MOST}, each once.",
)
NO_AMOUNT = ConferenceRefused(
    "amount_of_no_extension", "只有延长时限才填写数量。", "Only more time has an amount: leave it out."
)
AMOUNT = ConferenceRefused(
    "amount_out_of_range",
    "延长的数量至少为 1，且合计不得超过十年。",
    "More time is at least 1, and ten years in all at most.",
)
NO_MORE_TIME = ConferenceRefused(
    "takes_no_more_time", "特急事项的时限不能延长。", "The clock of an urgent matter takes no more time."
)
NO_CLOCK = ConferenceRefused(
    "no_such_clock",
    "此事没有正在计时的办结时限，无法延长。",
    "No clock of the work runs: there is no deadline to move.",
)
STILL_PAST = ConferenceRefused(
    "still_past_due", "延长后仍已超期，请增加延长的数量。", "It would be overdue all the same: decide for more."
)
