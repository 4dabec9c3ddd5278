"""类方案: proposed by a unit, approved by another, inherited by what the unit accepts from then on."""

from typing import Any

import pytest

from contracts.envelope import Actor
from contracts.messages import class_plans as said
from contracts.messages import feedback
from contracts.vocabulary import supervision_of
from runtime.memory.log import InMemoryFollower
from runtime.process.configuration import Configuration, publication
from services.feedback.adapters.published import DirectoryOfLeads, RulesInForce
from services.feedback.domain.case import APPROVED, PENDING, REDRAFT, SUPERVISION_SEAT, CaseRefused, person_digest
from services.feedback.domain.plan import class_plans
from services.feedback.domain.plan.class_plans import (
    ClassPlan,
    ClassPlanDraft,
    ClassPlanInForce,
    StatedMeasure,
    inherited,
)
from services.feedback.domain.plan.review import PlanVerdict
from services.feedback.ports import NothingPublished
from services.feedback.wiring import build, build_affairs, relayed
from tests.facts.class_plans import (
    CLASS_PLAN,
    MEASURES,
    class_plan_approved,
    class_plan_published,
    propose_class_plan,
    review_class_plan,
)
from tests.facts.feedback import plan_ticket
from tests.facts.routing import accepted, unit_published
from tests.facts.values import CATEGORY, COUNTY, DAY, LEAD, OTHER, UNIT
from tests.harness import MONDAY, Stage, decoded, fact, request
from tests.unit.feedback.cases import STAFF, a_case

STATED = tuple(StatedMeasure(**dict(each)) for each in MEASURES)
LEAD_SEAT = frozenset({f"lead:{LEAD}"})
LEADER_OF_LINE = Actor(role="lead", unit=LEAD, division=COUNTY, principal="staff:lead")
STRANGER = Actor(role="lead", unit=OTHER, division=COUNTY, principal="staff:stranger")


def draft(**changed: Any) -> ClassPlanDraft:
    given = {"unit": UNIT, "division": COUNTY, "category": CATEGORY, "measures": STATED, "lead_unit": LEAD, "by": "d"}
    return ClassPlanDraft(**(given | changed))


def proposed(plan: ClassPlan | None = None, **changed: Any) -> ClassPlan:
    found = class_plans.propose(plan, draft(**changed))
    assert isinstance(found, ClassPlan)
    return found


def reviewed(plan: ClassPlan | None, **changed: Any) -> ClassPlan | CaseRefused:
    given: dict[str, Any] = {"version": 1, "approved": True, "grounds": (), "seats": LEAD_SEAT, "by": "another"}
    return class_plans.review(plan, PlanVerdict(**(given | changed)))


def code(result: object) -> str:
    return result.code if isinstance(result, CaseRefused) else ""


@pytest.mark.parametrize(
    ("lead_unit", "reviewer", "seat"),
    [
        (LEAD, LEAD, f"lead:{LEAD}"),
        (UNIT, supervision_of(COUNTY), SUPERVISION_SEAT),
        ("", supervision_of(COUNTY), SUPERVISION_SEAT),
    ],
)
def test_the_lead_unit_reviews_and_supervision_where_there_is_none_else(
    lead_unit: str, reviewer: str, seat: str
) -> None:
    plan = proposed(lead_unit=lead_unit)
    assert (plan.version, plan.review, plan.reviewer, plan.open_to, plan.in_force) == (1, PENDING, reviewer, seat, 0)


@pytest.mark.parametrize(
    ("measures", "refused"),
    [
        ((), "no_measures"),
        (STATED * 26, "too_many_measures"),
        ((StatedMeasure("去看", "班长", 0),), "wrong_days"),
        ((StatedMeasure("去看", "班长", 367),), "wrong_days"),
        ((StatedMeasure("去看", "班长", 366),), ""),
    ],
)
def test_what_a_class_plan_says_is_bounded(measures: tuple[StatedMeasure, ...], refused: str) -> None:
    assert code(class_plans.propose(None, draft(measures=measures))) == refused


@pytest.mark.parametrize(
    ("plan", "said_", "refused"),
    [
        (None, {}, "no_plan_to_review"),
        (proposed(), {"version": 2}, "other_version"),
        (proposed(), {"seats": frozenset({f"lead:{OTHER}"})}, "not_the_reviewer"),
        (proposed(), {"by": "d"}, "own_plan"),
        (proposed(), {"approved": False}, "no_grounds"),
        (proposed(), {"approved": False, "grounds": ("because",)}, "unknown_ground"),
        (reviewed(proposed()), {}, "no_plan_to_review"),
        (proposed(), {}, ""),
    ],
)
def test_another_person_of_the_reviewing_unit_reviews_the_newest_version(
    plan: Any, said_: dict[str, Any], refused: str
) -> None:
    assert code(reviewed(plan, **said_)) == refused


def test_what_is_in_force_stays_so_until_the_next_version_is_approved() -> None:
    first = reviewed(proposed())
    assert isinstance(first, ClassPlan)
    second = proposed(first)
    rejected = reviewed(second, version=2, approved=False, grounds=("too_late",))
    assert isinstance(rejected, ClassPlan)
    assert [each.in_force for each in (first, second, rejected)] == [1, 1, 1]
    assert (rejected.review, rejected.redrafts, rejected.open_to, rejected.proposed_by) == (REDRAFT, 1, "", "")
    ended = reviewed(proposed(rejected, measures=()), version=3)
    assert isinstance(ended, ClassPlan)
    assert (ended.review, ended.in_force, ended.redrafts) == (APPROVED, 0, 1)


