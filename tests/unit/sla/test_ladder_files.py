"""A file of ladders: every fault with its place and remedy; what can be read is sound."""

import json
import re
from typing import Any

import pytest

from services.sla.adapters.ladder_files import FAULTS, read
from services.sla.domain import rungs
from services.sla.domain.rungs import Rung
from tests.architecture.machine import PROJECT
from tests.harness import MONDAY

STEP: dict[str, Any] = {"when": "yellow", "tell": ["unit", "lead"], "kinds": ["complete_by"]}
LADDER: dict[str, Any] = {"division": "431226", "version": 1, "steps": [STEP]}


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"division": "431299"}, "/0/division"),
        ({"version": 0}, "/0/version"),
        ({"steps": [STEP | {"do": "punish"}]}, "/0/steps/0/do"),
        ({"steps": [STEP | {"level": "1"}]}, "/0/steps/0/level"),
        ({"steps": [STEP | {"tel": []}]}, "/0/steps/0/tel"),
        ({"steps": [STEP | {"when": "purple"}]}, "/0/steps"),
        ({"steps": [STEP | {"tell": []}]}, "/0/steps"),
        ({"steps": [STEP, STEP]}, "/0/steps"),
        ({"steps": [STEP | {"do": "order"}]}, "/0/steps"),
        ({"steps": [STEP] * 51}, "/0/steps"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(row: dict[str, Any], pointer: str) -> None:
    found = read(written(LADDER | row))
    assert [each.pointer for each in found.faults] == [pointer]
    assert all(each.zh and each.en for each in found.faults)
    assert not read(written(LADDER)).faults


def test_the_example_of_the_operations_page_can_be_published() -> None:
    page = (PROJECT / "docs/operations.md").read_text()
    *_, ladder = re.findall(r"```json\n(\[.*?)```", page, re.DOTALL)
    found = read(ladder.encode())
    assert (found.faults, len(found.editions[0].steps)) == ([], 5)


def test_one_version_is_written_once() -> None:
    assert [each.pointer for each in read(written(LADDER, LADDER)).faults] == ["/1/version"]


def test_every_rule_of_ladders_has_its_remedy() -> None:
    broken = (
        Rung("purple", (), ("sleep_by",), do="punish"),
        Rung("red", ("mayor",), do="order", level=1),
        Rung("red", ("unit",), ("answer_by",), do="order", level=1),
        Rung("before_due", ("unit",)),
        Rung("stuck", ("unit",), ("complete_by",), urgent=True, days=1),
        Rung("rework", ("unit",)),
    )
    assert set(rungs.faults(broken)) | {"level_out_of_range"} == FAULTS.keys()


def test_what_is_published_is_what_was_written() -> None:
    step = STEP | {"do": "order", "level": 2, "urgent": False}
    [ladder] = read(written(LADDER | {"steps": [step]})).editions.values()
    published = ladder.published(MONDAY)
    assert (published.steps[0].do, published.steps[0].level, published.steps[0].tell) == ("order", 2, ("unit", "lead"))
    assert ladder.key == "ladder/431226@1"
