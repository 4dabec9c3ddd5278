"""One matter's whole way as the services would say it, for the portal's tests: its words are in the clear."""

from collections.abc import Iterator

import orjson

from contracts.envelope import Body
from contracts.messages.intake import TicketRegistered
from contracts.messages.sla import DeadlineSet
from contracts.values import Measure
from tests.facts import conferences, feedback, intake, notify, routing, sla
from tests.facts.values import DAY, HOUR, NUMBER
from tests.harness import MONDAY

WORDS = orjson.dumps({"title": "路灯不亮", "content": "高村镇路灯不亮，联系13912345678"}).decode()
MEASURE = Measure(text="更换灯头", person="经办人", due=MONDAY + HOUR)


def registered(**changed: object) -> TicketRegistered:
    return intake.registered(**({"words": WORDS} | changed))


def deadline(clock: str, kind: str, hours: int = 8, **changed: object) -> DeadlineSet:
    """A clock runs from Monday nine o'clock."""
    due, half = MONDAY + hours * HOUR, MONDAY + hours * HOUR / 2
    return sla.deadline_set(clock=clock, kind=kind, due=due, yellow=half, red=due, **changed)


def journey() -> Iterator[tuple[str, Body]]:
    """Producer and fact of a matter that was returned once, late once, reworked once, and struck off."""
    yield "intake", registered()
    yield "routing", routing.queued()
    yield "routing", routing.assigned()
    yield "sla", deadline("c1", "accept_by")
    yield "routing", routing.returned(explanation="不归我们管")
    yield "sla", sla.clock_stopped()
    yield "routing", routing.assigned(hop=2)
    yield "sla", deadline("c2", "accept_by")
    yield "sla", sla.light_changed(clock="c2")
    yield "sla", sla.supervision_ordered(clock="c2")
    yield "routing", routing.accepted()
    yield "sla", sla.clock_stopped(clock="c2")
    yield "sla", deadline("c3", "complete_by", 40)
    yield "feedback", feedback.plan_made(measures=(MEASURE,))
    yield "feedback", feedback.reporter_contacted()
    yield "feedback", feedback.reporter_asked(words="是哪一户？")
    yield "sla", sla.order_answered(order=f"{NUMBER}-c2-1", words="人手不足")
    yield "sla", sla.order_decided(order=f"{NUMBER}-c2-1", lifted=False, answer_by=MONDAY + 9 * HOUR, words="请补齐")
    yield "sla", sla.order_decided(order=f"{NUMBER}-c2-1", words="可以销督")
    yield "sla", sla.more_time_asked(clock="c3", words="要先做检测")
    yield "sla", sla.more_time_decided(clock="c3", words="同意检测")
    yield "sla", sla.pause_ended(clock="c3")
    yield "sla", conferences.matter_referred(words="涉及两个单位")
    yield "sla", conferences.conference_decided(clock="c3", minutes="同意延长")
    until = {"clock": "", "amount": 0, "due": None, "until": MONDAY + 30 * DAY}
    yield "sla", conferences.conference_decided(decision="hold", **until, minutes="")
    yield "sla", sla.more_time_decided(clock="c3", approved=False)
    yield "feedback", feedback.progress_reported(text="已派工")
    yield "feedback", feedback.completed(explanation="已修复")
    yield "sla", sla.clock_stopped(clock="c3")
    yield "feedback", feedback.evaluated(grade=1, solved=False, words="水还是黄的")
    yield "feedback", feedback.rework_ordered()
    yield "sla", deadline("c4", "rework_by", 60)
    yield "feedback", feedback.completed(round=2, explanation="已修复")
    yield "sla", sla.clock_stopped(clock="c4")
    yield "feedback", feedback.evaluation_reminded(round=2)
    yield "feedback", feedback.evaluated(round=2)
    yield "feedback", feedback.struck_off(round=2)
    yield "notify", notify.person_notified(round=2)
