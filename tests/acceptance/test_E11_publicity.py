"""E11: the public board's six counters, computed at reading time, sum to all valid matters; each opens its list."""

from collections.abc import AsyncIterator

import pytest

from contracts.lifecycle import OfficialCounter
from services.portal.reading.ticket.document import UNCOUNTED
from services.portal.reading.ticket.masking import mask
from tests.facts.feedback import completed, struck_off
from tests.facts.intake import screened_out, withdrawn
from tests.facts.routing import accepted, assigned
from tests.facts.sla import clock_stopped
from tests.integration.portal_on_stack import SUPERVISOR, Hand, deadline, portal_on_stack
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

PHONE = "13912345678"


@pytest.fixture(scope="module")
async def hand(stack: Stack) -> AsyncIterator[Hand]:
    """A portal with one matter in each of many situations."""
    async with portal_on_stack(stack) as hand:
        await play(hand)
        yield hand


async def play(hand: Hand) -> None:
    """3 struck off, 2 awaiting review, 2 in hand, 1 late in hand, 2 accepting, 1 late accepting, 2 not valid."""
    for title in ("销一", "销二", "销三", "评一", "评二", "办一", "办二", "迟办", "受一", "受二", "迟受", "撤回"):
        ticket = await hand.register(title, f"{title}，电话{PHONE}")
        if title != "受一":
            await hand.say(ticket, "routing", assigned())
        if title in ("受二", "迟受"):
            hours = 9 if title == "受二" else -1
            await hand.say(ticket, "sla", deadline("a", "accept_by", hand.ago(hours=12), hand.ago(hours=-hours)))
        if title[0] in "销评办" or title == "迟办":
            await hand.say(ticket, "routing", accepted())
            late = title == "迟办"
            due = hand.ago(hours=2) if late else hand.ago(hours=-48)
            await hand.say(ticket, "sla", deadline("c", "complete_by", hand.ago(hours=60), due))
        if title[0] in "销评":
            await hand.say(ticket, "feedback", completed())
            await hand.say(ticket, "sla", clock_stopped(clock="c"))
        if title[0] == "销":
            await hand.say(ticket, "feedback", struck_off())
        if title == "撤回":
            await hand.say(ticket, "intake", withdrawn(state="assigned"))
    await hand.say("0" * 26, "intake", screened_out())
    await hand.settled()


EXPECTED = {
    OfficialCounter.STRUCK_OFF: 3,
    OfficialCounter.AWAITING_REVIEW: 2,
    OfficialCounter.IN_HAND: 2,
    OfficialCounter.OVERDUE_UNFINISHED: 1,
    OfficialCounter.ACCEPTING: 2,
    OfficialCounter.OVERDUE_UNACCEPTED: 1,
}


async def test_E11_the_six_counters_sum_to_all_valid_matters(hand: Hand) -> None:
    told = (await hand.get("/v1/counters")).json()
    assert {counter: told[counter.value] for counter in OfficialCounter} == EXPECTED
    everything = await hand.get("/v1/tickets", SUPERVISOR, limit="200")
    valid = [each for each in everything.json()["tickets"] if each["state"] not in [state.value for state in UNCOUNTED]]
    assert told["valid"] == sum(EXPECTED.values()) == len(valid)


@pytest.mark.parametrize("counter", list(OfficialCounter))
async def test_E11_each_counter_opens_the_list_behind_it(hand: Hand, counter: OfficialCounter) -> None:
    page = await hand.get("/tickets", counter=counter.value)
    assert f"共 {EXPECTED[counter]} 件" in page.text
    assert page.text.count('<li class="row') == EXPECTED[counter]


async def test_E11_withdrawn_and_invalid_matters_are_shown_apart(hand: Hand) -> None:
    assert "另有已撤回 1 件，不予受理 1 件" in (await hand.get("/")).text
    listed = (await hand.get("/tickets", counter="", light="")).text
    assert f"共 {sum(EXPECTED.values())} 件" in listed
    assert listed.count('<li class="row') == sum(EXPECTED.values())


async def test_E11_the_figures_are_those_of_the_division_in_the_heading(hand: Hand) -> None:
    everywhere, elsewhere = [(await hand.get("/v1/counters", division=code)).json() for code in ("431226", "431226101")]
    assert (everywhere["valid"], elsewhere["valid"]) == (sum(EXPECTED.values()), 0)
    assert (await hand.get("/v1/counters", division="430102")).status_code == 404


async def test_E11_one_sentence_says_what_is_late_and_how_long_people_wait(hand: Hand) -> None:
    page = (await hand.get("/")).text
    assert "逾期 2 件" in page
    assert "待受理最久" in page


async def test_E11_the_board_shows_kind_and_place_and_no_word_of_a_reporter(hand: Hand) -> None:
    listed = (await hand.get("/tickets")).text
    assert "路灯照明 · 高村镇" in listed
    public = listed + (await hand.get("/")).text
    masked = mask(PHONE)
    assert masked.startswith("139*")  # "139" alone may stand in a number of a matter
    assert [each for each in (PHONE, masked, "销一", "办二", "受一") if each in public] == []


async def test_E11_a_matter_becomes_overdue_by_the_clock_alone(hand: Hand) -> None:
    """No message says so: the counter is computed when it is read."""
    ticket = await hand.register("将迟", "将迟")
    before = (await hand.get("/v1/counters")).json()["overdue_unaccepted"]
    await hand.say(ticket, "routing", assigned())
    await hand.say(ticket, "sla", deadline("a", "accept_by", hand.ago(hours=1), hand.ago(seconds=-2)))
    late = await hand.until("/v1/counters", lambda answer: answer.json()["overdue_unaccepted"] > before)
    assert late.json()["overdue_unaccepted"] == before + 1
