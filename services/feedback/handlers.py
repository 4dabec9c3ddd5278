"""Feedback's handlers: it holds the baton from acceptance until the matter is struck off."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Actor, Body, Message, WakeUp
from contracts.lifecycle import TicketState
from contracts.messages import feedback, intake, routing
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused, CaseVoter, Vote
from services.feedback.domain.completion import completion
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.evaluation.gate import FILER, Tally, Verdict
from services.feedback.domain.plan import plans
from services.feedback.domain.policy import EvaluationPolicy

Handler = Callable[[Case | None, Message[Any], datetime], Result[Case]]
NOT_YOURS = CaseRefused("not_yours", "此事不由您单位办理。", "The matter is not your unit's.")
NOBODY_COUNTED = Tally(0, 0, 0, filer_heard=False)


class FeedbackHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, policy: EvaluationPolicy) -> None:
        self._policy = policy

    def on_ticket_accepted(
        self, document: Case | None, message: Message[routing.TicketAccepted], now: datetime
    ) -> Result[Case]:
        """受理: feedback takes the baton, and decides what was asked too early."""
        if document is not None:
            return Ignore("held_already")
        return Change(_case(message.body), takes_over=True)

    def on_plan_ticket(
        self, document: Case | None, message: Message[feedback.PlanTicket], now: datetime
    ) -> Result[Case]:
        """办理方案 (E2)."""
        body = message.body
        draft = plans.Draft(
            mode=plans.Mode(body.mode),
            due=tuple(measure.due for measure in body.measures),
            quotes_rule=body.quotes_rule,
            review_on=body.review_on,
        )
        case = _of_unit(document, message.actor)
        planned = case if isinstance(case, CaseRefused) else plans.decide_plan(case, draft, now, self._policy)
        if isinstance(planned, CaseRefused):
            return _refusal(planned)
        fact = feedback.PlanMade(**dict(body), version=planned.plan_version)
        return Change(planned, (fact,), {"version": str(planned.plan_version)})

    def on_report_progress(
        self, document: Case | None, message: Message[feedback.ReportProgress], now: datetime
    ) -> Result[Case]:
        """办理进展 (E1)."""
        case = _of_unit(document, message.actor)
        moved = case if isinstance(case, CaseRefused) else plans.decide_progress(case)
        if isinstance(moved, CaseRefused):
            return _refusal(moved)
        fact = feedback.ProgressReported(index=moved.progress, text=message.body.text, public=message.body.public)
        return Change(moved, (fact,), {"progress": str(moved.progress)})

    def on_complete_ticket(
        self, document: Case | None, message: Message[feedback.CompleteTicket], now: datetime
    ) -> Result[Case]:
        """办结: with evidence, or not at all (E3)."""
        exhibits = [completion.Exhibit(**dict(each)) for each in message.body.evidence]
        case = _of_unit(document, message.actor)
        done = (
            case if isinstance(case, CaseRefused) else completion.decide_completion(case, exhibits, now, self._policy)
        )
        if isinstance(done, CaseRefused):
            return _refusal(done)
        fact = feedback.TicketCompleted(
            round=done.round,
            unit=done.unit,
            explanation=message.body.explanation,
            evidence=message.body.evidence,
            voters=len(done.voters),
        )
        return Change(done, (fact,), {"round": str(done.round), "state": done.state.value})

    def on_evaluate_ticket(
        self, document: Case | None, message: Message[feedback.EvaluateTicket], now: datetime
    ) -> Result[Case]:
        """评价 (E5): one vote a voter and round; the gate looks after each."""
        if document is None:
            return _refusal(rounds.NOT_AWAITING)
        body = message.body
        vote = Vote(voter=body.voter, grade=body.grade, solved=body.solved)
        fact = feedback.TicketEvaluated(round=document.round, **dict(body))
        return _through_the_gate(rounds.decide_vote(document, vote, now, self._policy), fact)

    def on_record_look_back(
        self, document: Case | None, message: Message[feedback.RecordLookBack], now: datetime
    ) -> Result[Case]:
        """回访 (E5): what the filer said when asked stands in for the vote; the unit at work never asks."""
        if document is None:
            return _refusal(rounds.NOT_AWAITING)
        body = message.body
        vote = Vote(voter=FILER, grade=body.grade, solved=body.solved)
        fact = feedback.LookBackRecorded(round=document.round, **dict(body))
        counted = rounds.decide_look_back(document, vote, body.method, _asker(message.actor), now, self._policy)
        return _through_the_gate(counted, fact)

    def on_reopen_ticket(
        self, document: Case | None, message: Message[feedback.ReopenTicket], now: datetime
    ) -> Result[Case]:
        """复号 (E8): a failed check reopens a struck-off matter."""
        if document is None:
            return _refusal(rounds.NOT_STRUCK_OFF)
        case = rounds.decide_reopening(document, message.body.reason, now)
        if isinstance(case, CaseRefused):
            return _refusal(case)
        return Change(case, (_rework(case, NOBODY_COUNTED, message.body.reason),), _answer(case))

    def on_withdraw_ticket(
        self, document: Case | None, message: Message[intake.WithdrawTicket], now: datetime
    ) -> Result[Case]:
        """撤回: kept until feedback holds the baton, so that no hand-over loses it."""
        if document is None:
            return Keep()
        case = rounds.decide_withdrawal(document, message.body.voter)
        if isinstance(case, CaseRefused):
            return _refusal(case)
        fact = intake.TicketWithdrawn(voter=message.body.voter, state=document.state.value)
        return Change(case, (fact,), _answer(case))

    def on_wake_up(self, document: Case | None, message: Message[WakeUp], now: datetime) -> Result[Case]:
        """催评: remind the silent once, then the time for votes is over. Silence is neither yes nor no."""
        found = None if document is None else rounds.decide_silence(document, now, self._policy)
        if found is None:
            return Ignore("not_due")
        if isinstance(found, rounds.Counted):
            return Change(found.case, _outcome(found))
        case = found.case
        reminded = feedback.EvaluationReminded(
            round=case.round, outstanding=found.outstanding, look_back=found.look_back
        )
        return Change(case, (reminded,))

    def on_ticket_erased(
        self, document: Case | None, message: Message[intake.TicketErased], now: datetime
    ) -> Result[Case]:
        """A case keeps no words and no identity: nothing to scrub. The codes go on working, so does the gate."""
        return Ignore("nothing_to_scrub")


def _case(body: routing.TicketAccepted) -> Case:
    return Case(
        number=body.number,
        unit=body.unit,
        lead_unit=body.lead_unit,
        division=body.division,
        standard=body.standard.model_dump_json(exclude_defaults=True),
        voters=tuple(CaseVoter(index=voter.index, code_digest=voter.code_digest) for voter in body.voters),
        registered_at=body.registered_at,
    )


def _of_unit(document: Case | None, actor: Actor | None) -> Case | CaseRefused:
    """The case, if whoever acts is the unit that handles it."""
    if document is None:
        return NOT_WORKING
    return document if actor is not None and actor.unit == document.unit else NOT_YOURS


def _asker(actor: Actor | None) -> rounds.Asker:
    return rounds.Asker(actor.role, actor.unit) if actor is not None else rounds.Asker("")


def _refusal(refused: CaseRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})


def _through_the_gate(counted: rounds.Counted | CaseRefused, fact: Body) -> Change[Case] | Reject:
    """The vote, and what it makes of the matter."""
    if isinstance(counted, CaseRefused):
        return _refusal(counted)
    return Change(counted.case, (fact, *_outcome(counted)), _answer(counted.case))


def _outcome(counted: rounds.Counted) -> tuple[Body, ...]:
    """Open: struck off. Shut: rework. Pending: nothing yet."""
    case, tally = counted.case, counted.tally
    match counted.verdict:
        case Verdict.OPEN:
            struck_off = feedback.TicketStruckOff(
                number=case.number, round=case.round, votes=tally.votes, satisfied=tally.satisfied, unit=case.unit
            )
            return (struck_off,)
        case Verdict.SHUT:
            return (_rework(case, tally, counted.reason),)
        case Verdict.PENDING:
            return ()


def _rework(case: Case, tally: Tally, reason: str) -> feedback.ReworkOrdered:
    """重办: ``case`` is the one after the decision, in its fresh round."""
    return feedback.ReworkOrdered(
        round=case.round,
        unit=case.unit,
        votes=tally.votes,
        dissatisfied=tally.dissatisfied,
        reason=reason,
        count=case.reworks,
        reviewer=rounds.reviewer_of(case),
        standard=values.HandlingStandard.model_validate_json(case.standard),
    )


def _answer(case: Case) -> dict[str, str]:
    ended = {"round": str(case.round), "state": case.state.value}
    return ended if case.state is not TicketState.WITHDRAWN else {"state": case.state.value}
