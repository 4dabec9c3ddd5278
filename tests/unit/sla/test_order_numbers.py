"""Each form in which an order is numbered is taken by the doors where it is answered and lifted."""

import re

import pytest

from services.sla.domain import order_numbers
from tests.facts.values import NUMBER

MADE = (
    order_numbers.of_clock(NUMBER, "c2", 1),
    order_numbers.of_step(NUMBER, "c2", 2),
    order_numbers.by_hand(NUMBER, 1),
    order_numbers.of_stuck(NUMBER, 3),
    order_numbers.of_rework(NUMBER, 3),
)


@pytest.mark.parametrize("number", MADE)
def test_a_number_that_is_made_is_taken_at_the_door(number: str) -> None:
    assert re.fullmatch(order_numbers.PATTERN, number)
    assert number.partition("-")[0] == NUMBER


@pytest.mark.parametrize("end", ["", "c2", "c2-", "c2-x2", "r", "r3-1", "x1", "m1"])
def test_what_no_order_is_called_is_refused(end: str) -> None:
    assert not re.fullmatch(order_numbers.PATTERN, f"{NUMBER}-{end}")
