"""What may be said of a matter, and a post after it."""

from datetime import timedelta
from typing import Any

from contracts import values
from contracts.envelope import Message
from contracts.messages import feedback, intake, routing, sla
from runtime.change import Change, Result
from services.notify.domain.deliveries import Report, TicketDeliveries
from services.notify.wiring import build
from tests.harness import MONDAY, fact
from tests.unit.notify.matters import NUMBER, STANDARD, UNIT, accepted, assigned, completed, light, registered, voters


def screened_out() -> Message[Any]:
    """无效."""
    body = intake.TicketScreenedOut(
        number=NUMBER,
        channel="web",
        door="431226",
        rule="unclear",
        reason_zh="说不清。",
        reason_en="Unclear.",
        words="sealed",
        voters=voters(1),
    )
    return fact(body)


def moved(kind: str = "complete_by", days: int = 1, unit: str = UNIT) -> Message[Any]:
    """改期."""
    plain = {
        "clock": "c2",
        "kind": kind,
        "unit": unit,
        "before": MONDAY,
        "due": MONDAY + timedelta(days=days),
        "calendar_version": "cn-2027.1",
    }
    return fact(sla.DeadlineMoved.model_validate(plain))


def reminded(*, look_back: bool) -> Message[Any]:
    """催评, or a look-back."""
    return fact(feedback.EvaluationReminded(round=1, outstanding=(1,), look_back=look_back))


def rework() -> Message[Any]:
    """重办."""
    return fact(
        feedback.ReworkOrdered(
            round=2,
            unit=UNIT,
            votes=1,
            dissatisfied=1,
            reason="gate",
            count=1,
            reviewer="431226-ZF",
            standard=STANDARD,
        )
    )


def ordered() -> Message[Any]:
    """督办."""
    order = sla.SupervisionOrdered(
        order="D1", clock="c1", unit=UNIT, lead_unit="431226-ZF", colour="red", level=1, items=()
    )
    return fact(order)


def queued(lead_unit: str = "431226-ZF") -> Message[Any]:
    """待交办."""
    return fact(routing.AssignmentQueued(reason="several_units", division="431226101", lead_unit=lead_unit))


def returned(count: int = 1, *, disputed: bool = False) -> Message[Any]:
    """退回."""
    return fact(
        routing.TicketReturned(unit=UNIT, ground="not_our_duty", explanation="s", count=count, disputed=disputed)
    )


def stopped(clock: str = "c1") -> Message[Any]:
    """停表."""
    return fact(sla.ClockStopped(clock=clock, unit=UNIT, met=True, held=1, reason="accepted"))


def light_withdrawn(old: values.Light, new: values.Light) -> Message[Any]:
    """灯色撤销."""
    return fact(sla.LightWithdrawn(clock="c1", unit=UNIT, old=old, new=new, reason="accepted"))


def order_withdrawn() -> Message[Any]:
    """督办撤销."""
    return fact(sla.OrderWithdrawn(order="D1", unit=UNIT, reason="accepted"))


def struck_off() -> Message[Any]:
    """销号."""
    return fact(feedback.TicketStruckOff(number=NUMBER, round=1, votes=1, satisfied=1, unit=UNIT))


def conflicted(contact: str = "sealed", person: int = 1000) -> Message[Any]:
    """Another body under the key."""
    voter = values.Voter(index=person, code_digest="d")
    body = intake.SubmissionConflicted(first_digest="1", second_digest="2", words="s", voter=voter, contact=contact)
    return fact(body, producer="intake", seq=person)


SAID: dict[str, tuple[Message[Any], ...]] = {
    "TicketRegistered": (registered(2),),
    "TicketScreenedOut": (screened_out(),),
    "SubmissionConflicted": (conflicted(),),
    "AssignmentQueued": (queued(), queued("")),
    "TicketAssigned": (assigned(),),
    "TicketReturned": (returned(), returned(2, disputed=True)),
    "TicketAccepted": (accepted(),),
    "DeadlineMoved": (moved(), moved("accept_by")),
    "ProgressReported": (fact(feedback.ProgressReported(index=1, text="s")),),
    "TicketCompleted": (completed(),),
    "EvaluationReminded": (reminded(look_back=False), reminded(look_back=True)),
    "ReworkOrdered": (rework(),),
    "TicketStruckOff": (struck_off(),),
    "TicketWithdrawn": (fact(intake.TicketWithdrawn(voter=0, state="in_hand")),),
    "LightChanged": tuple(light(each) for each in ("yellow", "orange", "red")),
    "LightWithdrawn": (light_withdrawn("red", "green"),),
    "ClockStopped": (stopped(),),
    "SupervisionOrdered": (ordered(),),
    "OrderWithdrawn": (order_withdrawn(),),
    "TicketErased": (fact(intake.TicketErased()),),
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
