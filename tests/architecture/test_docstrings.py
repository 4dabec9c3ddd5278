"""A docstring says what a caller must know, or is not there."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.machine import PROJECT

CODE = ("contracts", "runtime", "services", "simulation", "deploy", "cli", "benchmarks", "docs", "tests")
FEWEST_WORDS = 5  # a shorter one repeats the name


def docstrings(text: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            said := ast.get_docstring(node)
        ):
            yield getattr(node, "name", "the module"), said


def hiding(text: str) -> list[str]:
    """Names whose docstring is too short to tell anything."""
    return [name for name, said in docstrings(text) if len(said.split()) < FEWEST_WORDS]


def test_no_docstring_repeats_the_name() -> None:
    sources: Iterator[Path] = (path for package in CODE for path in (PROJECT / package).rglob("*.py"))
    found = {str(path.relative_to(PROJECT)): hiding(path.read_text()) for path in sources}
    assert {name: each for name, each in found.items() if each} == {}


def test_a_docstring_of_four_words_would_be_seen() -> None:
    assert hiding('def stop() -> None:\n    """Nothing to close here."""') == ["stop"]
    assert hiding('"""The routes."""') == ["the module"]
