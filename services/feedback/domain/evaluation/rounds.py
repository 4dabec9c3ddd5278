"""A round of evaluation (E5, E6, E7): votes, the reminder after silence, the look-back, rework, withdrawal."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.lifecycle import TicketState
from contracts.vocabulary import CHINA, METHODS
from services.feedback.domain.case import ENDED, ENDED_ALREADY, Case, CaseRefused, Vote
from services.feedback.domain.evaluation import gate
from services.feedback.domain.evaluation.gate import FILER, Tally, Verdict
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.domain.review.chain import ended

GRADES = range(1, 6)
SUPERVISION = "supervision"
ASKING = ("clerk", "lead", "supervisor")
"""Roles that may look back. A lead unit signs with its unit, so that its own work is known."""
CHECK_GROUNDS = {
    "spot_check_failed": "抽查不合格",
    "untrue_rectification": "整改不实",
    "poor_feedback": "反馈不到位",
    "low_satisfaction": "满意度不高",
}
"""Why the supervision office reopens a matter (E8)."""

NOT_AWAITING = CaseRefused(
    "not_awaiting_evaluation", "此事现在不需要评价。", "The matter does not wait for an evaluation now."
)
NOT_A_VOTER = CaseRefused("not_a_voter", "您不是此事的反映人。", "Not one of the reporters of this matter.")
NOT_CONFIRMED = CaseRefused(
    "seat_not_confirmed",
    "请先确认您是此事的共同反映人，再评价。",
    "Confirm first that you report this matter, too; then evaluate.",
)
CONFIRMED_ALREADY = CaseRefused(
    "confirmed_already",
    "此席位无须确认，或已经确认。",
    "This seat needs no confirmation, or has it already.",
)
UNKNOWN_GRADE = CaseRefused("unknown_grade", "评价分为1至5级。", "Grades go from 1 to 5.")
VOTED_ALREADY = CaseRefused(
    "voted_already",
    "本轮已评价过，修改期已过，不能再改。",
    "One vote a round: this voter has voted, and the time to change it has passed.",
)
CALLED_TODAY = CaseRefused(
    "called_today", "今天已经回访过，未接通的请改天再试。", "Nobody answered today already: try on another day."
)
UNREACHED = CaseRefused(
    "unreached",
    "三天三次未接通，不再回访；此事仍待评价。",
    "Nobody answered on three days: nobody calls any more, and the matter stays open.",
)
NOT_REMINDED_YET = CaseRefused(
    "not_reminded_yet",
    "须先提醒反映人；提醒后等待期满仍无回音，才能回访代评。",
    "First the reminder, then the time that it gives: a look-back only after both.",
)
REMINDED_LATELY = CaseRefused(
    "reminded_lately",
    "已提醒反映人，等待期未满；期满仍无回音，才能回访代评。",
    "The reporter was reminded and still has time to answer: a look-back only when it has passed.",
)
NOT_ASKING = CaseRefused(
    "not_asking",
    "回访须由话务员、牵头单位（署明单位）或督查室进行。",
    "A clerk, a lead unit by name or supervision asks.",
)
OWN_WORK = CaseRefused(
    "own_work",
    "不能回访本单位办理的事项，请由其他单位或督查室回访。",
    "No unit looks back on its own work: another asks.",
)
FILER_HEARD = CaseRefused("filer_heard", "反映人已评价，无须回访代评。", "The filer was heard: no look-back is needed.")
UNKNOWN_METHOD = CaseRefused(
    "unknown_method", "回访方式不在目录内。", "The method of the look-back is not in the list."
)
NOT_STRUCK_OFF = CaseRefused(
    "not_struck_off", "只有已销号的事项可以重新打开。", "Only a matter that was struck off can be reopened."
)
UNKNOWN_GROUND = CaseRefused("unknown_ground", "重新打开的理由不在目录内。", "The ground is not in the list.")
COLLECTIVE = CaseRefused(
    "collective",
    "此事还有其他反映人，不能由一人撤回；办结后请照实评价。",
    "Others reported it too: nobody withdraws it alone. Evaluate it once it is done.",
)
NOT_THE_FILER = CaseRefused("not_the_filer", "只有最初反映人可以撤回。", "Only who filed the matter can withdraw it.")


@dataclass(frozen=True, slots=True)
class Counted:
    """A vote was taken, or the time for votes ran out: the case after it, what the round says, and the count."""

    case: Case
    verdict: Verdict
    tally: Tally
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks back: a role and, where the account has one, its unit."""

    role: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Silence: the voters who have not spoken. ``look_back``: staff must ask the filer now."""

    case: Case
    outstanding: tuple[int, ...]
    look_back: bool


def decide_vote(case: Case, vote: Vote, now: datetime, policy: EvaluationPolicy) -> Counted | CaseRefused:
    """One vote per voter and round, which may be changed for a while, also after it struck the matter off."""
    if case.state not in (TicketState.AWAITING_EVALUATION, TicketState.STRUCK_OFF):
        return NOT_AWAITING
    if wrong := _wrong_vote(case, vote):
        return wrong
    before = next((each for each in case.votes if each.voter == vote.voter), None)
    if before is not None:
        return _changed(case, before, vote, now, policy)
    if case.state is TicketState.STRUCK_OFF:
        return NOT_AWAITING
    return _counted(replace(case, votes=(*case.votes, replace(vote, cast_at=now))), now, policy)


def _wrong_vote(case: Case, vote: Vote) -> CaseRefused | None:
    if vote.voter not in {seat.index for seat in case.voters}:
        return NOT_A_VOTER
    if vote.voter not in {seat.index for seat in case.seated}:
        return NOT_CONFIRMED
    return UNKNOWN_GRADE if vote.grade not in GRADES else None


def _changed(case: Case, before: Vote, vote: Vote, now: datetime, policy: EvaluationPolicy) -> Counted | CaseRefused:
    """A change takes the vote's place; a gate that had opened and would be shut now orders a rework (复号)."""
    if before.cast_at is None or now > before.cast_at + policy.vote_window:
        return VOTED_ALREADY
    votes = tuple(replace(vote, cast_at=before.cast_at) if each is before else each for each in case.votes)
    after = replace(case, votes=votes)
    if case.state is TicketState.AWAITING_EVALUATION:
        return _counted(after, now, policy)
    counted = gate.tally(votes, len(case.seated), policy.dissatisfied)
    if gate.is_open(counted):
        return Counted(after, Verdict.PENDING, counted)
    return Counted(reworked(after, now), Verdict.SHUT, counted, "vote_changed")


