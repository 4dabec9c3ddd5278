"""What was overtaken is not sent, and what was false is taken back; whoever's turn it is hears of it, once."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import values
from contracts.envelope import Message
from runtime.change import Change, Ignore
from services.notify.domain.audiences import climb
from services.notify.domain.deliveries import TicketDeliveries
from tests.facts.sla import ORDER
from tests.facts.values import LEAD, SUPERVISION, UNIT
from tests.harness import MONDAY, request
from tests.unit.notify.matters import accepted, assigned, light, receipt, registered
from tests.unit.notify.said import (
    after,
    disputed,
    handled,
    light_withdrawn,
    moved,
    order_withdrawn,
    ordered,
    queued,
    returned,
    settled,
    stopped,
)

EVENING = MONDAY + timedelta(hours=11)  # eight o'clock: nothing that is not urgent goes to staff before nine
KNOWN = (registered(), assigned())


def waiting(post: TicketDeliveries) -> set[tuple[str, str]]:
    """What staff are still to hear: (account, kind)."""
    return {(item.to, item.kind) for item in post.items if item.audience != "reporter" and item.state == "planned"}


def states(post: TicketDeliveries, kind: str) -> dict[str, str]:
    """State of this kind per account."""
    return {item.to: item.state for item in post.items if item.kind == kind}


@pytest.mark.parametrize("overtaking", [accepted(), returned(), stopped()], ids=lambda message: str(message.type))
def test_a_light_of_the_evening_is_not_told_in_the_morning_when_the_unit_acted_at_night(
    overtaking: Message[Any],
) -> None:
    post = after(*KNOWN, light("yellow", EVENING))
    assert (UNIT, "light_yellow") in waiting(post)
    assert not {kind for _, kind in waiting(after(*KNOWN, light("yellow", EVENING), overtaking))} & {"light_yellow"}


def test_an_urgent_clock_runs_on_and_its_warnings_with_it() -> None:
    urgent = light("red", EVENING, urgent=True)
    assert states(after(*KNOWN, urgent, accepted()), "light_red") == {LEAD: "planned", SUPERVISION: "planned"}


def test_a_task_that_was_accepted_or_given_to_another_is_not_announced_any_more() -> None:
    assert (UNIT, "assigned") in waiting(after(*KNOWN))
    for message in (accepted(), returned()):
        assert (UNIT, "assigned") not in waiting(after(*KNOWN, message))
    again = after(*KNOWN, returned(), assigned(hop=2))
    assert [item.state for item in again.items if item.to == UNIT] == ["dropped", "planned"]


def test_a_clock_that_stops_takes_only_its_own_notices_with_it() -> None:
    post = after(*KNOWN, light("yellow", EVENING))
    assert handled(post, stopped(clock="c2")) == Ignore("nothing_waits")


def test_a_newer_colour_overtakes_an_older_one_for_whom_it_is_told() -> None:
    post = after(*KNOWN, light("yellow", EVENING), light("orange", EVENING))
    assert states(post, "light_yellow") == {UNIT: "dropped", SUPERVISION: "planned"}


@pytest.mark.parametrize(
    ("new", "left"), [("green", set()), ("yellow", {"light_yellow"}), ("orange", {"light_yellow", "light_orange"})]
)
def test_of_the_colours_that_were_false_nothing_is_said(new: values.Light, left: set[str]) -> None:
    post = after(*KNOWN, light("yellow", EVENING), light("orange", EVENING), light("red", EVENING))
    post = after_more(post, light_withdrawn("red", new))
    assert {item.kind for item in post.items if item.state == "planned" and item.kind.startswith("light_")} <= left


def after_more(post: TicketDeliveries, message: Message[Any]) -> TicketDeliveries:
    done = handled(post, message)
    assert isinstance(done, Change)
    return done.document


def test_a_colour_that_was_withdrawn_and_comes_after_all_is_told() -> None:
    post = after(*KNOWN, light("yellow", EVENING), light_withdrawn("yellow", "green"), light("yellow", EVENING))
    assert states(post, "light_yellow") == {UNIT: "planned", SUPERVISION: "planned"}
    assert len({item.ref for item in post.items}) == len(post.items)


def test_an_order_that_waits_is_not_sent_when_it_was_withdrawn() -> None:
    post = after(*KNOWN, ordered(), order_withdrawn())
    assert states(post, "order") == {UNIT: "withdrawn", LEAD: "withdrawn"}
    assert states(post, "order_withdrawn") == {}


@pytest.mark.parametrize("outcome", ["sent", "unknown"])
def test_who_has_an_order_or_may_have_it_is_told_that_it_is_void(outcome: str) -> None:
    post = after_more(settled(after(*KNOWN, ordered()), outcome), order_withdrawn())
    assert states(post, "order_withdrawn") == {UNIT: "planned", LEAD: "planned"}
    assert {dict(item.values)["order"] for item in post.items if item.kind == "order_withdrawn"} == {ORDER}


def test_an_order_that_was_on_its_way_when_it_was_withdrawn_is_taken_back_when_it_arrived() -> None:
    post = after(*KNOWN, ordered(), order_withdrawn())
    order = next(item for item in post.items if item.kind == "order" and item.to == UNIT)
    post = after_more(post, request(receipt(order, "sent")))
    assert states(post, "order_withdrawn") == {UNIT: "planned"}


def test_an_order_that_reached_nobody_needs_no_taking_back() -> None:
    post = after_more(settled(after(*KNOWN, ordered()), "failed"), order_withdrawn())
    assert states(post, "order_withdrawn") == {}


def test_an_order_stands_when_the_clock_stops_late() -> None:
    assert states(after(*KNOWN, ordered(), accepted()), "order") == {UNIT: "planned", LEAD: "planned"}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (queued(), (LEAD, "queued")),
        (queued(lead_unit=""), (SUPERVISION, "queued")),
        (returned(), (LEAD, "returned")),
        (disputed(), (SUPERVISION, "disputed")),
    ],
)
def test_a_desk_hears_what_waits_for_it_and_reporters_do_not(message: Message[Any], told: tuple[str, str]) -> None:
    before, post = after(*KNOWN), after(*KNOWN, message)
    assert waiting(post) == {told}
    assert [item for item in post.items if item.audience == "reporter"] == [
        item for item in before.items if item.audience == "reporter"
    ]


@pytest.mark.parametrize(("urgent", "kept"), [(False, True), (True, False)])
def test_a_desk_hears_in_office_hours_and_of_what_is_urgent_at_once(urgent: bool, kept: bool) -> None:
    done = handled(after(registered(urgent=urgent)), queued(EVENING))
    assert isinstance(done, Change)
    (item,) = (item for item in done.document.items if item.kind == "queued")
    assert (item.not_before > EVENING) == kept


def test_what_is_found_to_be_urgent_on_the_way_to_a_desk_is_told_at_once() -> None:
    done = handled(after(registered()), queued(EVENING, urgent=True))
    assert isinstance(done, Change)
    assert [item.not_before for item in done.document.items if item.kind == "queued"] == [EVENING]


def test_what_waits_for_a_desk_is_overtaken_by_the_assignment() -> None:
    assert waiting(after(registered(), queued(), assigned())) == {(UNIT, "assigned")}


def test_a_matter_that_is_queued_again_is_told_again() -> None:
    post = after(registered(), queued(), assigned(), queued())
    assert [item.state for item in post.items if item.kind == "queued"] == ["dropped", "planned"]


SUP, LEADER = "431226-SUP", "431226-LDR"


@pytest.mark.parametrize(
    ("colour", "unit", "lead", "heard"),
    [
        ("yellow", "U", "L", {"U": "unit", SUP: "supervision"}),
        ("yellow", SUP, "", {SUP: "unit"}),
        ("orange", "L", "L", {"L": "unit"}),
        ("orange", "L", "", {"L": "unit"}),
        ("red", "L", "L", {"L": "lead", SUP: "supervision"}),
        ("red", SUP, SUP, {SUP: "lead"}),
        ("green", "U", "L", {}),
    ],
)
def test_one_account_hears_of_a_colour_once(colour: str, unit: str, lead: str, heard: dict[str, str]) -> None:
    assert climb(colour, unit, lead, "431226100") == heard


@pytest.mark.parametrize(
    ("tell", "heard"),
    [
        (("lead",), {"L": "lead"}),
        (("head", "unit", "leader"), {"U": "unit", LEADER: "leader"}),
        (("supervision", "lead", "unit"), {SUP: "supervision", "L": "lead", "U": "unit"}),
        (("neighbours",), {}),
        ((), {"U": "unit", SUP: "supervision"}),
    ],
)
def test_whom_a_published_ladder_names_hear_and_nobody_else(tell: tuple[str, ...], heard: dict[str, str]) -> None:
    assert climb("yellow", "U", "L", "431226100", tell) == heard


def test_a_light_that_says_who_hears_is_told_to_these() -> None:
    post = after(*KNOWN, light("yellow", tell=("lead", "leader")))
    assert {each for each in waiting(post) if each[1] == "light_yellow"} == {
        (LEAD, "light_yellow"),
        (LEADER, "light_yellow"),
    }


def test_a_date_that_moves_before_the_unit_is_known_is_no_promise_to_the_reporter() -> None:
    post = after(*KNOWN, moved(kind="accept_by", unit=LEAD))
    assert {item.audience for item in post.items if item.kind == "deadline_moved"} == {"unit"}
