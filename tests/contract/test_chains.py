"""Whose turn it is in a chain of reviews: one rule for feedback, sla and notify."""

import pytest

from contracts.chains import open_levels


@pytest.mark.parametrize(
    ("together", "passed", "turn"),
    [
        ([], (), ()),
        ([False], (), (0,)),
        ([False, False], (), (0,)),
        ([False, False], (0,), (1,)),
        ([False, False], (0, 1), ()),
        ([True, True, False], (), (0, 1)),
        ([True, True, False], (1,), (0,)),
        ([True, True, False], (0,), (1,)),
        ([True, True, False], (0, 1), (2,)),
        ([False, True, True], (), (0,)),
        ([False, True, True], (0,), (1, 2)),
        ([True, False, True], (), (0,)),
    ],
)
def test_it_is_the_turn_of_the_first_and_of_those_it_goes_together_with(
    together: list[bool], passed: tuple[int, ...], turn: tuple[int, ...]
) -> None:
    assert open_levels(together, passed) == turn
