"""The work is with one level after another, each another person, until the last has passed it or one sends it back."""

from itertools import permutations
from typing import Any

import pytest

from contracts.envelope import Actor, RequestDecided
from contracts.lifecycle import TicketState
from contracts.messages import feedback, reviews
from contracts.vocabulary import leader_of, supervision_of
from services.feedback.domain.case import Case, CaseRefused, ChainLevel, seats_of
from services.feedback.domain.plan.plans import NO_RULE, PlanRule
from services.feedback.domain.review import chain
from services.feedback.wiring import build
from tests.facts.feedback import complete_ticket
from tests.facts.intake import withdraw_ticket
from tests.facts.reviews import review_completion
from tests.facts.routing import accepted
from tests.facts.values import DAY, DIVISION, LEAD, PHOTO, UNIT
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import STAFF, a_case

NOW = MONDAY + DAY


def level(kind: str, **changed: Any) -> ChainLevel:
    return ChainLevel(kind=kind, seat="", reviewer="", **changed)


HEAD, LEADING, OFFICE = level("unit_head"), level("lead"), level("supervision")


def under(*levels: ChainLevel, **changed: Any) -> Case:
    case = a_case(**changed)
    return chain.submitted(case, chain.chain_of(case, levels), "{}", "submitter", NOW)


def said(at: int, seats: set[str], by: str = "somebody", **changed: Any) -> chain.LevelVerdict:
    given: dict[str, Any] = {
        "round": 1,
        "level": at,
        "passed": True,
        "grounds": (),
        "seats": frozenset(seats),
        "by": by,
    }
    return chain.LevelVerdict(**(given | changed))


def code(found: object) -> str:
    return found.code if isinstance(found, CaseRefused) else ""


def reviewed(case: Case, verdict: chain.LevelVerdict) -> Case:
    found = chain.decide_review(case, verdict, NOW)
    assert isinstance(found, Case), found
    return found


@pytest.mark.parametrize(
    ("published", "reworks", "kinds"),
    [
        ((), 0, []),
        ((), 2, []),
        ((HEAD,), 0, ["unit_head"]),
        ((HEAD,), 1, ["unit_head", "lead"]),
        ((HEAD, LEADING), 1, ["unit_head", "lead"]),
        ((HEAD, LEADING), 2, ["unit_head", "lead", "supervision"]),
        ((HEAD, OFFICE), 2, ["unit_head", "supervision"]),
        ((HEAD, OFFICE), 1, ["unit_head", "supervision", "lead"]),
    ],
)
def test_a_rework_has_the_lead_unit_and_then_supervision_in_its_chain(
    published: tuple[ChainLevel, ...], reworks: int, kinds: list[str]
) -> None:
    assert [each.kind for each in chain.chain_of(a_case(reworks=reworks), published)] == kinds


def test_each_level_has_its_seat() -> None:
    leader = level("leader")
    seats = [(each.seat, each.reviewer) for each in chain.chain_of(a_case(), (HEAD, LEADING, leader, OFFICE))]
    assert seats == [
        (f"unit_head:{UNIT}", UNIT),
        (f"lead:{LEAD}", LEAD),
        ("leader", leader_of(DIVISION)),
        ("supervision", supervision_of(DIVISION)),
    ]
    own = chain.chain_of(a_case(lead_unit=UNIT), (LEADING,))
    assert own[0].seat == "supervision", "no lead unit reviews its own work"


@pytest.mark.parametrize(
    ("levels", "opened"),
    [
        ((HEAD, LEADING, OFFICE), (0,)),
        ((level("unit_head", together=True), level("lead", together=True), OFFICE), (0, 1)),
        ((level("unit_head", together=True), LEADING, level("supervision", together=True)), (0,)),
        ((level("unit_head", passed_by="x"), LEADING), (1,)),
        ((level("lead", together=True, passed_by="x"), level("leader", together=True), OFFICE), (1,)),
        ((level("unit_head", passed_by="x"),), ()),
    ],
)
def test_whose_turn_it_is(levels: tuple[ChainLevel, ...], opened: tuple[int, ...]) -> None:
    assert chain.open_levels(levels) == opened


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_levels_marked_together_pass_in_any_order(order: tuple[int, ...]) -> None:
    case = under(*(level(kind, together=True) for kind in ("unit_head", "lead", "supervision")))
    seats = {1: f"unit_head:{UNIT}", 2: f"lead:{LEAD}", 3: "supervision"}
    for at in order:
        case = reviewed(case, said(at, {seats[at]}, by=f"person {at}"))
    assert chain.open_levels(case.review_levels) == ()
    assert case.open_to == ()


@pytest.mark.parametrize(
    ("verdict", "refused"),
    [
        (said(1, {f"unit_head:{UNIT}"}), ""),
        (said(1, {f"unit_head:{UNIT}"}, by="submitter"), "four_eyes"),
        (said(1, {f"lead:{LEAD}"}), "not_this_level"),
        (said(1, {"unit_head:431226-JY"}), "not_this_level"),
        (said(2, {f"lead:{LEAD}"}), "level_not_open"),
        (said(3, {f"lead:{LEAD}"}), "unknown_level"),
        (said(1, {f"unit_head:{UNIT}"}, round=2), "other_round"),
        (said(1, {f"unit_head:{UNIT}"}, passed=False), "no_grounds"),
        (said(1, {f"unit_head:{UNIT}"}, passed=False, grounds=("too_late",)), "unknown_ground"),
        (said(1, {f"unit_head:{UNIT}"}, passed=False, grounds=("untrue",)), ""),
    ],
)
def test_who_may_speak_at_a_level(verdict: chain.LevelVerdict, refused: str) -> None:
    assert code(chain.decide_review(under(HEAD, LEADING), verdict, NOW)) == refused


