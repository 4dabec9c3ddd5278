"""What is in force for a place at an instant: the narrowest place around it, the newest edition that has begun."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.process.editions import in_force, key_of
from tests.harness import MONDAY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Printed:
    place: str
    version: int
    valid_from: datetime


WIDE, NARROW, NEWER = Printed("43", 1, MONDAY), Printed("4312", 1, MONDAY), Printed("43", 2, MONDAY + DAY)


@pytest.mark.parametrize(
    ("place", "at", "found"),
    [
        ("431226", MONDAY, NARROW),
        ("431226", MONDAY + 2 * DAY, NARROW),
        ("430100", MONDAY, WIDE),
        ("430100", MONDAY + DAY, NEWER),
        ("430100", MONDAY + DAY - timedelta(seconds=1), WIDE),
        ("44", MONDAY, None),
        ("431226", MONDAY - DAY, None),
    ],
)
def test_the_narrowest_place_and_the_newest_edition_decide(place: str, at: datetime, found: Printed | None) -> None:
    assert in_force([NEWER, WIDE, NARROW], lambda each: each.place, place, at) == found


@given(st.permutations([WIDE, NARROW, NEWER]), st.sampled_from(["4312", "43", "431226"]), st.integers(0, 3))
def test_the_order_of_publication_does_not_matter(said: list[Printed], place: str, days: int) -> None:
    at = MONDAY + days * DAY
    assert in_force(said, lambda each: each.place, place, at) == in_force(
        [WIDE, NARROW, NEWER], lambda each: each.place, place, at
    )


def test_an_edition_has_a_key_of_its_own() -> None:
    assert key_of("plan-rule", "4312", 2) == "plan-rule/4312@2"
