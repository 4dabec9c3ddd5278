"""When the gate shuts: what a ticket costs beside the base, judged by the median of the pairs."""

import orjson
import pytest

from benchmarks import beside
from benchmarks.beside import ORDERS
from benchmarks.turns import Measurement, TicketLoad
from benchmarks.verdict import AT_MOST, MeasuredRound, TooFewRounds, by_service, compared, failures

FLOOR = Measurement(900.0, {"mongod": 0.7, "a": 0.2})


def turn(notify: float = 1.2, mongod: float = 1.1, rate: float = 400.0, **more: float) -> Measurement:
    return Measurement(rate, {"notify loop": notify, "mongod": mongod, **more})


def rounds(*pairs: tuple[Measurement, Measurement]) -> list[MeasuredRound]:
    return [MeasuredRound(FLOOR, base, here) for base, here in pairs]


SAME = rounds(*[(turn(), turn())] * 3)


def test_the_same_cost_opens_the_gate() -> None:
    assert failures({"office": SAME, "night": SAME}) == []


@pytest.mark.parametrize(("factor", "is_shut"), [(0.50, False), (AT_MOST - 0.001, False), (AT_MOST + 0.001, True)])
def test_the_bound_is_on_the_sum_of_all_processes(factor: float, is_shut: bool) -> None:
    dear = turn(notify=1.2 * factor, mongod=1.1 * factor)
    assert bool(failures({"office": rounds(*[(turn(), dear)] * 3)})) is is_shut


def test_a_failure_names_the_hour_the_figures_and_the_process_that_grew() -> None:
    said = failures({"office": SAME, "night": rounds(*[(turn(), turn(notify=1.5))] * 3)})
    assert said == ["night: 2.60 ms a ticket beside 2.30 (1.13 ×, at most 1.05); most grew: notify 1.50 ms beside 1.20"]


def test_the_process_that_grew_most_comes_first_and_what_shrank_is_not_named() -> None:
    dear = turn(notify=1.0, mongod=1.5, **{"sla loop": 0.3})
    (said,) = failures({"office": rounds(*[(turn(), dear)] * 3)})
    assert said.endswith("most grew: mongod 1.50 ms beside 1.10, sla 0.30 ms beside 0.00")


def test_a_process_that_is_new_in_this_tree_counts() -> None:
    split = turn(notify=0.9, **{"notify feed": 0.6})
    (said,) = failures({"office": rounds(*[(turn(), split)] * 3)})
    assert "notify 1.50 ms beside 1.20" in said


def test_a_service_that_was_split_and_costs_the_same_opens_the_gate() -> None:
    assert failures({"office": rounds(*[(turn(), turn(notify=0.7, **{"notify feed": 0.5}))] * 3)}) == []
    assert by_service({"notify loop": 0.75, "notify feed": 0.5}) == {"notify": 1.25}


def test_one_slow_round_of_three_does_not_shut_the_gate() -> None:
    assert failures({"office": [*SAME[:2], *rounds((turn(), turn(notify=9.0)))]}) == []


def test_a_machine_that_drifts_does_not_count_because_pairs_are_compared() -> None:
    slow = [(turn(1.2 * drift, 1.1 * drift), turn(1.2 * drift, 1.1 * drift)) for drift in (1.0, 1.5, 2.0)]
    assert failures({"office": rounds(*slow)}) == []


def test_a_gain_at_one_hour_does_not_pay_for_the_other() -> None:
    cheap, dear = rounds(*[(turn(), turn(notify=0.1))] * 3), rounds(*[(turn(), turn(notify=1.5))] * 3)
    assert [said.partition(":")[0] for said in failures({"office": cheap, "night": dear})] == ["night"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_rounds_give_no_verdict(count: int) -> None:
    with pytest.raises(TooFewRounds, match="--rounds 3"):
        failures({"office": SAME[:count]})


def test_a_figure_that_a_side_does_not_have_is_no_ratio() -> None:
    notify = compared(SAME, lambda each: each.costs.get("notify loop"))
    assert (notify.to_base, notify.floor, notify.to_floor) == (1.0, None, None)
    assert compared(SAME, lambda each: each.counts.get("messages")).to_base is None


def test_rates_are_compared_as_medians_of_pairs() -> None:
    pairs = [(turn(rate=100), turn(rate=170)), (turn(rate=200), turn(rate=400)), (turn(rate=50), turn(rate=90))]
    rate = compared(rounds(*pairs), lambda each: each.rate)
    assert (rate.here, rate.base) == (170, 100)
    assert rate.to_base == pytest.approx(1.8)


def test_in_three_rounds_each_side_has_each_place_once_and_in_six_each_order_comes_once() -> None:
    assert all({order[place] for order in ORDERS[:3]} == {"floor", "base", "here"} for place in range(3))
    assert len(set(ORDERS)) == len(ORDERS) == 6


def test_the_report_has_a_row_for_what_only_one_side_has() -> None:
    split = turn(notify=0.9, **{"notify feed": 0.3})
    printed = "\n".join(beside.lines({"office": rounds(*[(turn(), split)] * 3)}))
    assert "office, a ticket, medians of 3 rounds" in printed
    assert [line.split()[:3] for line in printed.splitlines() if "notify feed" in line] == [["notify", "feed", "0.30"]]


def test_what_is_written_holds_every_turn_and_what_was_made_of_it() -> None:
    plain = orjson.loads(orjson.dumps(beside.plain("abc", "def", TicketLoad(500, 100), {"office": SAME})))
    assert (plain["base"], plain["here"], plain["tickets"]) == ("abc", "def", 500)
    assert len(plain["hours"]["office"]["rounds"]) == 3
    assert plain["hours"]["office"]["compared"]["processor ms"]["to_base"] == 1.0