def test_neither_twice_nor_by_who_passed_an_earlier_level() -> None:
    case = reviewed(under(HEAD, LEADING), said(1, {f"unit_head:{UNIT}"}, by="one"))
    assert code(chain.decide_review(case, said(1, {f"unit_head:{UNIT}"}, by="other"), NOW)) == "passed_already"
    assert code(chain.decide_review(case, said(2, {f"lead:{LEAD}"}, by="one"), NOW)) == "four_eyes"
    assert code(chain.decide_review(case, said(2, {f"lead:{LEAD}"}, by="two"), NOW)) == ""


@pytest.mark.parametrize(("reworks", "back"), [(0, TicketState.IN_HAND), (1, TicketState.REWORK)])
def test_a_rejection_leads_back_and_leaves_nothing_of_the_review(reworks: int, back: TicketState) -> None:
    case = under(HEAD, LEADING, reworks=reworks, rejections=1)
    case = reviewed(case, said(1, {f"unit_head:{UNIT}"}, by="one"))
    found = reviewed(case, said(2, {f"lead:{LEAD}"}, by="two", passed=False, grounds=("untrue",)))
    assert (found.state, found.rejections) == (back, 2)
    assert (found.review_levels, found.submission, found.submitted_by, found.open_to) == ((), "", "", ())


def test_a_deputy_sits_in_the_level_that_names_them() -> None:
    case = under(level("unit_head", deputies=("staff:deputy",)))
    assert code(chain.decide_review(case, said(1, set(seats_of("unit", UNIT, "staff:deputy"))), NOW)) == ""
    assert code(chain.decide_review(case, said(1, set(seats_of("unit", UNIT, "staff:other"))), NOW)) == (
        "not_this_level"
    )


def test_nothing_is_reviewed_that_is_not_under_review() -> None:
    assert code(chain.decide_review(a_case(), said(1, {"supervision"}), NOW)) == "not_under_review"


class Reviewed:
    """Rules under which the head of the unit and the lead unit look at everything."""

    def plan_rule(self, division: str, category: str, standard: str, at: object) -> PlanRule:
        return NO_RULE

    def chain(self, division: str, category: str, at: object) -> tuple[ChainLevel, ...]:
        return (HEAD, LEADING)

    def class_plan(self, unit: str, category: str, at: object) -> None:
        return None


def person(role: str, unit: str, name: str = "") -> Actor:
    return Actor(role=role, unit=unit, division="431226", principal=f"staff:{name or role}")


def passing(at: int, **changed: Any) -> reviews.ReviewCompletion:
    return review_completion(level=at, **changed)


async def staged(*asked: tuple[Any, Actor], **matter: Any) -> Stage:
    stage = Stage(build(rules=Reviewed()))
    stage.say(fact(accepted(**matter)))
    for nth, (body, who) in enumerate(((complete_ticket(), STAFF), *asked), start=1):
        stage.say(request(body, at=MONDAY + nth * DAY, actor=who))
    await stage.run()
    return stage


SAID = (
    reviews.CompletionSubmitted,
    reviews.ReviewPassed,
    reviews.ReviewRejected,
    feedback.TicketCompleted,
)


async def test_the_reporters_are_asked_once_the_last_level_has_passed_it() -> None:
    stage = await staged((passing(1), person("head", UNIT)), (passing(2), person("lead", LEAD)))
    said_ = [each.body for each in stage.facts(SAID)]
    assert [type(each).__name__ for each in said_] == [
        "CompletionSubmitted", "ReviewPassed", "ReviewPassed", "TicketCompleted",
    ]  # fmt: skip
    assert [(each.level, each.next) for each in said_[1:3]] == [(1, 2), (2, 0)]
    assert (said_[3].explanation, said_[3].evidence) == ("sealed", (PHOTO,))
    case = stage.document()
    assert (case.state, case.submission, case.review_levels) == (TicketState.AWAITING_EVALUATION, "", ())


async def test_while_it_is_under_review_the_unit_does_nothing_and_the_filer_may_withdraw() -> None:
    stage = await staged((complete_ticket(), STAFF), (withdraw_ticket(), STAFF))
    outcomes = [each.body.code for each in stage.facts([RequestDecided])]
    assert outcomes == ["accepted", "not_in_hand", "accepted"]
    assert (stage.document().state, stage.document().submission) == (TicketState.WITHDRAWN, "")


async def test_a_rejection_says_why_and_the_unit_submits_again_in_the_same_round() -> None:
    rejected = passing(1, passed=False, grounds=("untrue", "answer_unclear"), words="sealed")
    stage = await staged((rejected, person("head", UNIT)), (complete_ticket(), STAFF))
    found = stage.facts([reviews.ReviewRejected])[0].body
    assert (found.level, found.grounds, found.count, found.kind) == (1, ("untrue", "answer_unclear"), 1, "unit_head")
    assert [each.body.round for each in stage.facts([reviews.CompletionSubmitted])] == [1, 1]


async def test_an_urgent_matter_has_no_chain() -> None:
    stage = await staged(urgent=True)
    assert [type(each.body).__name__ for each in stage.facts(SAID)] == ["TicketCompleted"]
