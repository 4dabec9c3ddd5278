"""The time that each part of the tests took is added up."""

import pytest

from tests import durations


def report(nodeid: str, when: str, seconds: float) -> pytest.TestReport:
    return pytest.TestReport(nodeid, (nodeid, 1, ""), {}, "passed", None, when, (), seconds)  # type: ignore[arg-type]


def test_parts_are_added_up_with_their_set_up_the_longest_first() -> None:
    stats: dict[str, list[object]] = {
        "passed": [report("tests/unit/a.py::b", "call", 1.5), report("tests/acceptance/a.py::b", "call", 3)],
        "": [report("tests/acceptance/a.py::b", "setup", 40), report("tests/unit/sla/a.py::b", "teardown", 1)],
        "deselected": ["tests/unit/c.py"],
    }
    assert durations.by_part(stats) == {"acceptance": 43, "unit": 2.5}
    assert durations.line(stats) == "took: acceptance 43 s, unit 2 s"
