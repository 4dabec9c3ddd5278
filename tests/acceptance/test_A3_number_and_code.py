"""A3 A number that can be read out, and a code; guessing is limited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from stdnum.iso7064 import mod_37_36

from contracts.identifiers import spoken
from runtime.clock import EPOCH, Clock, system_stopwatch, system_wall
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


@dataclass
class Hands:
    """A machine whose clock is set back while minutes pass; without a stopwatch spans are read off its wall clock."""

    has_stopwatch: bool
    passed: timedelta = timedelta()
    set_back: timedelta = timedelta()

    def wall(self) -> datetime:
        return system_wall() + self.passed - self.set_back

    def watch(self) -> timedelta:
        return system_stopwatch() + self.passed if self.has_stopwatch else self.wall() - EPOCH


@pytest.mark.parametrize(("has_stopwatch", "answer"), [(True, 200), (False, 429)])
async def test_A3_whoever_waited_may_guess_again_though_the_wall_clock_was_set_back(
    town: RunningSystem, has_stopwatch: bool, answer: int
) -> None:
    receipt, hands = await _registered(town), Hands(has_stopwatch)
    async with town.another_door("intake", Clock(town.clock.segment, hands.wall, hands.watch)) as door:

        async def guess(code: str) -> int:
            path, headers = f"/v1/tickets/{receipt.number}/supplements", {"Query-Code": code, "Idempotency-Key": code}
            return (await door.post(path, json={"text": "补充：就在菜市场门口。"}, headers=headers)).status_code

        assert {await guess(f"{nth:010d}") for nth in range(12)} == {404, 429}
        hands.passed, hands.set_back = timedelta(minutes=11), timedelta(hours=1)
        assert await guess(receipt.code) == answer
