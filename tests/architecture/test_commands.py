"""Every command that a document names exists."""

import re
import sys
from pathlib import Path

import pytest

from tests.architecture.machine import PROJECT, run

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "benchmarks").glob("*.md")])
GROUPS = {"dead-letters", "ledger", "portal"}
TARGETS = re.compile(r"\bmake ([a-z][a-z-]*)\b")
COMMANDS = re.compile(r"\bduban ([a-z][a-z-]*)(?: ([a-z][a-z-]*(?:\|[a-z-]+)*))?")


def named_in_code(text: str, pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """What ``pattern`` finds in code: fenced or between backticks."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return [match.groups() for piece in code for match in pattern.finditer(piece)]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_make_target_that_a_document_names_exists(path: Path) -> None:
    assert [target for (target,) in named_in_code(path.read_text(), TARGETS) if target not in targets()] == []


def commands(*group: str) -> str:
    code, output = run(sys.executable, "-m", "services", *group, "--help")
    assert code == 0, output
    return output


def test_a_command_that_a_document_names_exists() -> None:
    named = {found for path in DOCUMENTS for found in named_in_code(path.read_text(), COMMANDS)}
    top = commands()
    assert named
    assert [command for command, _ in named if not re.search(rf"\b{command}\b", top)] == []
    for group in sorted(GROUPS & {command for command, _ in named}):
        inner = commands(group)
        parts = {part for command, parts in named if command == group and parts for part in parts.split("|")}
        assert [part for part in parts if not re.search(rf"\b{part}\b", inner)] == []