def decide_look_back(
    case: Case, vote: Vote, method: str, asker: Asker, now: datetime, policy: EvaluationPolicy
) -> Counted | CaseRefused:
    """What the filer said when staff asked, which stands in for the filer's own vote.

    Only when the filer was reminded and the time after the reminder has passed, and never by whoever did the work.
    """
    wrong = _wrong_asker(case, asker) or (UNKNOWN_METHOD if method not in METHODS else None)
    if wrong is None:
        wrong = _too_early(case, now) if case.state is TicketState.AWAITING_EVALUATION else NOT_AWAITING
    return wrong or decide_vote(case, replace(vote, voter=FILER, look_back=True), now, policy)


def decide_attempt(case: Case, method: str, asker: Asker, now: datetime) -> Case | CaseRefused:
    """Staff asked and nobody answered: counted once a day. After the third day nobody calls again, it stays open."""
    wrong = _wrong_asker(case, asker) or (UNKNOWN_METHOD if method not in METHODS else None)
    if wrong is None:
        wrong = _too_early(case, now) if case.state is TicketState.AWAITING_EVALUATION else NOT_AWAITING
    if wrong:
        return wrong
    if case.is_unreached:
        return UNREACHED
    day = now.astimezone(CHINA).date().isoformat()
    return CALLED_TODAY if day in case.call_days else replace(case, call_days=(*case.call_days, day))


def _wrong_asker(case: Case, asker: Asker) -> CaseRefused | None:
    if asker.role not in ASKING or (asker.role == "lead" and not asker.unit):
        return NOT_ASKING
    return OWN_WORK if asker.unit == case.unit else None


def _too_early(case: Case, now: datetime) -> CaseRefused | None:
    if FILER not in case.outstanding:
        return FILER_HEARD
    if case.reminders == 0:
        return NOT_REMINDED_YET
    return REMINDED_LATELY if case.next_look is not None and now < case.next_look else None


def decide_silence(case: Case, now: datetime, policy: EvaluationPolicy) -> Reminder | Counted | None:
    """What a knock finds at ``now``: nothing due, a reminder, or that the time for votes is over. Never a yes."""
    if case.state is not TicketState.AWAITING_EVALUATION or case.next_look is None or now < case.next_look:
        return None
    if case.reminders == 0:
        asked = replace(case, reminders=1, next_look=now + policy.look_back_after)
        return Reminder(asked, case.outstanding, look_back=False)
    over = replace(case, reminders=2, next_look=None)
    if FILER in case.outstanding:
        return Reminder(over, case.outstanding, look_back=True)
    return _counted(over, now, policy)


def decide_reopening(case: Case, ground: str, now: datetime) -> Case | CaseRefused:
    """A failed check puts a struck-off matter back to work (E8)."""
    if ground not in CHECK_GROUNDS:
        return UNKNOWN_GROUND
    return reworked(case, now) if case.state is TicketState.STRUCK_OFF else NOT_STRUCK_OFF


def decide_withdrawal(case: Case, voter: int) -> Case | CaseRefused:
    """撤回: only by the filer, only before the end, and never for others: a collective matter has its votes."""
    if case.state in ENDED:
        return ENDED_ALREADY
    if voter != FILER:
        return NOT_THE_FILER
    if case.is_collective:
        return COLLECTIVE
    return replace(ended(case), state=TicketState.WITHDRAWN, next_look=None)


def decide_confirmation(case: Case, voter: int) -> Case | CaseRefused:
    """确认席位: from now on the seat counts; what was decided without it stands."""
    if case.state is TicketState.WITHDRAWN:
        return ENDED_ALREADY
    seats = tuple(replace(seat, confirmed=seat.confirmed or seat.index == voter) for seat in case.voters)
    return CONFIRMED_ALREADY if seats == case.voters else replace(case, voters=seats)


def reworked(case: Case, now: datetime) -> Case:
    """重办: a fresh round, and one more on the count."""
    fresh = replace(case, round=case.round + 1, reworks=case.reworks + 1, votes=(), reminders=0, next_look=None)
    fresh = replace(fresh, call_days=(), stuck_at=None, is_red=False)
    return replace(fresh, state=TicketState.REWORK, reworked_at=now)


def reviewer_of(case: Case) -> str:
    """Who looks at a rework: the lead unit, from the second on the supervision office."""
    return case.lead_unit if case.reworks <= 1 and case.lead_unit else SUPERVISION


def _counted(case: Case, now: datetime, policy: EvaluationPolicy) -> Counted:
    counted = gate.tally(case.votes, len(case.seated), policy.dissatisfied)
    verdict = gate.verdict(counted, time_is_over=case.reminders == 2)
    if verdict is Verdict.OPEN:
        return Counted(replace(case, state=TicketState.STRUCK_OFF, next_look=None), verdict, counted)
    if verdict is Verdict.SHUT:
        return Counted(reworked(case, now), verdict, counted, "third_rule" if case.is_collective else "not_satisfied")
    return Counted(case, verdict, counted)