PLAN = ClassPlanInForce(f"{UNIT}/{CATEGORY}@1", STATED)


def test_a_matter_inherits_it_as_its_first_plan_and_an_urgent_one_does_not() -> None:
    case = inherited(a_case(), PLAN)
    assert (case.plan_version, case.plan_mode, case.plan_review) == (1, "within_limit", APPROVED)
    assert (case.plan_measures, case.class_plan) == (2, PLAN.name)
    urgent, plain = a_case(is_urgent=True), a_case()
    assert (inherited(urgent, PLAN), inherited(plain, None)) == (urgent, plain)


class Line:
    """A directory in which everybody is led by one unit."""

    def lead_of(self, unit: str) -> str:
        return LEAD


async def test_from_the_proposal_to_what_is_published() -> None:
    stage = Stage(build_affairs(Line()))
    own = LEADER_OF_LINE.model_copy(update={"principal": STAFF.principal})
    first = request(propose_class_plan(), actor=STAFF, key=CLASS_PLAN)
    asked = [request(review_class_plan(), actor=each, key=CLASS_PLAN) for each in (STRANGER, own, LEADER_OF_LINE)]
    stage.say(first, *asked)
    await stage.run()
    told = stage.facts((said.ClassPlanProposed, said.ClassPlanApproved), "affairs")
    assert [each.type for each in told] == ["ClassPlanProposed", "ClassPlanApproved"]
    assert (told[0].body.reviewer, told[1].body.measures) == (LEAD, MEASURES)
    published = [each for record in stage.log.of_topic("affairs") for each in relayed(record)]
    assert [each.key for each in published] == [f"class-plan/{UNIT}/{CATEGORY}@1"]
    stage.log.append(published[0])
    (edition,) = [decoded(each, said.ClassPlanPublished) for each in stage.log.of_topic("configuration")]
    assert (edition.body.measures, edition.body.valid_from) == (MEASURES, told[1].at)


async def test_nobody_proposes_for_another_unit() -> None:
    stage = Stage(build_affairs(Line()))
    stage.say(request(propose_class_plan(unit=OTHER), actor=STAFF, key=CLASS_PLAN))
    await stage.run()
    assert stage.facts([said.ClassPlanProposed], "affairs") == []


def test_an_approval_that_is_relayed_twice_is_the_same_record() -> None:
    stage = Stage(build_affairs())
    stage.say(fact(class_plan_approved(), key=CLASS_PLAN))
    (record,) = stage.log.of_topic("affairs")
    assert relayed(record) == relayed(record) != []


class InForce(NothingPublished):
    """The class plan alone is published."""

    def class_plan(self, unit: str, category: str, at: object) -> ClassPlanInForce | None:
        return PLAN if (unit, category) == (UNIT, CATEGORY) else None


async def test_at_acceptance_the_plan_is_made_and_the_unit_may_make_its_own() -> None:
    stage = Stage(build(rules=InForce()))
    stage.say(fact(accepted()))
    await stage.run()
    (made,) = stage.facts([feedback.PlanMade])
    assert (made.body.class_plan, made.body.version, made.body.reviewer) == (PLAN.name, 1, "")
    assert [(each.of_class, each.due) for each in made.body.measures] == [
        (MEASURES[0], made.at + DAY),
        (MEASURES[1], made.at + 3 * DAY),
    ]
    stage.say(request(plan_ticket(), actor=STAFF))
    await stage.run()
    own = stage.facts([feedback.PlanMade])[-1].body
    assert (own.version, own.class_plan, stage.document().class_plan) == (2, "", "")


async def configured(stage: Stage, *bodies: Any) -> Configuration:
    for nth, body in enumerate(bodies):
        key = f"unit/{body.code}" if hasattr(body, "code") else f"class-plan/{nth}"
        stage.log.append(publication(key, body, "feedback", stage.clock))
    models = (said.ClassPlanPublished, type(unit_published()))
    configuration = Configuration(InMemoryFollower(stage.log, "configuration"), models)
    await configuration.catch_up()
    return configuration


async def test_the_narrowest_class_of_the_own_unit_is_inherited_once_it_holds_and_until_it_is_ended() -> None:
    wide = class_plan_published(category=CATEGORY[:3], version=7)
    ended = class_plan_published(version=2, measures=(), valid_from=MONDAY + 2 * DAY)
    rules = RulesInForce(await configured(Stage(build()), wide, class_plan_published(), ended))

    def name(at: Any, unit: str = UNIT, category: str = CATEGORY) -> str:
        plan = rules.class_plan(unit, category, at)
        return plan.name if plan else ""

    assert name(MONDAY) == f"{UNIT}/{CATEGORY}@1"
    assert name(MONDAY, category=f"{CATEGORY[:3]}.99") == f"{UNIT}/{CATEGORY[:3]}@7"
    assert [name(MONDAY - DAY), name(MONDAY, OTHER), name(MONDAY + 2 * DAY)] == ["", "", ""]


async def test_the_directory_says_who_leads_a_unit() -> None:
    leads = DirectoryOfLeads(await configured(Stage(build()), unit_published(code=UNIT, lead_unit=LEAD)))
    assert (leads.lead_of(UNIT), leads.lead_of("unheard")) == (LEAD, "")


def test_the_person_of_a_class_plan_is_known_within_it_alone() -> None:
    assert person_digest(CLASS_PLAN, "staff:a") != person_digest(f"{CLASS_PLAN}x", "staff:a")
