"""A division says who hears of which colour; what it does not say, the platform's own ladder does (C7)."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from contracts.messages import sla
from contracts.messages.ladders import LadderPublished
from contracts.values import LadderStep
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from runtime.process.editions import key_of
from services.sla.adapters.published import PublishedLadders
from services.sla.domain.rungs import Rung, RungCase, faults, told
from tests.facts.ladders import ladder_published
from tests.facts.routing import accepted, assigned
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene

CLOCK = Clock(wall=lambda: MONDAY)
OF_THE_WORK = Rung("yellow", ("lead",), ("complete_by", "rework_by"))
LADDER = (OF_THE_WORK, Rung("red", ("leader",), urgent=True), Rung("red", ("unit", "lead"), urgent=False))


@pytest.mark.parametrize(
    ("colour", "kind", "urgent", "hears"),
    [
        ("yellow", "complete_by", False, ("lead",)),
        ("yellow", "accept_by", False, ()),
        ("orange", "complete_by", False, ()),
        ("red", "accept_by", True, ("leader",)),
        ("red", "rework_by", False, ("unit", "lead")),
    ],
)
def test_the_step_that_fits_says_who_hears(colour: str, kind: str, urgent: bool, hears: tuple[str, ...]) -> None:
    assert told(LADDER, colour, RungCase(kind, urgent)) == hears


@pytest.mark.parametrize(
    ("ladder", "wrong"),
    [
        (LADDER, ()),
        ((), ()),
        ((Rung("purple", ("unit",)),), ("colour_unknown",)),
        ((Rung("green", ("unit",)),), ("colour_unknown",)),
        ((Rung("red", ()),), ("nobody_told",)),
        ((Rung("red", ("mayor",)),), ("audience_unknown",)),
        ((Rung("red", ("unit",), ("sleep_by",)),), ("kind_unknown",)),
        ((Rung("red", ("unit",)), Rung("red", ("lead",), urgent=True)), ("steps_contradict",)),
        ((OF_THE_WORK, Rung("yellow", ("unit",), ("complete_by",))), ("steps_contradict",)),
        ((OF_THE_WORK, Rung("yellow", ("unit",), ("accept_by",))), ()),
    ],
)
def test_a_ladder_that_cannot_hold_is_found_out(ladder: tuple[Rung, ...], wrong: tuple[str, ...]) -> None:
    assert faults(ladder) == wrong


class LaddersOfATest:
    """A configuration topic with ladders in it, and who reads it."""

    def __init__(self) -> None:
        self._log = InMemoryLog()
        self._configuration = Configuration(InMemoryFollower(self._log, "configuration"), [LadderPublished])
        self.read = PublishedLadders(self._configuration)

    async def publish(self, **changed: Any) -> None:
        body = ladder_published(**changed)
        self._log.append(publication(key_of("ladder", body.division, body.version), body, "sla", CLOCK))
        await self._configuration.catch_up()


@pytest.fixture
def published() -> LaddersOfATest:
    return LaddersOfATest()


def step(*tell: str, when: str = "yellow") -> tuple[LadderStep, ...]:
    return (LadderStep(when=when, tell=tell),)


async def test_a_division_has_the_ladder_of_the_narrowest_one_around_it(published: LaddersOfATest) -> None:
    await published.publish(division="43", steps=step("supervision"))
    await published.publish(division="431226", steps=step("lead"))
    assert [
        told(published.read.rungs(division, MONDAY), "yellow", RungCase("accept_by"))
        for division in ("431226100", "431225", "110105")
    ] == [("lead",), ("supervision",), ()]


async def test_a_version_holds_from_its_day_on_and_the_one_before_until_then(published: LaddersOfATest) -> None:
    await published.publish(version=2, valid_from=MONDAY + DAY, steps=step("leader"))
    await published.publish(version=1, steps=step("lead"))
    assert [published.read.rungs("431226", at)[0].tell for at in (MONDAY, MONDAY + DAY)] == [("lead",), ("leader",)]


async def test_a_ladder_with_faults_is_named_in_the_log_and_does_not_hold(published: LaddersOfATest) -> None:
    await published.publish(version=1, steps=step("lead"))
    await published.publish(version=2, steps=step("mayor"))
    with capture_logs() as logs:
        assert published.read.rungs("431226", MONDAY)[0].tell == ("lead",)
    assert [(each["event"], each["key"], each["faults"]) for each in logs] == [
        ("ladder_refused", "ladder/431226@2", ("audience_unknown",))
    ]


async def test_a_light_says_who_hears_by_the_ladder_in_force_when_it_turns(published: LaddersOfATest) -> None:
    scene = Scene(ladders=published.read)
    await scene.hear(assigned())
    await scene.hear(accepted())
    await published.publish(steps=(*step("lead", "leader"), *step("unit", when="red")))
    await scene.later(10 * DAY)
    turned = [message.body for message in scene.facts([sla.LightChanged]) if message.body.clock == "c2"]
    assert [(each.new, each.tell) for each in turned] == [
        ("yellow", ("lead", "leader")),
        ("orange", ()),
        ("red", ("unit",)),
    ]


async def test_where_no_ladder_is_published_a_light_names_nobody() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(10 * DAY)
    assert {message.body.tell for message in scene.facts([sla.LightChanged])} == {()}
