"""Files stay readable: under 300 lines; nine functions in ten under 20 lines, none above 50."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CODE = ("contracts", "runtime", "services", "simulation", "deploy", "cli", "benchmarks")
FILE_LINES = 300
USUAL_FUNCTION_LINES = 20
FUNCTION_LINES = 50


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (PROJECT / package).rglob("*.py")


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines of body, the docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield f"{path.relative_to(PROJECT)}:{node.name}", (node.end_lineno or 0) - first.lineno + 1


def test_no_file_passes_300_lines() -> None:
    lines = {str(path.relative_to(PROJECT)): len(path.read_text().splitlines()) for path in sources(*CODE, "tests")}
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_long() -> None:
    lengths = [found for path in sources(*CODE) for found in function_lengths(path)]
    assert [(name, count) for name, count in lengths if count > FUNCTION_LINES] == []


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted(count for path in sources(*CODE) for _, count in function_lengths(path))
    assert lengths[len(lengths) * 9 // 10] <= USUAL_FUNCTION_LINES


def test_no_file_is_named_by_pattern_or_leftover() -> None:
    smells = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager", "managers"}
    assert [str(path) for path in sources(*CODE) if path.stem in smells] == []
