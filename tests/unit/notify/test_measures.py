"""The unit hears which measures of its plan turned, in one letter; once the work is done nobody hears of them."""

from typing import Any

import pytest

from contracts.envelope import Message
from services.notify.domain import audiences
from services.notify.domain.digests import TASKS
from tests.facts.schemes import measure_light_changed
from tests.facts.values import UNIT
from tests.harness import fact
from tests.unit.notify.matters import assigned, completed, registered
from tests.unit.notify.said import after

KNOWN = (registered(), assigned())


def turned(new: str, *indices: int) -> Message[Any]:
    return fact(measure_light_changed(new=new, indices=indices or (1, 2)))


@pytest.mark.parametrize("colour", ["yellow", "orange", "red"])
def test_the_unit_hears_of_all_that_turned_at_once(colour: str) -> None:
    told = [each for each in after(*KNOWN, turned(colour)).items if each.kind == f"measure_{colour}"]
    assert [(each.audience, each.to, dict(each.values)["measures"]) for each in told] == [("unit", UNIT, "1、2")]
    assert f"measure_{colour}" in TASKS


def test_what_waits_is_dropped_once_the_work_is_done() -> None:
    post = after(*KNOWN, turned("red"), completed())
    assert {each.state for each in post.items if each.kind == "measure_red"} == {"dropped"}


def test_a_letter_has_room_for_the_measures_of_the_longest_plan() -> None:
    assert audiences.numbered(tuple(range(43, 51))) == "43、44、45、46、47、48、49、50"
    assert audiences.numbered(tuple(range(1, 51))) == "1、2、3、4、5、6、7、8…"
