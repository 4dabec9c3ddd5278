"""F1: what is there is found however it is typed; a list that grows while it is read repeats no row."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.portal.reading.ticket.document import WORDS_LISTED
from tests.integration.portal_on_stack import SUPERVISOR, Hand, portal_on_stack
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
LONG = "水" * WORDS_LISTED
SHOWN = re.compile(r'href="/tickets/([0-9A-Z]{19})')
OLDER = re.compile(r'href="([^"]*)">下一页')
PAGE = 30


@pytest.fixture(scope="module")
async def hand(stack: Stack) -> AsyncIterator[Hand]:
    """Four matters with words to look for."""
    async with portal_on_stack(stack) as hand:
        await hand.register("路灯", f"请尽快维修，路灯不亮。{LONG}末尾提到红绿灯")
        await hand.register("10路公交", "10路公交 不报站，WiFi 也断了", place="锦江路口")
        await hand.register("停水", "⾃来⽔停⽔，联系人张小明 13912345678")
        await hand.register("噪音", "夜间施工")
        await hand.settled()
        yield hand


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("路灯 维修", {"路灯"}),
        ("维修　路灯", {"路灯"}),
        ("路灯不亮 ", {"路灯"}),
        ("路燈", {"路灯"}),
        ("红绿灯", {"路灯"}),
        ("１０路公交", {"10路公交"}),
        ("wifi", {"10路公交"}),
        ("锦江路口 公交", {"10路公交"}),
        ("自来水", {"停水"}),
        ("13912345678", set()),
        ("张小明", set()),
        ("路灯 公交", set()),
        (".*", set()),
    ],
)
async def test_F1_words_are_found_in_any_order_and_spelling(hand: Hand, text: str, titles: set[str]) -> None:
    found: Any = (await hand.get("/v1/tickets", SUPERVISOR, text=text)).json()
    assert ({each["title"] for each in found["tickets"]}, found["total"]) == (titles, len(titles))


async def test_F1_matters_that_come_between_two_pages_repeat_no_row_for_staff(hand: Hand) -> None:
    page: Any = (await hand.get("/v1/tickets", SUPERVISOR, limit="2")).json()
    rows = [each["number"] for each in page["tickets"]]
    for nth in range(3):
        await hand.register(f"新事{nth}", "刚刚登记")
    await hand.settled()
    while page["next"]:
        page = (await hand.get("/v1/tickets", SUPERVISOR, limit="2", after=page["next"])).json()
        rows += [each["number"] for each in page["tickets"]]
    assert (len(rows), len(set(rows)), page["total"]) == (4, 4, 7)


async def test_F1_the_public_list_repeats_no_row_and_ends_with_its_last_page(hand: Hand) -> None:
    for nth in range(PAGE):
        await hand.register(f"事项{nth}", "逐页阅读")
    await hand.settled()
    first = (await hand.get("/tickets", lang="zh")).text
    for nth in range(3):
        await hand.register(f"又一件{nth}", "刚刚登记")
    await hand.settled()
    (link,) = OLDER.findall(first)
    second = (await hand.get(link.replace("&amp;", "&"))).text
    rows, behind = SHOWN.findall(first), SHOWN.findall(second)
    assert (len(rows), len(behind) > 0, set(rows) & set(behind)) == (PAGE, True, set())
    last = SHOWN.findall((await hand.get("/tickets", lang="zh", page="999")).text)
    assert last[-len(behind) :] == behind
