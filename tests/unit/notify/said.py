"""What may be said of a matter, and a post after it."""

from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Message
from contracts.vocabulary import TOLD
from runtime.change import Change, Result
from services.notify.domain.deliveries import Report, TicketDeliveries
from services.notify.wiring import build
from tests.facts import feedback, intake, ladders, reviews, routing, schemes, sla
from tests.facts.values import DAY
from tests.harness import MONDAY, fact
from tests.unit.notify.matters import accepted, assigned, completed, light, registered


def screened_out(**changed: object) -> Message[Any]:
    return fact(intake.screened_out(**changed))


def moved(days: int = 1, **changed: object) -> Message[Any]:
    return fact(sla.deadline_moved(due=MONDAY + days * DAY, **changed))


def reminded(*, look_back: bool) -> Message[Any]:
    return fact(feedback.evaluation_reminded(outstanding=(1,), look_back=look_back))


def rework() -> Message[Any]:
    return fact(feedback.rework_ordered())


def ordered() -> Message[Any]:
    return fact(sla.supervision_ordered())


def queued(at: datetime = MONDAY, **changed: object) -> Message[Any]:
    return fact(routing.queued(**changed), at=at)


def returned(**changed: object) -> Message[Any]:
    return fact(routing.returned(**changed))


def disputed() -> Message[Any]:
    return returned(count=2, disputed=True)


def stopped(**changed: object) -> Message[Any]:
    return fact(sla.clock_stopped(**changed))


def light_withdrawn(old: values.Light, new: values.Light) -> Message[Any]:
    return fact(sla.light_withdrawn(old=old, new=new))


def order_withdrawn() -> Message[Any]:
    return fact(sla.order_withdrawn())


def struck_off() -> Message[Any]:
    return fact(feedback.struck_off())


def conflicted(contact: str = "sealed", person: int = 1000) -> Message[Any]:
    """Another body under the key."""
    voter = values.Voter(index=person, code_digest="d")
    return fact(intake.conflicted(voter=voter, contact=contact), producer="intake", seq=person)


def with_strangers(count: int) -> Message[Any]:
    """Registered at the public door by somebody who named so many others."""
    seats = tuple(values.Voter(index=nth, code_digest=f"d{nth}", confirmed=nth == 0) for nth in range(1 + count))
    return fact(intake.registered(voters=seats), producer="intake", seq=9)


def seat_confirmed(voter: int = 1) -> Message[Any]:
    return fact(intake.seat_confirmed(voter=voter), producer="intake", seq=10 + voter)


def _level(reviewer: str) -> values.ReviewLevel:
    return values.ReviewLevel(kind="supervision", reviewer=reviewer, together=True)


SAID: dict[str, tuple[Message[Any], ...]] = {
    "TicketRegistered": (registered(2), with_strangers(1)),
    "TicketScreenedOut": (screened_out(),),
    "SubmissionConflicted": (conflicted(),),
    "SeatConfirmed": (seat_confirmed(),),
    "AssignmentQueued": (queued(), queued(lead_unit="")),
    "TicketAssigned": (assigned(),),
    "TicketReturned": (returned(), disputed()),
    "TicketAccepted": (accepted(),),
    "DeadlineMoved": (moved(), moved(kind="accept_by"), moved(standard="URB-03@2")),
    "PlanMade": (
        fact(feedback.plan_made(reviewer="431226-ZW")),
        fact(feedback.plan_made(reviewer="431226-SUP")),
    ),
    "PlanReviewed": (
        fact(feedback.plan_reviewed()),
        fact(feedback.plan_reviewed(approved=True, mode="held_by_policy", grounds=())),
        fact(feedback.plan_reviewed(grounds=(), by_conference=True)),
        fact(feedback.plan_reviewed(approved=True, mode="held_by_conference", grounds=(), by_conference=True)),
    ),
    "PlanLapsed": (fact(feedback.plan_lapsed()),),
    "OrderAnswered": (fact(sla.order_answered(left=())),),
    "OrderDecided": (fact(sla.order_decided()), fact(sla.order_decided(lifted=False, answer_by=MONDAY + DAY))),
    "MoreTimeDecided": (fact(sla.more_time_decided()),),
    "PauseEnded": (fact(sla.pause_ended()),),
    "ProgressAsked": (fact(feedback.progress_asked()),),
    "TicketStuck": (fact(feedback.stuck()),),
    "ReporterAsked": (fact(feedback.reporter_asked()),),
    "ProgressReported": (fact(feedback.progress_reported()),),
    "CompletionSubmitted": (
        fact(reviews.completion_submitted()),
        fact(reviews.completion_submitted(chain=tuple(_level(each) for each in ("431226-SUP", "431226-LDR")))),
    ),
    "ReviewPassed": (fact(reviews.review_passed()), fact(reviews.review_passed(next=0, reviewer=""))),
    "ReviewRejected": (fact(reviews.review_rejected()),),
    "TicketCompleted": (completed(),),
    "EvaluationReminded": (reminded(look_back=False), reminded(look_back=True)),
    "ReworkOrdered": (rework(),),
    "TicketStruckOff": (struck_off(),),
    "TicketWithdrawn": (fact(intake.withdrawn()),),
    "MeasureLightChanged": tuple(fact(schemes.measure_light_changed(new=new)) for new in ("yellow", "orange", "red")),
    "LightChanged": tuple(
        light(each, tell=tell)
        for each in ("yellow", "orange", "red")
        for tell in ((), ("unit", "lead", "supervision", "leader"))
    ),
    "LightWithdrawn": (light_withdrawn("red", "green"),),
    "ClockStopped": (stopped(),),
    "StepReached": (
        fact(ladders.step_reached(tell=tuple(TOLD)), seq=1),
        fact(ladders.step_reached(tell=tuple(TOLD), do="order", level=1), seq=1),
        fact(ladders.step_reached(tell=tuple(TOLD), do="order", level=2), seq=1),
    ),
    "SupervisionOrdered": (ordered(),),
    "OrderWithdrawn": (order_withdrawn(),),
    "TicketErased": (fact(intake.erased()),),
}
"""Of every fact that notify reacts to what may be said."""


def handled(post: TicketDeliveries | None, message: Message[Any]) -> Result[TicketDeliveries]:
    """What comes of a fact, as the service is wired."""
    return build().reacts[type(message.body)](post, message, message.at)


def after(*messages: Message[Any]) -> TicketDeliveries:
    """The post after these facts."""
    post: TicketDeliveries | None = None
    for message in messages:
        done = handled(post, message)
        assert isinstance(done, Change), done
        post = done.document
    assert post is not None
    return post


def settled(post: TicketDeliveries, outcome: str = "sent") -> TicketDeliveries:
    """The post when all that was planned had this outcome."""
    return post.with_reports({item.ref: Report(outcome, "sms") for item in post.items if item.state == "planned"})
