"""What people see in the log, and the requests that their wishes become. Independent of the portal, on purpose."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from contracts import values
from contracts.envelope import Body, Message
from contracts.messages import feedback, intake, reviews, routing, sla
from runtime.delivery.ports import LogPartition
from runtime.delivery.records import Incoming
from simulation.people import Act, People, SeenStage, StageReached, Wish

SENT_BACK = 100  # the work begins anew with a count of its own: rounds are fewer


@dataclass(slots=True)
class KnownTicket:
    """What is known of one ticket."""

    unit: str = ""
    category: str = ""
    state: str = ""
    state_nth: int = 1
    returns: int = 0
    orders: int = 0
    voters: int = 1
    urgent: bool = False
    candidates: tuple[str, ...] = ()
    returned_by: tuple[str, ...] = ()
    chain: tuple[values.ReviewLevel, ...] = ()
    submitted: int = 0
    round: int = 1


@dataclass(slots=True)
class Watcher:
    """Reads the log as it grows; each fact once."""

    people: People
    tickets: dict[str, KnownTicket] = field(default_factory=dict)
    _taken: Counter[tuple[str, int]] = field(default_factory=Counter)
    _facts: set[str] = field(default_factory=set)

    def unread(self, records: Mapping[LogPartition, list[Incoming]], log: str) -> list[Incoming]:
        """Those of a topic that were not looked at yet."""
        fresh: list[Incoming] = []
        for place, partition in records.items():
            if place[0] == log and len(partition) > self._taken[place]:
                fresh += partition[self._taken[place] :]
                self._taken[place] = len(partition)
        return fresh

    def look(self, message: Message[Any]) -> Iterator[tuple[str, Wish]]:
        """What somebody wants to do now that this has happened."""
        notice = NOTICES.get(type(message.body))
        if notice is None or message.id in self._facts:
            return
        self._facts.add(message.id)
        known = self.tickets.setdefault(message.key, KnownTicket())
        seen = notice(known, message)
        if seen is not None:
            yield from ((message.key, wish) for wish in self.people.decide(seen))


def _seen(known: KnownTicket, ticket: str, stage: SeenStage, nth: int) -> StageReached:
    if stage not in (SeenStage.ORDERED, SeenStage.CALL):
        known.state, known.state_nth = stage.value, nth
    return StageReached(
        ticket=ticket,
        stage=stage,
        nth=nth,
        unit=known.unit,
        state=known.state,
        state_nth=known.state_nth,
        urgent=known.urgent,
        voters=known.voters,
        returns=known.returns,
        candidates=known.candidates,
        returned_by=known.returned_by,
    )


def _registered(known: KnownTicket, message: Message[Any]) -> None:
    known.voters, known.urgent = len(message.body.voters), message.body.urgent


def _queued(known: KnownTicket, message: Message[Any]) -> StageReached:
    known.candidates = tuple(candidate.unit for candidate in message.body.candidates)
    return _seen(known, message.key, SeenStage.QUEUED, 1)


def _assigned(known: KnownTicket, message: Message[Any]) -> StageReached:
    known.unit, known.category = message.body.unit, message.body.category
    return _seen(known, message.key, SeenStage.ASSIGNED, message.body.hop)


def _returned(known: KnownTicket, message: Message[Any]) -> StageReached:
    known.returns, known.unit = message.body.count, ""
    known.returned_by = (*known.returned_by, message.body.unit)
    stage = SeenStage.DISPUTED if message.body.disputed else SeenStage.QUEUED
    return _seen(known, message.key, stage, 1 + known.returns)


def _ordered(known: KnownTicket, message: Message[Any]) -> StageReached:
    known.orders += 1
    return _seen(known, message.key, SeenStage.ORDERED, known.orders)


def _reminded(known: KnownTicket, message: Message[Any]) -> StageReached | None:
    return _seen(known, message.key, SeenStage.CALL, message.body.round) if message.body.look_back else None


def _planned(known: KnownTicket, message: Message[Any]) -> StageReached | None:
    body = message.body
    seen = _beside(known, message, SeenStage.PLANNED, 1)
    return replace(seen, level=body.version, reviewer=body.reviewer, reviewer_kind="lead") if body.reviewer else None


def _plan_reviewed(known: KnownTicket, message: Message[Any]) -> StageReached | None:
    if message.body.approved:
        return None
    return replace(_beside(known, message, SeenStage.REDRAFT, 1), level=message.body.version)


def _submitted(known: KnownTicket, message: Message[Any]) -> StageReached:
    body = message.body
    known.submitted = known.submitted + 1 if body.round == known.round else 1
    known.chain, known.round = body.chain, body.round
    return _at_level(known, message, 1)


def _passed(known: KnownTicket, message: Message[Any]) -> StageReached | None:
    return _at_level(known, message, message.body.next) if message.body.next else None


def _at_level(known: KnownTicket, message: Message[Any], level: int) -> StageReached:
    at = known.chain[level - 1]
    seen = _seen(known, message.key, SeenStage.UNDER_REVIEW, known.submitted)
    deputy = next(iter(at.deputies), "")
    return replace(seen, level=level, round=known.round, reviewer=at.reviewer, reviewer_kind=at.kind, deputy=deputy)


def _rejected(known: KnownTicket, message: Message[Any]) -> StageReached:
    stage = SeenStage.REWORK if message.body.round > 1 else SeenStage.IN_HAND
    return _seen(known, message.key, stage, message.body.round + SENT_BACK * message.body.count)


def _beside(known: KnownTicket, message: Message[Any], stage: SeenStage, nth: int) -> StageReached:
    """What is seen while the matter stays where it is."""
    where = known.state, known.state_nth
    seen = _seen(known, message.key, stage, nth)
    known.state, known.state_nth = where
    return replace(seen, state=known.state, state_nth=known.state_nth)


def _at(stage: SeenStage, nth: Callable[[Any], int]) -> Callable[[KnownTicket, Message[Any]], StageReached]:
    return lambda known, message: _seen(known, message.key, stage, nth(message.body))


NOTICES: Mapping[type[Body], Callable[[KnownTicket, Message[Any]], StageReached | None]] = {
    intake.TicketRegistered: _registered,
    routing.AssignmentQueued: _queued,
    routing.TicketAssigned: _assigned,
    routing.TicketReturned: _returned,
    routing.TicketAccepted: _at(SeenStage.IN_HAND, lambda body: 1),
    feedback.PlanMade: _planned,
    feedback.PlanReviewed: _plan_reviewed,
    feedback.PlanLapsed: lambda known, message: _beside(known, message, SeenStage.REDRAFT, 1),
    reviews.CompletionSubmitted: _submitted,
    reviews.ReviewPassed: _passed,
    reviews.ReviewRejected: _rejected,
    feedback.ReworkOrdered: _at(SeenStage.REWORK, lambda body: body.round),
    feedback.TicketCompleted: _at(SeenStage.AWAITING_EVALUATION, lambda body: body.round),
    feedback.TicketStruckOff: _at(SeenStage.STRUCK_OFF, lambda body: body.round),
    sla.SupervisionOrdered: _ordered,
    feedback.EvaluationReminded: _reminded,
}


def body_of(wish: Wish, sealed: str, now: datetime) -> tuple[Body, str]:
    """The request that a wish becomes, and the service that decides it."""
    match wish.act:
        case Act.ASSIGN:
            reason, is_given = (sealed, True) if wish.words else ("", False)
            body = routing.AssignTicket(unit=wish.unit, category=wish.category, reason=reason, gives_reason=is_given)
            return body, "routing"
        case Act.ACCEPT:
            return routing.AcceptTicket(standard=wish.standard), "routing"
        case Act.RETURN:
            return routing.ReturnTicket(ground=wish.ground, explanation=sealed), "routing"
        case Act.CONTACT:
            return feedback.RecordContact(method="phone", reached=wish.solved), "feedback"
        case Act.REVIEW_PLAN | Act.REVIEW:
            return _verdict(wish), "feedback"
        case _:
            return _of_feedback(wish, sealed, now), "feedback"


def _of_feedback(wish: Wish, sealed: str, now: datetime) -> Body:
    match wish.act:
        case Act.PLAN:
            dues = (now + timedelta(hours=6), now + timedelta(days=5))
            measures = tuple(values.Measure(text=sealed, person=sealed, due=due) for due in dues)
            return feedback.PlanTicket(mode="within_limit", measures=measures)
        case Act.PROGRESS:
            return feedback.ReportProgress(text=sealed)
        case Act.COMPLETE:
            photo = values.Evidence(kind="photos", digest=sha256(sealed.encode()).hexdigest(), dated=now)
            return feedback.CompleteTicket(explanation=sealed, evidence=(photo,))
        case Act.EVALUATE:
            return feedback.EvaluateTicket(voter=wish.voter, grade=wish.grade, solved=wish.solved, words=sealed)
        case Act.LOOK_BACK:
            return feedback.RecordLookBack(method="phone", grade=wish.grade, solved=wish.solved, note=sealed)
        case _:
            return feedback.ReopenTicket(reason=wish.ground)


def _verdict(wish: Wish) -> Body:
    grounds = (wish.ground,) if wish.ground else ()
    if wish.act is Act.REVIEW_PLAN:
        return feedback.ReviewPlan(version=wish.level, approved=wish.solved, grounds=grounds)
    return reviews.ReviewCompletion(round=wish.round, level=wish.level, passed=wish.solved, grounds=grounds)
