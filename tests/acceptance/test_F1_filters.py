"""F1: filters that combine, text search in Chinese, scope inside the query, on the real documents."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts import values
from runtime.identity.tokens import Principal
from tests.facts.feedback import completed, rework_ordered
from tests.facts.intake import conflicted, supplemented
from tests.facts.routing import accepted, assigned, returned
from tests.facts.sla import supervision_ordered
from tests.facts.values import LEAD, UNIT, voters
from tests.integration.portal_on_stack import SUPERVISOR, Hand, deadline, portal_on_stack
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
ALL = 6


@pytest.fixture(scope="module")
async def hand(stack: Stack) -> AsyncIterator[Hand]:
    """Six matters that differ in what can be asked for."""
    async with portal_on_stack(stack) as hand:
        lamp = await hand.register("路灯不亮", "高村镇锦江路路灯不亮", urgent=True)
        await hand.say(lamp, "intake", conflicted(voter=values.Voter(index=100, code_digest="x")))
        await hand.register("停水", "岩门镇停水三天", voters=voters(2), channel="telephone")
        late = await hand.register("欠薪", "拖欠工资", on_behalf=True)
        await hand.say(late, "routing", assigned())
        await hand.say(
            late, "sla", deadline("a", "accept_by", hand.ago(hours=5), hand.ago(hours=1)), supervision_ordered()
        )
        unsafe = await hand.register("危房", "危房改造")
        await hand.say(unsafe, "routing", assigned(), returned(), assigned(hop=2))
        again = await hand.register("噪音", "夜间施工噪音", traceable=False)
        await hand.say(again, "routing", assigned(), accepted())
        await hand.say(again, "feedback", completed(), rework_ordered())
        await hand.say(again, "sla", deadline("r", "rework_by", hand.ago(hours=1), hand.ago(hours=-9)))
        elsewhere = await hand.register("邻县道路", "邻县道路塌方", division="431225")
        await hand.say(elsewhere, "intake", supplemented())
        await hand.settled()
        yield hand


PROVINCE = Principal("p", "", "43", "supervisor")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"state": "registered"}, {"路灯不亮", "停水", "邻县道路"}),
        ({"light": "red"}, {"欠薪"}),
        ({"light": "green"}, {"噪音"}),
        ({"counter": "overdue_unaccepted"}, {"欠薪"}),
        ({"division": "431225"}, {"邻县道路"}),
        ({"division": "4312"}, {"路灯不亮", "停水", "欠薪", "危房", "噪音", "邻县道路"}),
        ({"unit": UNIT}, {"欠薪", "危房", "噪音"}),
        ({"lead_unit": LEAD, "returned": "true"}, {"危房"}),
        ({"category": "URB"}, {"欠薪", "危房", "噪音"}),
        ({"channel": "telephone"}, {"停水"}),
        ({"urgent": "true"}, {"路灯不亮"}),
        ({"collective": "true"}, {"停水"}),
        ({"traceable": "false"}, {"噪音"}),
        ({"on_behalf": "true"}, {"欠薪"}),
        ({"overdue": "true"}, {"欠薪"}),
        ({"reworked": "true"}, {"噪音"}),
        ({"returned": "true"}, {"危房"}),
        ({"ordered": "true"}, {"欠薪"}),
        ({"supplemented": "true"}, {"邻县道路", "路灯不亮"}),
        ({"conflicted": "true"}, {"路灯不亮"}),
        ({"text": "锦江路"}, {"路灯不亮"}),
        ({"text": "工"}, {"欠薪", "噪音"}),
        ({"unit": UNIT, "overdue": "false", "reworked": "false"}, {"危房"}),
        ({"registered_to": "2020-01-01T00:00:00Z"}, set()),
        ({"registered_from": "2020-01-01T00:00:00Z", "level": "county", "text": "房"}, {"危房"}),
    ],
    ids=lambda value: "-".join(f"{key}={what}" for key, what in value.items()) if isinstance(value, dict) else "",
)
async def test_F1_filters_combine(hand: Hand, asked: dict[str, str], titles: set[str]) -> None:
    found: Any = (await hand.get("/v1/tickets", PROVINCE, **asked)).json()
    assert {each["title"] for each in found["tickets"]} == titles
    assert found["total"] == len(titles)


async def test_F1_pages_follow_one_another_without_gap_or_repeat(hand: Hand) -> None:
    pages = [(await hand.get("/v1/tickets", PROVINCE, skip=str(at), limit="2")).json() for at in (0, 2, 4)]
    numbers = [each["number"] for page in pages for each in page["tickets"]]
    assert len(set(numbers)) == len(numbers) == ALL
    assert {page["total"] for page in pages} == {ALL}


async def test_F1_a_list_never_shows_what_lies_outside_the_scope(hand: Hand) -> None:
    county = (await hand.get("/v1/tickets", SUPERVISOR, text="邻县")).json()
    assert county["total"] == 0
    unit = (await hand.get("/v1/tickets", Principal("u", UNIT, "431226", "unit"))).json()
    assert {each["unit"] for each in unit["tickets"]} == {UNIT}
