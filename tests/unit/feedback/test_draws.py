"""抽查: sizes by stated power, a seed nobody chooses, one order of doing things."""

from itertools import combinations
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.draws import (
    DRAWN_AT_MOST,
    DrawImpossible,
    DrawLine,
    commitment_of,
    digest_of,
    draw,
    sample_size,
    seed_of,
)
from contracts.envelope import Actor, WakeUp
from contracts.messages import draws as said
from runtime.change import Change, Ignore, Reject
from services.feedback.domain.draw.draws import Draw
from services.feedback.handlers.draws import DrawHandlers
from services.feedback.wiring import build_affairs
from services.feedback.workers.checks import CHECK_WITHIN, checks_of
from tests.facts.draws import DRAW, HEAD, NONCE, announce_draw, draw_sample, sample_drawn, supply_outside
from tests.facts.values import DAY, HOUR
from tests.harness import MONDAY, TICKET, Stage, decoded, fact, knock, request

END = MONDAY + 30 * DAY
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:s")


@pytest.mark.parametrize(
    ("population", "drawn"), [(0, 0), (1, 1), (10, 8), (20, 12), (50, 15), (100, 17), (1_000, 19), (600_000, 19)]
)
def test_the_sizes_of_a_sample_at_fifteen_percent_and_ninety_five(population: int, drawn: int) -> None:
    assert sample_size(population, 150, 95) == drawn


