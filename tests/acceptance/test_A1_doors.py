"""A1 Many doors, one desk: the public web door and staff doors; the channel comes from who asks."""

import secrets
from typing import Any

import pytest

from contracts.topics import partition_of
from runtime.delivery.records import Outgoing
from services.intake import wiring
from tests.acceptance.town import RunningSystem

STREET = "麻阳县兰里镇街道路灯整条街不亮，晚上出行危险，请维修。"


async def test_A1_each_door_keeps_its_channel_and_its_division(town: RunningSystem) -> None:
    web = await town.submit("路灯不亮", STREET, place="兰里镇")
    clerk = await town.submit("路灯不亮", STREET, who=town.staff("clerk"), place="兰里镇", on_behalf_of="王大娘")
    grid = await town.submit("路灯不亮", STREET, who=town.unit("431226-ROAD"), place="兰里镇")
    registered = [(await town.fact("TicketRegistered", each.number)).body for each in (web, clerk, grid)]
    assert [body.channel for body in registered] == ["web", "operator", "grassroots"]
    assert [body.on_behalf for body in registered] == [False, True, False]
    assert {body.door for body in registered} == {"431226"}


async def test_A1_one_desk_no_door_forces_anybody_to_say_who_they_are(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", STREET, place="兰里镇")
    registered = await town.fact("TicketRegistered", receipt.number)
    assert registered.body.traceable is False


async def test_A1_staff_of_another_county_come_through_another_door(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", STREET, who=town.staff("clerk", "431225"))
    assert receipt.number.startswith("431225")


DEEP = b'{"sealed":' * 5000 + b"1" + b"}" * 5000
POISON = {
    "bad JSON": b"{",
    "bad UTF-8": b"\xff\xfe",
    "wrong types": b'{"number": [], "sealed": 7}',
    "deep": DEEP,
    "nothing": b"",
}
HEADERS: list[tuple[str, Any]] = [("ce_type", b"SubmissionReceived"), ("ce_to", b"")]
ABSURD: dict[str, list[tuple[str, Any]]] = {
    "headers without values": [("ce_type", b"SubmissionReceived"), ("ce_to", None), ("ce_id", None), ("ce_at", None)],
    "a sequence of 25 digits": [*HEADERS, ("ce_sequence", b"9" * 25)],
    "a time before all time": [*HEADERS, ("ce_at", b"0001-01-01T00:00:00+08:00")],
}


@pytest.mark.parametrize("poison", [*POISON, *ABSURD])
async def test_A1_poison_is_parked_within_5_s_and_the_next_matter_goes_on(town: RunningSystem, poison: str) -> None:
    platform = town.platforms["intake"]
    ticket = f"POISON{secrets.token_hex(10).upper()}"
    headers, value = ABSURD.get(poison, HEADERS), POISON.get(poison, b"{}")
    record = Outgoing("submissions", partition_of(ticket), ticket, headers, value)
    await platform.writer.publish([record])
    store = platform.store(wiring.of(platform))

    async def parked() -> bool:
        return [letter.root for letter in await store.parked(ticket)] == [True]

    await town.eventually(parked, within=5.0, what="parking")
    next_one = await town.submit("路灯不亮", STREET, place="兰里镇")
    await town.fact("TicketRegistered", next_one.number)
    (letter,) = await store.parked(ticket)
    assert len(value) < 3 or value[:6].decode("latin-1") not in letter.reason
    await store.unpark([letter])


async def test_A1_the_longest_submission_that_is_allowed_is_taken(town: RunningSystem) -> None:
    neighbours = [
        {
            "name": "邻" * 200,
            "phone": f"139000000{nth:02d}",
            "email": f"{nth:064d}@{'y' * 60}.{'z' * 60}.{'w' * 60}.cn",
            "channel": "none",
        }
        for nth in range(50)
    ]
    receipt = await town.submit(
        "题" * 200, "麻阳县高村镇路灯不亮。" + "字" * 19_989, co_reporters=neighbours, place="高村镇" + "路" * 197
    )
    registered = await town.fact("TicketRegistered", receipt.number)
    assert len(registered.body.voters) == 51
