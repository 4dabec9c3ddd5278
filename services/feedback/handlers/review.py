"""验收: a level passes the work or sends it back; when the last has passed it, the reporters evaluate."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback, reviews
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import motion
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.completion import completion
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.domain.review import chain
from services.feedback.handlers.shared import UnderPolicy, answer, by_of, exhibits, refusal, seats


class ReviewHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (on(reviews.ReviewCompletion, self.on_review_completion),)

    def on_review_completion(
        self, document: Case | None, message: Message[reviews.ReviewCompletion], now: datetime
    ) -> Result[Case]:
        """逐级验收 (E4): neither who submitted it nor who passed an earlier level."""
        if document is None:
            return refusal(chain.NOT_UNDER_REVIEW)
        reviewed = chain.decide_review(document, _verdict(message), now)
        if isinstance(reviewed, CaseRefused):
            return refusal(reviewed)
        if not message.body.passed:
            reviewed = motion.moved(reviewed, now, self._policy)
            return Change(reviewed, (_rejected(document, reviewed, message.body),), answer(reviewed))
        fact = _passed(reviewed, message.body.level)
        if fact.next:
            return Change(reviewed, (fact,), answer(reviewed))
        submission = feedback.CompleteTicket.model_validate_json(document.submission)
        done = completed(chain.ended(reviewed), submission, now, self._policy)
        return Change(done.document, (fact, *done.facts), done.answer)


def completed(case: Case, body: feedback.CompleteTicket, now: datetime, policy: EvaluationPolicy) -> Change[Case]:
    """办结: nobody is left to look at it but the reporters."""
    done = completion.completed(case, exhibits(body.evidence), now, policy)
    fact = feedback.TicketCompleted(
        round=done.round,
        unit=done.unit,
        explanation=body.explanation,
        evidence=body.evidence,
        voters=len(done.seated),
        talked_to=body.talked_to,
    )
    return Change(done, (fact,), answer(done))


def _verdict(message: Message[reviews.ReviewCompletion]) -> chain.LevelVerdict:
    body = message.body
    return chain.LevelVerdict(body.round, body.level, body.passed, body.grounds, seats(message.actor), by_of(message))


def _passed(case: Case, level: int) -> reviews.ReviewPassed:
    left = chain.open_levels(case.review_levels)
    reviewer = case.review_levels[left[0]].reviewer if left else ""
    following = left[0] + 1 if left else 0
    kind = case.review_levels[level - 1].kind
    return reviews.ReviewPassed(round=case.round, level=level, next=following, kind=kind, reviewer=reviewer)


def _rejected(before: Case, case: Case, body: reviews.ReviewCompletion) -> reviews.ReviewRejected:
    return reviews.ReviewRejected(
        round=body.round,
        level=body.level,
        grounds=body.grounds,
        count=case.rejections,
        kind=before.review_levels[body.level - 1].kind,
        words=body.words,
    )
