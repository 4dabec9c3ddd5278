"""The table of faults: every row has its test and its tooth."""

import ast
from pathlib import Path

import pytest

from deploy.local.state import ROOT
from docs.generator import faults

FOLDER = ROOT / "tests/faults"
RESULT = {"acknowledged": 2000, "lost": 0, "recovered": 7.5, "on": "2026-12-01"}
ROW = {"what": "a fault", "test": "t", "without": "harm", "teeth": "t"}


def faults_tried_in(folder: Path) -> set[str]:
    """Every test of a folder as ``file::name``."""
    return {
        f"{path.name}::{node.name}"
        for path in folder.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_every_row_names_tests_that_there_are() -> None:
    named = {row[part] for row in faults.rows().values() for part in ("test", "teeth")}
    assert named - faults_tried_in(FOLDER) == set()
    assert len(named) > 10


def test_a_row_shows_what_its_last_run_came_to_and_a_dash_for_the_rest() -> None:
    first, second = faults.table({"a": ROW, "b": ROW}, {"a": RESULT}).splitlines()[-2:]
    assert first == "| a fault | 2000 | 0 | – | – | – | 7.5 | 2026-12-01 | harm |"
    assert second == "| a fault | – | – | – | – | – | – | – | harm |"


def test_figures_of_a_row_that_is_gone_are_refused() -> None:
    with pytest.raises(KeyError, match="gone"):
        faults.table({"a": ROW}, {"gone": RESULT})
