"""C10: many clocks red at once, after a week without sla and after one without notify. On the real stack."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import Message
from contracts.identifiers import ID_IN_NUMBER, prefix_of
from contracts.messages.sla import DeadlineSet
from contracts.topics import GROUPS
from contracts.values import LadderStep
from contracts.vocabulary import leader_of, supervision_of
from deploy.local.sms_gateway import TextMessage
from services.notify.domain.deliveries import ORDERS, STAFF
from services.notify.wiring import parts_of
from tests.acceptance.outside import outside
from tests.acceptance.test_C7_ladder import publish
from tests.acceptance.test_D3_digest import to_unit, wind_to
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem
from tests.acceptance.town import town as a_town
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
MATTERS = 120
WEEK, HOLD = timedelta(days=7), timedelta(hours=4)
LETTERS_A_DAY = 4  # of an account, one of them kept for the digest: as it is packaged
SAME_PACE = 1.0  # the clock goes on as the wall's does: nothing turns while many matters are filed, however slowly
LADDER = ("yellow", "orange", "red", "ordered", "after_due-1d")
"""The usual one, and a step of the county behind it: as the instants follow each other."""
AFTER = LadderStep(when="after_due", tell=("leader", "supervision"), kinds=("accept_by",), days=1)
DIGEST = "待办汇总"
SAID = ("LightChanged", "StepReached", "SupervisionOrdered")
Matters = dict[str, DeadlineSet]
"""The clocks of these numbers."""


@pytest.fixture(scope="module")
async def town(stack: Stack) -> AsyncIterator[RunningSystem]:
    """One whose loops of sla and of notify may be stopped; its county has a ladder of its own."""
    async with outside() as there:
        settings = there.settings | {"DUBAN_LETTERS_A_DAY": str(LETTERS_A_DAY)}
        name, apart = f"c{secrets.token_hex(4)}", ("sla", "notify")
        async with a_town(stack, name, settings, apart, SAME_PACE) as running:
            running.gateway = there.gateway
            await publish(running, COUNTY, 1, AFTER)
            await running.apart["sla"].stop()
            await running.apart["sla"].start()  # it reads what is published before it begins
            yield running
        await parts_of(running.platforms["notify"]).messengers["sms"].close()


async def matters(town: RunningSystem) -> Matters:
    """So many of one unit, each with its clock."""
    words = "麻阳县兰里镇进村道路坑洼，雨天积水无法通行，请尽快修复。"
    receipts = [await town.submit("兰里镇道路破损", words, place="兰里镇") for _ in range(MATTERS)]
    found: Matters = {}

    async def have_clocks() -> bool:
        said = await by_matter(town, [each.number for each in receipts], "DeadlineSet")
        found.update({number: facts[0].body for number, facts in said.items() if facts})
        return len(found) == MATTERS

    await town.eventually(have_clocks, what="a clock of each matter")
    return found


async def by_matter(town: RunningSystem, numbers: Collection[str], *kinds: str) -> dict[str, list[Message[Any]]]:
    """Facts of these types, in the order of the log, which is read once for all."""
    found: dict[str, list[Message[Any]]] = {prefix_of(each): [] for each in numbers}
    for said in await town.log():
        if said.type in kinds and said.key[:ID_IN_NUMBER] in found:
            found[said.key[:ID_IN_NUMBER]].append(said)
    return {each: found[prefix_of(each)] for each in numbers}


async def announced(town: RunningSystem, ours: Matters) -> dict[str, list[Message[Any]]]:
    """What was said of the ladder of each clock."""
    said = await by_matter(town, ours, *SAID)
    return {number: [each for each in said[number] if each.body.clock == set_.clock] for number, set_ in ours.items()}


async def until_said(town: RunningSystem, ours: Matters, lines: int) -> None:
    """So many lines of the ladder of each matter."""

    async def is_said() -> bool:
        return all(len(said) >= lines for said in (await announced(town, ours)).values())

    await town.eventually(is_said, what=f"{LADDER[:lines]} of each matter")


async def until_read(town: RunningSystem, service: str) -> None:
    """The loop has handled all that stands in its logs now."""
    group = f"{service}.loop"
    progress = town.platforms[service].progress(group, GROUPS[group])
    ends = await progress.ends()

    async def is_read() -> bool:
        committed = await progress.committed()
        return all(committed.get(place, 0) >= end for place, end in ends.items())

    await town.eventually(is_read, what=f"{service} has read its logs")


def begins(set_: DeadlineSet) -> tuple[datetime, ...]:
    """When each line of the ladder begins."""
    assert set_.yellow is not None
    assert set_.orange is not None
    (after,) = set_.steps
    return set_.yellow, set_.orange, set_.red, set_.due + HOLD, after.at


def line(said: Message[Any]) -> str:
    """Which line of the ladder it is."""
    if said.type == "LightChanged":
        return str(said.body.new)
    return str(said.body.step) if said.type == "StepReached" else "ordered"


async def each_line_was_said_once_in_order(town: RunningSystem, ours: Matters) -> None:
    """Also never early; and each order stands for itself."""
    said = await announced(town, ours)
    assert {tuple(map(line, each)) for each in said.values()} == {LADDER}
    for number, lines in said.items():
        assert all(each.at >= at for each, at in zip(lines, begins(ours[number]), strict=True))
    orders = [each.body.order for facts in said.values() for each in facts if each.type == "SupervisionOrdered"]
    assert len(set(orders)) == len(ours)


async def deliveries(town: RunningSystem, ours: Collection[str]) -> list[dict[str, Any]]:
    """What staff were to hear together with others, of these matters."""

    async def of(number: str) -> list[dict[str, Any]]:
        answer = await town.call("notify", "GET", f"/v1/tickets/{number}/deliveries", who=town.staff("supervisor"))
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return [each for each in rows if each["audience"] in STAFF and each["kind"] not in ORDERS]

    return [row for rows in await asyncio.gather(*map(of, ours)) for row in rows]


async def until_told(town: RunningSystem, ours: Matters) -> list[dict[str, Any]]:
    """Until nothing of these matters waits for a digest that is due; what was told.

    What the loop of sla says after the clock was put on waits for a later one: an order's own clock has lights, too.
    """

    async def is_told() -> bool:
        waiting = [each for each in await deliveries(town, ours) if each["state"] == "planned"]
        return all(datetime.fromisoformat(each["not_before"]) > town.clock.now() for each in waiting)

    await town.eventually(is_told, what="the digests")
    return [each for each in await deliveries(town, ours) if each["state"] == "sent"]


def letters(town: RunningSystem, before: Collection[str]) -> list[TextMessage]:
    """What the gateway took since then, oldest first."""
    return [letter for reference, letter in town.gateway.accepted.items() if reference not in before]


def each_office_has_one_digest(found: list[TextMessage], offices: Collection[str], days: int) -> None:
    """And of orders, which wait for no digest, no more than a day has room for; each once."""
    digests = [each for each in found if DIGEST in each.text]
    assert Counter(each.to for each in digests) == {f"unit:{office}": 1 for office in offices}
    others = Counter(each.to for each in found if each not in digests)
    assert max(others.values()) <= days * (LETTERS_A_DAY - 1)
    assert len({(each.to, each.text) for each in found}) == len(found), "nobody gets the same message twice"


async def offices_of(town: RunningSystem, ours: Matters) -> set[str]:
    """Whom the ladder names: the unit, its lead unit, the supervision office, the leader."""
    (answers,) = {each.unit for each in ours.values()}
    light = (await town.fact("LightChanged", next(iter(ours)))).body
    assert light.lead_unit
    return {answers, light.lead_unit, supervision_of(COUNTY), leader_of(COUNTY)}


def in_one_letter(told: list[dict[str, Any]]) -> Counter[str]:
    """How many things the letter of each audience told; it is the same one for all of them."""
    assert len({(each["audience"], each["letter"]) for each in told}) == len({each["audience"] for each in told})
    return Counter(each["audience"] for each in told)


async def test_C7_after_a_week_without_sla_each_line_is_said_once_and_an_office_gets_one_letter(
    town: RunningSystem,
) -> None:
    ours = await matters(town)
    await town.apart["sla"].stop()
    await until_read(town, "notify")
    any_of_them = ReporterReceipt(next(iter(ours)), "")
    wind_to(town, (await to_unit(town, any_of_them))["not_before"])  # they are handed out in a letter of this day
    await until_told(town, ours)
    town.wind(WEEK)
    before = set(town.gateway.accepted)
    await town.apart["sla"].start()
    await until_said(town, ours, len(LADDER))
    await each_line_was_said_once_in_order(town, ours)
    await until_read(town, "notify")
    waiting = [each for each in await deliveries(town, ours) if each["state"] == "planned"]
    assert not [each for each in letters(town, before) if DIGEST in each.text]
    wind_to(town, max(each["not_before"] for each in waiting))
    told = [each for each in await until_told(town, ours) if each["kind"] != "assigned"]
    assert in_one_letter(told) == {"unit": MATTERS, "lead": MATTERS, "supervision": 2 * MATTERS, "leader": MATTERS}
    each_office_has_one_digest(letters(town, before), await offices_of(town, ours), days=2)


async def test_C7_after_a_week_without_notify_an_office_gets_one_letter_and_nothing_overtaken(
    town: RunningSystem,
) -> None:
    ours = await matters(town)
    began = town.clock.now()
    await town.apart["notify"].stop()
    for lines, begin in enumerate(zip(*map(begins, ours.values()), strict=True), 1):
        town.wind(max(timedelta(), max(begin) - town.clock.now()))
        await until_said(town, ours, lines)
    town.wind(began + WEEK - town.clock.now())
    await each_line_was_said_once_in_order(town, ours)
    before = set(town.gateway.accepted)
    await town.apart["notify"].start()
    await until_read(town, "notify")
    told = await until_told(town, ours)
    assert {each["kind"] for each in told} == {"assigned", "light_orange", "light_red", "step"}
    assert in_one_letter(told) == {"unit": 2 * MATTERS, "lead": MATTERS, "supervision": 2 * MATTERS, "leader": MATTERS}
    each_office_has_one_digest(letters(town, before), await offices_of(town, ours), days=1)
