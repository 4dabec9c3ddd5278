"""A unit whose duties have no standard is given nothing; what waits for it goes on by itself once it has (C1)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from contracts.envelope import Body, Message
from contracts.messages.coverage import CoverageFound
from contracts.messages.routing import AssignmentQueued, TicketAssigned, UnitPublished
from runtime.change import Change, Ignore, Reject
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.routing import wiring
from services.routing.adapters import packaged
from services.routing.adapters.published import PublishedDirectory
from services.routing.domain.assignment.assignment import AssignmentState
from services.routing.domain.assignment.coverage import LOOK_AGAIN, NOT_LIVE, wake_at
from tests.facts.coverage import coverage_found
from tests.facts.envelope import wake_up
from tests.facts.intake import registered
from tests.facts.routing import assign_ticket, unit_published
from tests.facts.values import COUNTY, OTHER
from tests.harness import MONDAY, Stage, fact, knock, request
from tests.unit.routing.matters import DRY, SUPERVISION, WATER, ThreeStandards, an_assignment

LACKING, WHOLE = coverage_found(unit=WATER), coverage_found(unit=WATER, version=2, missing=0)


async def opened(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
    return {message.id: DRY for message in messages}


class CoveredTown(Stage):
    """Routing beside a configuration that says which units lack standards."""

    def __init__(self) -> None:
        self.topic = InMemoryLog()
        follower = InMemoryFollower(self.topic, "configuration")
        self.configuration = Configuration(follower, (UnitPublished, CoverageFound))
        self.directory = PublishedDirectory(packaged.directory(), self.configuration)
        super().__init__(wiring.build(ThreeStandards(), prepare=opened, directory=self.directory))

    async def found(self, *said: Body, key: str = f"coverage/{WATER}") -> None:
        for each in said:
            self.topic.append(publication(key, each, "sla", self.clock))
        await self.configuration.catch_up()

    def decided(self, document: Any, message: Message[Any]) -> Any:
        return self.service.reacts[type(message.body)](document, message, message.at)


async def test_a_matter_waits_while_its_unit_lacks_standards_and_goes_on_by_itself() -> None:
    town = CoveredTown()
    await town.found(LACKING)
    town.say(fact(registered(), seq=1))
    await town.run()
    [queued] = town.facts([AssignmentQueued])
    assert (queued.body.reason, [each.unit for each in queued.body.candidates]) == (NOT_LIVE, [WATER])
    town.pass_time(LOOK_AGAIN)
    await town.run()
    assert (town.document().state, town.facts([TicketAssigned])) == (AssignmentState.QUEUED, [])
    await town.found(WHOLE)
    town.pass_time(LOOK_AGAIN - timedelta(seconds=1))
    await town.run()
    assert town.facts([TicketAssigned]) == []
    town.pass_time(timedelta(seconds=1))
    await town.run()
    [assigned] = town.facts([TicketAssigned])
    assert (assigned.body.unit, assigned.body.category, assigned.body.hop) == (WATER, "WTR.01", 1)
    assert assigned.body.reasons == (f"live:{WATER}",)
    assert wake_at(town.document()) is None


async def test_without_a_word_about_a_unit_it_is_given_its_matters() -> None:
    town = CoveredTown()
    await town.found(coverage_found(unit=OTHER), key=f"coverage/{OTHER}")
    town.say(fact(registered(), seq=1))
    await town.run()
    [assigned] = town.facts([TicketAssigned])
    assert assigned.body.unit == WATER


async def test_one_that_only_a_general_standard_covers_is_live() -> None:
    town = CoveredTown()
    await town.found(coverage_found(unit=WATER, missing=0, general=3))
    unit = town.directory.unit(WATER)
    assert unit is not None
    assert unit.is_live


async def test_nobody_hands_a_matter_to_it_by_hand_either() -> None:
    town = CoveredTown()
    await town.found(LACKING)
    waiting = an_assignment(state=AssignmentState.QUEUED, unit="", reason=NOT_LIVE, candidates=(WATER,))
    given = request(assign_ticket(unit=WATER), MONDAY, SUPERVISION)
    refused = town.decided(waiting, given)
    assert isinstance(refused, Reject)
    assert refused.code == NOT_LIVE
    assert all("/v1/standards/gaps" in said for said in refused.detail.values())
    await town.found(WHOLE)
    assert isinstance(town.decided(waiting, given), Change)


async def test_a_knock_finds_a_matter_that_somebody_assigned_meanwhile_and_does_nothing() -> None:
    town = CoveredTown()
    waited = an_assignment(candidates=(WATER,), look_at=MONDAY)
    assert town.decided(waited, knock(wake_up(service="routing"))) == Ignore("not_due")
    withdrawn = an_assignment(state=AssignmentState.WITHDRAWN, reason=NOT_LIVE, look_at=MONDAY)
    assert wake_at(withdrawn) is None


async def test_a_unit_that_was_published_here_says_what_it_lacks() -> None:
    town, code = CoveredTown(), f"{COUNTY}-NEW"
    await town.found(unit_published(code=code, division=COUNTY), key=f"unit/{code}")
    await town.found(coverage_found(unit=code, missing=3), key=f"coverage/{code}")
    assert [unit.missing for unit in town.directory.units(COUNTY) if unit.code == code] == [3]
    assert {unit.missing for unit in town.directory.units(COUNTY) if unit.code != code} == {0}
