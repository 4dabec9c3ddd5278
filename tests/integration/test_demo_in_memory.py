"""The demonstration against the whole system in memory: from 登记 to 销号 over HTTP."""

import asyncio
import time
from itertools import islice

import pytest

from cli.demo.player import Player
from simulation.people import Act, People
from simulation.sample_matters import stream
from tests.unit.people.town import town

SERVICES = ("intake", "routing", "sla", "feedback", "portal")
DAY = 0.6  # seconds of wall time that a domain day lasts
ENOUGH = 60.0  # seconds of wall time
MATTERS = 12


def heard(_number: str, _what: str, _words: str) -> None: ...


@pytest.mark.filterwarnings("ignore::fastapi.exceptions.FastAPIDeprecationWarning")
async def test_made_up_matters_go_the_whole_way_by_the_hands_of_the_people(monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(monkeypatch, SERVICES, DAY) as running:
        player = Player(running.offices, People(seed=3), iter(list(islice(stream(3), MATTERS))), "test", heard)
        await player.wait(lambda: False)
        registering = asyncio.create_task(player.register(MATTERS, rate=20))
        begun = time.monotonic()
        await player.play(
            lambda: (
                time.monotonic() - begun > ENOUGH
                or (registering.done() and set(player.codes) <= set(player.score.ended))
            )
        )
        await registering
    assert player.score.registered == len(player.codes) == MATTERS
    assert set(player.score.ended.values()) <= {"struck_off", "invalid"}
    assert set(player.score.ended) == set(player.codes)
    assert {Act.ACCEPT, Act.PLAN, Act.PROGRESS, Act.COMPLETE, Act.EVALUATE} <= set(player.score.acts)
