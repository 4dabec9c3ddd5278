"""Acceptance says whether a rule of the division asks for a plan, as it was in force then (E2, C3)."""

from collections.abc import Sequence

import pytest

from contracts.messages.reviews import PlanRulePublished
from contracts.messages.routing import TicketAccepted
from runtime.change import Change
from runtime.memory.log import InMemoryFollower
from runtime.process.configuration import Configuration, publication
from services.feedback.adapters.published import RulesInForce
from services.routing import wiring
from services.routing.adapters.published import PublishedPlanRules
from tests.facts.reviews import plan_rule_published
from tests.facts.routing import accept_ticket
from tests.facts.values import COUNTY, DAY
from tests.harness import MONDAY, Stage, request
from tests.unit.routing.matters import WATERWORKS, ThreeStandards, an_assignment, routing_service

OF_WATER = {"division": COUNTY, "categories": ("WTR",), "standards": (), "valid_from": MONDAY - DAY}


async def configured(*rules: PlanRulePublished) -> Configuration:
    stage = Stage(routing_service())
    for nth, rule in enumerate(rules):
        stage.log.append(publication(f"plan-rule/{nth}", rule, "feedback", stage.clock))
    configuration = Configuration(InMemoryFollower(stage.log, "configuration"), (PlanRulePublished,))
    await configuration.catch_up()
    return configuration


@pytest.mark.parametrize(
    ("rules", "asked"),
    [
        ((), False),
        (({},), True),
        (({"categories": ("LND",)},), False),
        (({"categories": (), "standards": ("WTR-01",)},), True),
        (({"valid_from": MONDAY + DAY},), False),
        (({}, {"version": 2, "categories": ()}), False),
        (({}, {"version": 2, "categories": (), "division": f"{COUNTY}999"}), True),
        (({"division": "431225"},), False),
    ],
    ids=["none", "category", "another", "standard", "later", "taken_back", "narrower_elsewhere", "other_county"],
)
async def test_an_acceptance_says_what_feedback_will_hold_the_unit_to(
    rules: Sequence[dict[str, object]], asked: bool
) -> None:
    configuration = await configured(*(plan_rule_published(**(OF_WATER | each)) for each in rules))
    service = wiring.build(ThreeStandards(), plans=PublishedPlanRules(configuration))
    accepted = request(accept_ticket(standard="WTR-01"), MONDAY, WATERWORKS, to=("routing",))
    change = service.reacts[type(accepted.body)](an_assignment(), accepted, MONDAY)
    assert isinstance(change, Change)
    (said,) = change.facts
    assert isinstance(said, TicketAccepted)
    assert said.plan_asked is asked
    held = RulesInForce(configuration).plan_rule(said.division, said.category, said.standard.code, MONDAY)
    assert held.asks is asked
