"""What is stated of real messages is what is measured on them, wherever they are."""

from dataclasses import replace

import pytest

from benchmarks.stated import FILE, measured, page, stated
from docs.generator import reading


def test_the_stated_figures_are_those_that_are_measured() -> None:
    found = measured()
    if not found:
        pytest.skip("the real messages (../shared/data) are not here: the stated figures were not compared")
    assert [replace(each, dated="") for each in stated()] == found, "run python -m benchmarks.stated and make docs"


def test_the_file_is_what_the_command_writes() -> None:
    assert page(stated(), stated()[0].dated) == FILE.read_text("utf-8")


def test_every_figure_names_its_set_and_a_stated_one_its_date() -> None:
    rows = [line for line in reading.page().splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= len(stated()) + 4
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []
    assert all(each.dated and each.measured_on for each in stated())


def test_the_page_is_the_same_whether_the_messages_are_here_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    here = reading.page()
    monkeypatch.setattr("benchmarks.divisions.rows_of", list)
    monkeypatch.setattr("benchmarks.urgency.messages", list)
    assert reading.page() == here
