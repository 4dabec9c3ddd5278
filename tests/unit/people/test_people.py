"""The simulated people: shares, determinism, and that nobody is left without a way to the end."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import CHINA
from simulation.people import DAY, EVENING, HOMELESS, MORNING, Act, People, SeenStage, StageReached, Wish, by_day

MONDAY = datetime(2026, 3, 2, tzinfo=CHINA)
PEOPLE = People(seed=1)
MANY = [f"T{number:05d}" for number in range(4000)]
UNIT = "431226-GS"


def acts(wishes: Iterable[Wish]) -> list[Act]:
    return [wish.act for wish in wishes]


def share(of: Counter[str], what: str) -> float:
    return of[what] / sum(of.values())


def test_units_accept_most_return_some_once_and_ignore_a_few() -> None:
    seen = [StageReached(ticket=ticket, stage=SeenStage.ASSIGNED, unit=UNIT) for ticket in MANY]
    answers = Counter("/".join(acts(PEOPLE.decide(each))) for each in seen)
    assert share(answers, "accept") == pytest.approx(0.85, abs=0.02)
    assert share(answers, "return") == pytest.approx(0.10, abs=0.02)
    assert share(answers, "") == pytest.approx(0.05, abs=0.02)


def test_reporters_are_satisfied_dissatisfied_once_or_silent() -> None:
    def moods(nth: int) -> Counter[str]:
        seen = [StageReached(ticket=ticket, stage=SeenStage.AWAITING_EVALUATION, nth=nth) for ticket in MANY]
        return Counter("/".join(str(wish.solved) for wish in PEOPLE.decide(each)) for each in seen)

    first, second = moods(1), moods(2)
    assert share(first, "True") == pytest.approx(0.80, abs=0.02)
    assert share(first, "False") == pytest.approx(0.15, abs=0.02)
    assert share(first, "") == share(second, "") == pytest.approx(0.05, abs=0.02)
    assert second["False"] == 0


@given(st.sampled_from(MANY), st.sampled_from(list(SeenStage)), st.integers(1, 3), st.integers(0, 99))
def test_the_same_people_decide_the_same_whatever_was_asked_before(
    ticket: str, stage: SeenStage, nth: int, seed: int
) -> None:
    seen = StageReached(ticket=ticket, stage=stage, nth=nth, unit=UNIT, state="in_hand")
    people = People(seed=seed)
    first = people.decide(seen)
    people.decide(StageReached(ticket="another", stage=SeenStage.ASSIGNED))
    assert people.decide(seen) == first == People(seed=seed).decide(seen)


@given(st.timedeltas(timedelta(), 3 * DAY), st.timedeltas(timedelta(), DAY))
def test_nobody_acts_at_night_and_nothing_changes_its_order(since: timedelta, later: timedelta) -> None:
    asked = (MONDAY + since).astimezone(UTC)
    done = by_day(asked)
    assert asked <= done < asked + DAY
    assert MORNING <= done.astimezone(CHINA).time() < EVENING
    assert done == asked or done.astimezone(CHINA).time() == MORNING
    assert done <= by_day(asked + later)


@given(st.sampled_from(MANY), st.sampled_from(list(SeenStage)), st.booleans())
def test_nobody_acts_before_the_news_and_work_is_done_in_order(ticket: str, stage: SeenStage, urgent: bool) -> None:
    wishes = PEOPLE.decide(StageReached(ticket=ticket, stage=stage, unit=UNIT, urgent=urgent, state="in_hand"))
    assert all(wish.after > timedelta() for wish in wishes)
    if Act.COMPLETE in acts(wishes):
        done = [wish.act for wish in sorted(wishes, key=lambda wish: wish.after)]
        assert [act for act in done if act != Act.CONTACT] == [Act.PLAN, Act.PROGRESS, Act.COMPLETE]


def test_whoever_did_nothing_does_it_after_an_order() -> None:
    idle = [t for t in MANY if not PEOPLE.decide(StageReached(ticket=t, stage=SeenStage.ASSIGNED, unit=UNIT))]
    tardy = [t for t in MANY if not PEOPLE.decide(StageReached(ticket=t, stage=SeenStage.IN_HAND, unit=UNIT))]
    assert len(idle) > 100
    assert len(tardy) > 100
    for ticket in idle:
        assert acts(
            PEOPLE.decide(StageReached(ticket=ticket, stage=SeenStage.ORDERED, unit=UNIT, state="assigned"))
        ) == ["accept"]
    for ticket in tardy:
        order = StageReached(ticket=ticket, stage=SeenStage.ORDERED, unit=UNIT, state="in_hand")
        assert acts(PEOPLE.decide(order)) == ["plan", "progress", "complete"]


def test_an_order_does_not_hurry_whoever_is_at_work_already() -> None:
    for ticket in MANY[:500]:
        for state in ("assigned", "in_hand", "rework", "awaiting_evaluation"):
            order = StageReached(ticket=ticket, stage=SeenStage.ORDERED, unit=UNIT, state=state, state_nth=2)
            if PEOPLE.decide(StageReached(ticket=ticket, stage=SeenStage(state), nth=2, unit=UNIT)):
                assert PEOPLE.decide(order) == ()


def test_a_matter_is_returned_at_most_twice_and_seldom_twice() -> None:
    def returned(returns: int) -> int:
        seen = [StageReached(ticket=t, stage=SeenStage.ASSIGNED, nth=returns + 1, returns=returns) for t in MANY]
        return sum(acts(PEOPLE.decide(each)) == ["return"] for each in seen)

    assert 0 < returned(1) < returned(0)
    assert returned(2) == 0


@pytest.mark.parametrize(("stage", "role"), [(SeenStage.QUEUED, "lead"), (SeenStage.DISPUTED, "supervisor")])
def test_the_lead_unit_hands_out_and_the_supervision_office_decides(stage: SeenStage, role: str) -> None:
    (wish,) = PEOPLE.decide(StageReached(ticket="T", stage=stage, candidates=(UNIT,)))
    assert (wish.act, wish.role, wish.unit) == (Act.ASSIGN, role, UNIT)
    (without,) = PEOPLE.decide(StageReached(ticket="T", stage=stage))
    assert (without.unit, without.category, wish.category) == (PEOPLE.homes[0], HOMELESS, "")
    assert bool(wish.words) is (role == "supervisor")
    back = (UNIT, PEOPLE.homes[0])
    (elsewhere,) = PEOPLE.decide(StageReached(ticket="T", stage=stage, candidates=(UNIT,), returned_by=back))
    assert elsewhere.unit == PEOPLE.homes[1]


def test_every_voter_of_a_collective_matter_has_a_mind_of_its_own() -> None:
    wishes = [
        wish
        for t in MANY[:200]
        for wish in PEOPLE.decide(StageReached(ticket=t, stage=SeenStage.AWAITING_EVALUATION, voters=5))
    ]
    assert {wish.voter for wish in wishes} == set(range(5))
    assert len({wish.grade for wish in wishes}) > 2


def test_silent_filers_are_asked_and_a_second_call_ends_it() -> None:
    (wish,) = PEOPLE.decide(StageReached(ticket="T", stage=SeenStage.CALL, nth=2))
    assert (wish.act, wish.role, wish.solved) == (Act.LOOK_BACK, "clerk", True)


def test_spot_checks_fail_now_and_then_and_only_once() -> None:
    def failed(nth: int) -> int:
        return sum(bool(PEOPLE.decide(StageReached(ticket=t, stage=SeenStage.STRUCK_OFF, nth=nth))) for t in MANY)

    assert 40 < failed(1) < 130
    assert failed(2) == 0
