"""The retry of what is unavailable stands in one place: runtime/workers.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.machine import PROJECT

HOME = PROJECT / "runtime/workers.py"
ROOMS = ("runtime", "services", "cli", "deploy", "simulation")


def retries(code: str) -> Iterator[int]:
    """The lines where a loop waits out Unavailable by hand."""
    for loop in (each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.While)):
        caught = [
            ast.unparse(each.type) for each in ast.walk(loop) if isinstance(each, ast.ExceptHandler) and each.type
        ]
        if any("Unavailable" in each for each in caught):
            yield loop.lineno


def test_nobody_retries_by_hand() -> None:
    files = [path for room in ROOMS for path in (PROJECT / room).rglob("*.py") if path != HOME]
    found = [f"{path.relative_to(PROJECT)}:{line}" for path in files for line in retries(Path(path).read_text())]
    assert found == [], "use runtime.workers.repeated, done_once or until_done"


def test_the_one_place_is_found_where_it_stands() -> None:
    assert len(list(retries(HOME.read_text()))) == 2
