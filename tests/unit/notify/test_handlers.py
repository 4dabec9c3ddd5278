"""Given a post, when a fact comes, then these people are told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts import facts
from contracts.envelope import Message
from runtime.change import Change, Ignore, Reject
from services.notify.domain import Post
from services.notify.handlers import Handlers
from services.notify.ports import Weekdays
from services.notify.templates import packaged
from tests.harness import MONDAY, fact, request
from tests.unit.notify.matters import (
    NUMBER,
    SATURDAY,
    STANDARD,
    UNIT,
    accepted,
    assigned,
    completed,
    light,
    receipt,
    registered,
    voters,
)

HANDLERS = Handlers(Weekdays())
LEAD, SUPERVISION = "431226-ZF", "431226-SUP"
REACTS = {
    "TicketRegistered": HANDLERS.on_ticket_registered,
    "TicketScreenedOut": HANDLERS.on_ticket_screened_out,
    "TicketAssigned": HANDLERS.on_ticket_assigned,
    "TicketAccepted": HANDLERS.on_ticket_accepted,
    "DeadlineMoved": HANDLERS.on_deadline_moved,
    "ProgressReported": HANDLERS.on_progress_reported,
    "TicketCompleted": HANDLERS.on_ticket_completed,
    "EvaluationReminded": HANDLERS.on_evaluation_reminded,
    "ReworkOrdered": HANDLERS.on_rework_ordered,
    "TicketStruckOff": HANDLERS.on_ticket_struck_off,
    "TicketWithdrawn": HANDLERS.on_ticket_withdrawn,
    "LightChanged": HANDLERS.on_light_changed,
    "SupervisionOrdered": HANDLERS.on_supervision_ordered,
    "TicketErased": HANDLERS.on_ticket_erased,
}


def after(*messages: Message[Any]) -> Post:
    """The post after these facts."""
    post: Any = None
    for message in messages:
        done = REACTS[message.type](post, message, message.at)  # type: ignore[operator]
        assert isinstance(done, Change), done
        post = done.document
    assert isinstance(post, Post)
    return post


def told(post: Post) -> list[tuple[str, int, str, str]]:
    """Who hears what."""
    return [(item.audience, item.person, item.kind, item.to) for item in post.items]


def screened_out() -> Message[Any]:
    body = facts.TicketScreenedOut(
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
    plain = {
        "clock": "c2",
        "kind": kind,
        "unit": unit,
        "before": MONDAY,
        "due": MONDAY + timedelta(days=days),
        "calendar_version": "cn-2027.1",
    }
    return fact(facts.DeadlineMoved.model_validate(plain))


def reminded(*, look_back: bool) -> Message[Any]:
    return fact(facts.EvaluationReminded(round=1, outstanding=(1,), look_back=look_back))


def rework() -> Message[Any]:
    return fact(
        facts.ReworkOrdered(
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
    order = facts.SupervisionOrdered(order="D1", clock="c1", unit=UNIT, lead_unit=LEAD, colour="red", level=1, items=())
    return fact(order)


KNOWN = (registered(2), assigned())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (accepted(), {("reporter", 0, "accepted", ""), ("reporter", 1, "accepted", "")}),
        (fact(facts.ProgressReported(index=1, text="s")), {("reporter", n, "progress", "") for n in (0, 1)}),
        (completed(), {("reporter", n, "evaluate", "") for n in (0, 1)}),
        (reminded(look_back=False), {("reporter", 1, "remind", "")}),
        (reminded(look_back=True), {("supervision", 0, "look_back", SUPERVISION)}),
        (rework(), {("reporter", 0, "rework", ""), ("reporter", 1, "rework", ""), ("unit", 0, "rework", UNIT)}),
        (
            fact(facts.TicketStruckOff(number=NUMBER, round=1, votes=2, satisfied=2, unit=UNIT)),
            {("reporter", n, "struck_off", "") for n in (0, 1)},
        ),
        (
            fact(facts.TicketWithdrawn(voter=0, state="in_hand")),
            {("reporter", n, "withdrawn", "") for n in (0, 1)},
        ),
        (light("green"), set()),
        (light("yellow"), {("unit", 0, "light_yellow", UNIT), ("supervision", 0, "light_yellow", SUPERVISION)}),
        (light("orange"), {("unit", 0, "light_orange", UNIT), ("lead", 0, "light_orange", LEAD)}),
        (light("red"), {("lead", 0, "light_red", LEAD), ("supervision", 0, "light_red", SUPERVISION)}),
        (ordered(), {("unit", 0, "order", UNIT), ("lead", 0, "order", LEAD)}),
    ],
    ids=lambda part: part.type if isinstance(part, Message) else "",
)
def test_a_fact_tells_these_people(message: Message[Any], expected: set[tuple[str, int, str, str]]) -> None:
    before = told(after(*KNOWN))
    now = told(after(*KNOWN, message))
    assert set(now) - set(before) == expected
    assert {kind for _, _, kind, _ in now} <= set(packaged().kinds()), "each kind has a template"


def test_everybody_who_reported_hears_of_registration_and_assignment_and_the_unit_of_its_task() -> None:
    expected = [(who, index, kind, "") for who, kind in (("reporter", "registered"),) for index in (0, 1)]
    assert told(after(registered(2))) == expected
    assert told(after(*KNOWN))[2:] == [
        ("reporter", 0, "assigned", ""),
        ("reporter", 1, "assigned", ""),
        ("unit", 0, "assigned", UNIT),
    ]


def test_an_invalid_matter_is_explained_and_may_be_registered_after_a_supplement() -> None:
    post = after(screened_out(), registered(2))
    assert told(post)[:1] == [("reporter", 0, "screened_out", "")]
    assert dict(post.items[0].values)["reason_en"] == "Unclear."
    assert post.voters == 2


def test_another_rule_is_told_and_the_same_one_again_is_not() -> None:
    first = screened_out()
    other = fact(first.body.model_copy(update={"rule": "out_of_scope", "reason_zh": "不在受理范围。", "round": 2}))
    told_of = [(item.kind, item.round) for item in after(first, first, other, other).items]
    assert told_of == [("screened_out", 1), ("screened_out", 2)]


def test_the_promise_names_the_unit_and_the_standard() -> None:
    values = dict(after(*KNOWN, accepted()).items[-1].values)
    assert (values["unit_zh"], values["standard_zh"]) == ("交通局", "一般事项")


@pytest.mark.parametrize(("urgent", "at"), [(False, SATURDAY + timedelta(days=1, hours=23)), (True, SATURDAY)])
def test_at_the_weekend_a_unit_hears_on_monday_unless_it_is_urgent(urgent: bool, at: Any) -> None:
    post = after(registered(), assigned(SATURDAY, urgent=urgent))
    assert {item.audience: item.not_before for item in post.items[1:]} == {"reporter": SATURDAY, "unit": at}


def test_a_warning_that_waits_for_monday_is_dropped_when_the_work_is_done_on_sunday() -> None:
    post = after(registered(), assigned(), light("yellow", SATURDAY), completed())
    assert {item.state for item in post.items if item.kind == "light_yellow"} == {"dropped"}


def test_private_progress_tells_nobody() -> None:
    private = fact(facts.ProgressReported(index=1, text="s", public=False))
    assert HANDLERS.on_progress_reported(after(registered()), private, MONDAY) == Ignore("not_public")


@pytest.mark.parametrize("kind", sorted(set(REACTS) - {"TicketRegistered", "TicketScreenedOut", "TicketAssigned"}))
def test_of_an_unknown_matter_nobody_is_told(kind: str) -> None:
    found: list[Message[Any]] = [
        *(accepted(), completed(), light("red"), ordered(), rework(), reminded(look_back=True), moved()),
        fact(facts.TicketErased()),
        fact(facts.TicketWithdrawn(voter=0, state="x")),
        fact(facts.TicketStruckOff(number=NUMBER, round=1, votes=1, satisfied=1, unit=UNIT)),
        fact(facts.ProgressReported(index=1, text="s")),
    ]
    message = next(each for each in found if each.type == kind)
    assert isinstance(REACTS[kind](None, message, MONDAY), Ignore)  # type: ignore[operator]


def test_after_an_erasure_nothing_is_sent_to_the_reporter() -> None:
    post = after(registered(), assigned(), fact(facts.TicketErased()))
    assert {item.audience: item.state for item in post.items} == {"reporter": "dropped", "unit": "planned"}


@pytest.mark.parametrize(
    ("before", "outcome", "says"),
    [
        ("planned", "sent", "PersonNotified"),
        ("planned", "failed", "PersonNotified"),
        ("planned", "undeliverable", "PersonNotified"),
        ("planned", "unknown", "DeliveryUnknown"),
        ("unknown", "sent", "PersonNotified"),
        ("unknown", "failed", "PersonNotified"),
        ("unknown", "unknown", "settled"),
        ("sent", "unknown", "settled"),
        ("sent", "failed", "settled"),
        ("failed", "sent", "settled"),
    ],
)
def test_a_receipt_settles_a_delivery_once(before: str, outcome: str, says: str) -> None:
    post = after(registered())
    delivery = post.items[0]
    post = post if before == "planned" else post.with_outcome(delivery.ref, before, "sms")
    done = HANDLERS.on_report_delivery(post, request(receipt(delivery, outcome)), MONDAY)
    if isinstance(done, Reject):
        assert done.code == says
        return
    assert isinstance(done, Change)
    assert [type(each).__name__ for each in done.facts] == [says]
    found = done.document.find(delivery.ref)
    assert found is not None
    assert (found.state, found.values) == (outcome, ())


def test_a_receipt_for_nothing_is_refused() -> None:
    post = after(registered())
    wrong = receipt(replace(post.items[0], ref="0" * 24), "sent")
    for known in (post, None):
        done = HANDLERS.on_report_delivery(known, request(wrong), MONDAY)
        assert isinstance(done, Reject)
        assert done.code == "no_such_delivery"


@pytest.mark.parametrize(
    ("message", "who"),
    [
        (moved(), [("unit", UNIT), ("reporter", ""), ("reporter", "")]),
        (moved("rework_by"), [("unit", UNIT), ("reporter", ""), ("reporter", "")]),
        (moved("accept_by"), [("unit", UNIT)]),
        (moved("assign_by"), [("unit", UNIT)]),
        (moved(unit=""), [("reporter", ""), ("reporter", "")]),
    ],
)
def test_whoever_was_promised_a_date_that_a_notice_moves_is_told(message: Message[Any], who: list[Any]) -> None:
    told_before = after(registered(2), assigned())
    post = after(registered(2), assigned(), message)
    new = [item for item in post.items if item not in told_before.items]
    assert [(item.audience, item.to) for item in new] == who
    assert {dict(item.values)["due"] for item in new} == {"2026-03-03 09:00"}
    assert after(registered(2), assigned(), message, message).items == post.items
    assert len(after(registered(2), assigned(), message, moved(days=2)).items) > len(post.items)


def test_the_new_date_is_in_the_message() -> None:
    due = "2026-03-03 09:00"
    assert due in packaged().render("deadline_moved", "zh", {"number": NUMBER, "due": due})
