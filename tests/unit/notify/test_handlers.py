"""Given a post, when a fact comes, then these people are told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import Message
from runtime.change import Change, Ignore, Reject
from services.notify.adapters.templates import packaged
from services.notify.domain.deliveries import Report, TicketDeliveries
from services.notify.handlers.feedback import FeedbackNotices
from services.notify.handlers.receipts import Receipts
from services.notify.ports import Weekdays
from tests.facts.feedback import plan_lapsed, plan_reviewed, progress_reported
from tests.facts.intake import erased, withdrawn
from tests.facts.sla import supervision_ordered
from tests.facts.values import LEAD, NUMBER, STANDARD, SUPERVISION, UNIT, UNIT_ZH
from tests.harness import MONDAY, fact, request
from tests.unit.notify.matters import SATURDAY, accepted, assigned, completed, light, receipt, registered
from tests.unit.notify.said import (
    SAID,
    after,
    handled,
    moved,
    ordered,
    reminded,
    rework,
    screened_out,
    struck_off,
)

NOTICES, RECEIPTS = FeedbackNotices(Weekdays()), Receipts(Weekdays())


def told(post: TicketDeliveries) -> list[tuple[str, int, str, str]]:
    return [(item.audience, item.person, item.kind, item.to) for item in post.items]


KNOWN = (registered(2), assigned())


def test_each_order_that_rests_on_no_clock_is_told() -> None:
    orders = [fact(supervision_ordered(order=f"{NUMBER}-h{nth}", clock=""), seq=20 + nth) for nth in (1, 2)]
    post = after(*KNOWN, *orders)
    assert [item.about for item in post.items if (item.kind, item.to) == ("order", UNIT)] == [
        f"{NUMBER}-h1",
        f"{NUMBER}-h2",
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (accepted(), {("reporter", 0, "accepted", ""), ("reporter", 1, "accepted", "")}),
        (fact(progress_reported()), {("reporter", n, "progress", "") for n in (0, 1)}),
        (completed(), {("reporter", n, "evaluate", "") for n in (0, 1)}),
        (reminded(look_back=False), {("reporter", 1, "remind", "")}),
        (reminded(look_back=True), {("supervision", 0, "look_back", SUPERVISION)}),
        (rework(), {("reporter", 0, "rework", ""), ("reporter", 1, "rework", ""), ("unit", 0, "rework", UNIT)}),
        (
            fact(plan_reviewed(version=0, grounds=(), by_conference=True)),
            {("unit", 0, "conference_plan", UNIT)},
        ),
        (
            fact(plan_reviewed(approved=True, grounds=(), mode="held_by_conference", by_conference=True)),
            {("unit", 0, "conference_held", UNIT), *(("reporter", n, "conference_held", "") for n in (0, 1))},
        ),
        (
            fact(plan_lapsed()),
            {("unit", 0, "plan_lapsed", UNIT), *(("reporter", n, "plan_lapsed", "") for n in (0, 1))},
        ),
        (
            struck_off(),
            {("reporter", n, "struck_off", "") for n in (0, 1)},
        ),
        (
            fact(withdrawn()),
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
    first, other = screened_out(), screened_out(rule="out_of_scope", reason_zh="不在受理范围。", round=2)
    told_of = [(item.kind, item.round) for item in after(first, first, other, other).items]
    assert told_of == [("screened_out", 1), ("screened_out", 2)]


def test_the_promise_names_the_unit_and_the_standard() -> None:
    values = dict(after(*KNOWN, accepted()).items[-1].values)
    assert (values["unit_zh"], values["standard_zh"]) == (UNIT_ZH, STANDARD.name_zh)


@pytest.mark.parametrize(("urgent", "at"), [(False, SATURDAY + timedelta(days=1, hours=23)), (True, SATURDAY)])
def test_at_the_weekend_a_unit_hears_on_monday_unless_it_is_urgent(urgent: bool, at: Any) -> None:
    post = after(registered(), assigned(SATURDAY, urgent=urgent))
    assert {item.audience: item.not_before for item in post.items[1:]} == {"reporter": SATURDAY, "unit": at}


def test_a_warning_that_waits_for_monday_is_dropped_when_the_work_is_done_on_sunday() -> None:
    post = after(registered(), assigned(), light("yellow", SATURDAY), completed())
    assert {item.state for item in post.items if item.kind == "light_yellow"} == {"dropped"}


def test_private_progress_tells_nobody() -> None:
    private = fact(progress_reported(public=False))
    assert NOTICES.on_progress_reported(after(registered()), private, MONDAY) == Ignore("not_public")


@pytest.mark.parametrize("kind", sorted(set(SAID) - {"TicketRegistered", "TicketScreenedOut", "TicketAssigned"}))
def test_of_an_unknown_matter_nobody_is_told(kind: str) -> None:
    assert isinstance(handled(None, SAID[kind][0]), Ignore)


def test_after_an_erasure_nothing_is_sent_to_the_reporter() -> None:
    post = after(registered(), assigned(), fact(erased()))
    assert {item.audience: item.state for item in post.items} == {"reporter": "dropped", "unit": "planned"}


@pytest.mark.parametrize(
    ("before", "outcome", "says"),
    [
        ("planned", "sent", "PeopleNotified"),
        ("planned", "failed", "PeopleNotified"),
        ("planned", "undeliverable", "PeopleNotified"),
        ("planned", "unknown", "DeliveryUnknown"),
        ("unknown", "sent", "PeopleNotified"),
        ("unknown", "failed", "PeopleNotified"),
        ("unknown", "unknown", "settled"),
        ("sent", "unknown", "settled"),
        ("sent", "failed", "PeopleNotified"),
        ("failed", "sent", "settled"),
    ],
)
def test_a_receipt_settles_a_delivery_once(before: str, outcome: str, says: str) -> None:
    post = after(registered())
    delivery = post.items[0]
    post = post if before == "planned" else post.with_reports({delivery.ref: Report(before, "sms")})
    done = RECEIPTS.on_report_delivery(post, request(receipt(delivery, outcome)), MONDAY)
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
        done = RECEIPTS.on_report_delivery(known, request(wrong), MONDAY)
        assert isinstance(done, Reject)
        assert done.code == "no_such_delivery"


@pytest.mark.parametrize(
    ("message", "who"),
    [
        (moved(), [("unit", UNIT), ("reporter", ""), ("reporter", "")]),
        (moved(kind="rework_by"), [("unit", UNIT), ("reporter", ""), ("reporter", "")]),
        (moved(kind="accept_by"), [("unit", UNIT)]),
        (moved(kind="assign_by"), [("unit", UNIT)]),
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


@pytest.mark.parametrize(("standard", "kind"), [("", "deadline_moved"), ("URB-03@2", "standard_applied")])
def test_why_a_date_moved_is_said_as_it_is(standard: str, kind: str) -> None:
    told_before = after(registered(), assigned())
    new = after(registered(), assigned(), moved(standard=standard)).items[len(told_before.items) :]
    assert [(item.audience, item.kind) for item in new] == [("unit", kind), ("reporter", kind)]


@pytest.mark.parametrize("kind", ["deadline_moved", "standard_applied"])
def test_the_new_date_is_in_the_message(kind: str) -> None:
    due = "2026-03-03 09:00"
    assert due in packaged().render(kind, "zh", {"number": NUMBER, "due": due})
