"""A3 A number that can be read out, and a code; guessing is limited."""

import asyncio
from datetime import timedelta

import httpx2
from stdnum.iso7064 import mod_37_36

from contracts.identifiers import spoken
from runtime.identity.code_attempts import WITHIN
from runtime.mongo import tried_codes
from tests.acceptance.town import ReporterReceipt, RunningSystem

UNCLEAR = ("反映", "请处理。")


async def _supplement(town: RunningSystem, number: str, code: str) -> int:
    path, headers = f"/v1/tickets/{number}/supplements", {"Query-Code": code}
    answer = await town.call("intake", "POST", path, json={"text": "补充：就在菜市场门口。"}, headers=headers)
    return answer.status_code


async def _registered(town: RunningSystem) -> ReporterReceipt:
    receipt = await town.submit(*UNCLEAR)
    await town.fact("TicketScreenedOut", receipt.number)
    return receipt


async def test_A3_the_number_carries_its_division_and_a_check_character(town: RunningSystem) -> None:
    receipt = await _registered(town)
    assert receipt.number.startswith("431226")
    assert mod_37_36.is_valid(receipt.number)
    wrong = receipt.number[:8] + ("0" if receipt.number[8] != "0" else "2") + receipt.number[9:]
    assert await _supplement(town, wrong, receipt.code) == 422


async def test_A3_number_and_code_are_understood_however_they_are_read_out(town: RunningSystem) -> None:
    receipt = await _registered(town)
    heard = spoken(receipt.number).lower().replace("0", "o").replace("1", "l")
    assert await _supplement(town, heard, f"{receipt.code[:5].lower()}-{receipt.code[5:].lower()}") == 200


async def test_A3_guessing_is_stopped_and_tells_nothing(town: RunningSystem) -> None:
    receipt = await _registered(town)
    answers = [await _supplement(town, receipt.number, f"{nth:010d}") for nth in range(12)]
    assert set(answers) == {404, 429}
    assert await _supplement(town, receipt.number, receipt.code) == 429, "the right code is one more guess"


async def _shown(town: RunningSystem, number: str, code: str) -> httpx2.Response:
    return await town.call("portal", "GET", f"/v1/tickets/{number}", headers={"Query-Code": code})


async def test_A3_guesses_are_counted_over_all_services_and_replicas_together(town: RunningSystem) -> None:
    receipt, other = await _registered(town), await _registered(town)

    async def is_known() -> bool:
        return (await _shown(town, receipt.number, receipt.code)).status_code == 200

    await town.eventually(is_known, what="the matter in the portal")
    grade, path = {"grade": 5, "solved": True}, f"/v1/tickets/{receipt.number}"
    async with town.another_door("intake", town.clock) as door:

        async def guess(nth: int) -> int:
            headers, text = {"Query-Code": f"{nth:010d}", "Idempotency-Key": f"guess-{nth}"}, {"text": "补充"}
            ways = (
                _shown(town, receipt.number, f"{nth:010d}"),
                town.call("intake", "POST", f"{path}/supplements", json=text, headers=headers),
                town.call("feedback", "POST", f"{path}/evaluation", json=grade, headers=headers),
                door.post(f"{path}/supplements", json=text, headers=headers),
            )
            return (await asyncio.gather(*ways))[nth % len(ways)].status_code

        answers = [await guess(nth) for nth in range(3)]
    assert answers == [404, 404, 429], "four at a time: eight tries are over after two"
    assert (await _shown(town, receipt.number, receipt.code)).status_code == 429
    assert await _supplement(town, other.number, other.code) == 200
    await _pass_time(town, WITHIN + timedelta(seconds=1))
    assert (await _shown(town, receipt.number, receipt.code)).status_code == 200


async def _pass_time(town: RunningSystem, span: timedelta) -> None:
    """Whatever was tried was tried so much earlier: the clock is the database's own."""
    earlier = {"at": {"$subtract": ["$$one.at", int(span.total_seconds() * 1000)]}, "name": "$$one.name"}
    moved = {"$map": {"input": "$tries", "as": "one", "in": earlier}}
    tried = town.platforms["intake"].database(tried_codes.DATABASE)[tried_codes.COLLECTION]
    await tried.update_many({}, [{"$set": {"tries": moved}}])
