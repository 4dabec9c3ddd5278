"""One noun, one meaning: a class name stands for one thing over the whole tree."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from contracts import catalogue
from tests.architecture.machine import PROJECT

CODE = ("contracts", "runtime", "services", "simulation", "deploy", "cli", "benchmarks", "docs", "tests")
ON_PURPOSE = {entry.name for entry in catalogue.ENTRIES}
"""A fact and the public event that is made of it (contracts/feed.py) share their name on purpose."""


def classes(sources: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Class name → the files that define it."""
    found = defaultdict(list)
    for name, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(name)
    return found


def with_two_meanings(found: Mapping[str, list[str]], allowed: Iterable[str] = ON_PURPOSE) -> dict[str, list[str]]:
    return {name: files for name, files in found.items() if len(files) > 1 and not is_published(name, files, allowed)}


def is_published(name: str, files: list[str], allowed: Iterable[str]) -> bool:
    return name in allowed and len(files) == 2 and "contracts/feed.py" in files


def sources() -> dict[str, str]:
    paths: Iterable[Path] = (path for package in CODE for path in (PROJECT / package).rglob("*.py"))
    return {str(path.relative_to(PROJECT)): path.read_text() for path in paths}


def test_each_class_name_stands_for_one_thing() -> None:
    assert with_two_meanings(classes(sources())) == {}


def test_a_second_class_of_one_name_is_seen() -> None:
    planted = {**sources(), "services/sla/domain/planted.py": "class RequestDesk: ..."}
    assert list(with_two_meanings(classes(planted))) == ["RequestDesk"]
