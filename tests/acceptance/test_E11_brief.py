"""E11: the morning brief tells how yesterday ended, though matters have moved since, as JSON, text and a page."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from services.portal.reading.board import brief
from services.portal.reading.board.day import DaySpan
from tests.facts.feedback import completed, struck_off
from tests.facts.routing import accepted, assigned
from tests.facts.sla import clock_stopped
from tests.integration.portal_on_stack import Hand, deadline, portal_on_stack
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

HOUR = timedelta(hours=1)
PHONE = "13912345678"


@pytest.fixture(scope="module")
async def hand(stack: Stack) -> AsyncIterator[Hand]:
    async with portal_on_stack(stack) as hand:
        await play(hand, DaySpan(brief.yesterday(hand.ago())).begin)
        yield hand


async def play(hand: Hand, morning: datetime) -> None:
    """Yesterday: one in hand that ran out, one in hand in time, one new. Today the late one is struck off."""
    for title, due in (("迟办", morning + 9 * HOUR), ("在办", morning + 240 * HOUR)):
        before = morning - 20 * HOUR
        ticket = await hand.register(title, f"{title}，电话{PHONE}", at=before)
        await hand.say(ticket, "routing", assigned(), accepted(), at=before + HOUR)
        await hand.say(ticket, "sla", deadline("c", "complete_by", before + HOUR, due), at=before + HOUR)
        if title == "迟办":
            await hand.say(ticket, "feedback", completed())
            await hand.say(ticket, "sla", clock_stopped(clock="c"))
            await hand.say(ticket, "feedback", struck_off())
    await hand.register("新登记", f"新登记，电话{PHONE}", at=morning + 10 * HOUR)
    await hand.register("今日登记", f"今日登记，电话{PHONE}")
    await hand.settled()


async def test_E11_the_brief_tells_how_yesterday_ended(hand: Hand) -> None:
    told = (await hand.get("/v1/brief")).json()
    counters, before = told["counters"], told["before"]
    assert (counters["overdue_unfinished"], counters["in_hand"], counters["accepting"]) == (1, 1, 1)
    assert (counters["struck_off"], counters["valid"], before["valid"]) == (0, 3, 2)
    assert (told["differences"]["overdue_unfinished"], told["differences"]["in_hand"]) == (1, -1)
    assert (told["flow"]["registered"], told["untold"]) == (1, 0)
    assert [each["tickets"] for each in told["late"]] == [1]
    assert (await hand.get("/v1/counters")).json()["struck_off"] == 1


async def test_E11_the_brief_is_text_and_a_page_without_a_word_of_a_reporter(hand: Hand) -> None:
    text, page = await hand.get("/v1/brief", form="text"), await hand.get("/brief")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "逾期未办结 1 (+1)" in text.text
    assert "督办晨报" in page.text
    assert [each for each in (PHONE, "迟办", "在办", "新登记，") if each in text.text + page.text] == []


async def test_E11_a_day_that_is_not_over_has_no_brief(hand: Hand) -> None:
    refused = await hand.get("/v1/brief", date=(brief.yesterday(hand.ago()) + timedelta(days=1)).isoformat())
    assert (refused.status_code, refused.json()["type"]) == (422, "day_not_over")
