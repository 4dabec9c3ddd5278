"""Every command that a document names exists."""

import re
from pathlib import Path

import pytest
import typer

from cli.__main__ import COMMANDS, command
from tests.architecture.machine import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "benchmarks").glob("*.md")])
GROUPS = ("dead-letters", "draws", "feedback", "ledger", "portal", "sla", "staff")
TARGETS = re.compile(r"\bmake ([a-z][a-z-]*)\b")
SPOKEN = re.compile(r"\bduban ([a-z][a-z-]*)(?: ([a-z][a-z-]*(?:\|[a-z-]+)*))?")


def named_in_code(text: str, pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """What ``pattern`` finds in code: fenced or between backticks."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return [match.groups() for piece in code for match in pattern.finditer(piece)]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_make_target_that_a_document_names_exists(path: Path) -> None:
    assert [target for (target,) in named_in_code(path.read_text(), TARGETS) if target not in targets()] == []


def parts_of(name: str) -> set[str]:
    """The parts of a command that is a group, as they have to be typed."""
    group = typer.main.get_command(command(name))
    return set(group.commands) if isinstance(group, typer.core.TyperGroup) else set()


NAMED = {found for path in DOCUMENTS for found in named_in_code(path.read_text(), SPOKEN)}


def test_a_command_that_a_document_names_exists() -> None:
    assert NAMED
    assert {name for name, _ in NAMED} - set(COMMANDS) == set()


@pytest.mark.parametrize("name", GROUPS)
def test_a_part_of_a_command_that_a_document_names_exists(name: str) -> None:
    named = {part for group, parts in NAMED if group == name and parts for part in parts.split("|")}
    assert named - parts_of(name) == set()


def test_the_groups_are_those_that_have_parts() -> None:
    assert {name for name, (where, _) in COMMANDS.items() if where.endswith(":app")} == set(GROUPS)