@given(population=st.integers(1, 9), permille=st.integers(1, 999), percent=st.integers(1, 99))
def test_a_size_is_the_least_that_misses_all_bad_ones_seldom_enough(
    population: int, permille: int, percent: int
) -> None:
    """Against every sample that there is."""
    bad = set(range(-(-population * permille // 1000)))

    def missed(size: int) -> float:
        samples = list(combinations(range(population), size))
        return sum(not bad & set(each) for each in samples) * 100 / len(samples)

    size = sample_size(population, permille, percent)
    assert missed(size) <= 100 - percent
    assert size == 0 or missed(size - 1) > 100 - percent


@given(population=st.integers(10, 5_000), permille=st.integers(1, 999), percent=st.integers(1, 99))
def test_a_size_agrees_with_the_closed_formula(population: int, permille: int, percent: int) -> None:
    bad = -(-population * permille // 1000)
    size = sample_size(population, permille, percent)
    misses = comb(population - bad, size) * 100 <= (100 - percent) * comb(population, size)
    before = comb(population - bad, size - 1) * 100 > (100 - percent) * comb(population, size - 1)
    assert misses
    assert before


@pytest.mark.parametrize(("permille", "percent"), [(0, 95), (1_000, 95), (150, 0), (150, 100)])
def test_impossible_rates_are_refused(permille: int, percent: int) -> None:
    with pytest.raises(DrawImpossible):
        sample_size(10, permille, percent)


LINES = [DrawLine(f"T{nth:03}", f"431226/{'URB' if nth % 3 else 'WTR'}/green") for nth in range(60)]
SEED = seed_of(NONCE, HEAD.hash, "")


@given(lines=st.permutations(LINES))
def test_a_draw_does_not_depend_on_the_order_of_its_lines(lines: list[DrawLine]) -> None:
    assert draw(lines, SEED, 150, 95) == draw(LINES, SEED, 150, 95)
    assert digest_of(lines) == digest_of(LINES)


def test_every_stratum_has_its_own_sample_and_an_empty_population_none() -> None:
    strata = draw(LINES, SEED, 150, 95)
    assert [(each.name, each.size, len(each.drawn)) for each in strata] == [
        ("431226/URB/green", 40, sample_size(40, 150, 95)),
        ("431226/WTR/green", 20, 12),
    ]
    assert draw([], SEED, 150, 95) == ()


@given(at=st.integers(0, 59), other=st.sampled_from(["dropped", "altered", "added"]))
def test_any_other_population_has_another_digest(at: int, other: str) -> None:
    lines = list(LINES)
    match other:
        case "dropped":
            del lines[at]
        case "altered":
            lines[at] = DrawLine(lines[at].ticket, lines[at].stratum + "x")
        case _:
            lines.append(DrawLine(f"X{at}", "431226/URB/green"))
    assert digest_of(lines) != digest_of(LINES)


@pytest.mark.parametrize("parts", [("other", HEAD.hash, ""), (NONCE, "00" * 32, ""), (NONCE, HEAD.hash, "03 11")])
def test_nonce_head_and_outside_each_change_the_seed(parts: tuple[str, str, str]) -> None:
    assert seed_of(*parts) != SEED


def test_the_same_population_is_drawn_differently_by_another_seed() -> None:
    other = seed_of("other", HEAD.hash, "")
    assert [each.drawn for each in draw(LINES, other, 150, 95)] != [each.drawn for each in draw(LINES, SEED, 150, 95)]


def a_draw(**changed: Any) -> Draw:
    given_: dict[str, Any] = dict(announce_draw()) | {"closes": END + HOUR}
    return Draw(**(given_ | changed))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ends": MONDAY}, "period_wrong"),
        ({"begins": END}, "period_wrong"),
        ({"begins": END - 400 * DAY}, "period_wrong"),
        ({"permille": 0}, "rates_wrong"),
        ({"percent": 100}, "rates_wrong"),
        ({"begins": MONDAY - 60 * DAY, "ends": MONDAY - DAY}, "announced_late"),
    ],
)
def test_a_draw_that_could_be_steered_or_makes_no_sense_is_not_announced(changed: dict[str, Any], code: str) -> None:
    asked = request(announce_draw(**changed), at=MONDAY, actor=SUPERVISOR, key=DRAW)
    found = DrawHandlers().on_announce_draw(None, asked, MONDAY)
    assert isinstance(found, Reject)
    assert (found.code, set(found.detail)) == (code, {"zh", "en"})


def test_a_key_names_one_draw() -> None:
    found = DrawHandlers().on_announce_draw(a_draw(), request(announce_draw(), actor=SUPERVISOR), MONDAY)
    assert isinstance(found, Reject)
    assert found.code == "announced_already"


@pytest.mark.parametrize(
    ("draw_", "code"),
    [
        (None, "no_draw"),
        (a_draw(is_closed=True), "outside_not_named"),
        (a_draw(outside="双色球"), "not_closed"),
        (a_draw(outside="双色球", is_closed=True, value="1"), "supplied_already"),
    ],
)
def test_a_value_from_outside_comes_once_after_the_closing_where_one_was_named(draw_: Draw | None, code: str) -> None:
    found = DrawHandlers().on_supply_outside(draw_, request(supply_outside()), END)
    assert isinstance(found, Reject)
    assert found.code == code


@pytest.mark.parametrize(
    ("draw_", "sample", "code"),
    [
        (None, {}, "no_draw"),
        (a_draw(), {}, "not_closed"),
        (a_draw(is_closed=True, outside="双色球"), {}, "outside_missing"),
        (a_draw(is_closed=True, seed="00"), {}, "drawn_already"),
        (a_draw(is_closed=True), {"nonce": "another"}, "other_nonce"),
        (
            a_draw(is_closed=True),
            {"strata": (said.DrawStratum(name="a", size=9, drawn=(TICKET,)),)},
            "other_sizes",
        ),
    ],
)
def test_a_sample_that_does_not_fit_its_announcement_is_refused(
    draw_: Draw | None, sample: dict[str, Any], code: str
) -> None:
    found = DrawHandlers().on_draw_sample(draw_, request(draw_sample(**sample)), END)
    assert isinstance(found, Reject)
    assert found.code == code


def test_more_than_one_message_can_carry_is_refused() -> None:
    strata = tuple(said.DrawStratum(name=f"{nth}", size=1, drawn=(TICKET,)) for nth in range(DRAWN_AT_MOST + 1))
    found = DrawHandlers().on_draw_sample(a_draw(is_closed=True), request(draw_sample(strata=strata)), END)
    assert isinstance(found, Reject)
    assert found.code == "too_many_drawn"


def test_a_knock_before_its_time_closes_nothing() -> None:
    body = WakeUp(service="feedback", due=END)
    assert DrawHandlers().on_wake_up(a_draw(), knock(body), END) == Ignore("not_due")
    assert isinstance(DrawHandlers().on_wake_up(a_draw(), knock(body), END + HOUR), Change)


async def test_from_the_announcement_to_the_sample_in_the_log_of_affairs() -> None:
    stage = Stage(build_affairs())
    stage.say(request(announce_draw(outside="双色球"), actor=SUPERVISOR, key=DRAW))
    await stage.run()
    assert stage.document(DRAW).wake_at == END + HOUR
    stage.pass_time(30 * DAY + HOUR)
    await stage.run()
    stage.say(request(supply_outside(), actor=SUPERVISOR, key=DRAW), request(draw_sample(), key=DRAW))
    await stage.run()
    told = stage.facts((said.DrawAnnounced, said.DrawClosed, said.OutsideSupplied, said.SampleDrawn), "affairs")
    assert [each.type for each in told] == ["DrawAnnounced", "DrawClosed", "OutsideSupplied", "SampleDrawn"]
    assert told[0].body.commitment == commitment_of(told[-1].body.nonce)
    assert told[-1].body.seed == seed_of(NONCE, HEAD.hash, told[2].body.value)


def test_each_drawn_matter_is_asked_to_be_checked_once() -> None:
    """Relayed twice, it is the same request."""
    stage = Stage(build_affairs())
    stage.say(fact(sample_drawn(), at=END, key=DRAW))
    (record,) = stage.log.of_topic("affairs")
    (asked,), (again,) = checks_of(record), checks_of(record)
    assert asked == again
    stage.log.append(asked)
    (request_,) = [decoded(each, said.CheckTicket) for each in stage.log.of_topic("tickets")]
    assert (request_.key, request_.to, request_.body.draw) == (TICKET, ("feedback",), DRAW)
    assert request_.body.due == END + CHECK_WITHIN
