"""The documents that come from code are fresh, and what they link to exists."""

import re
from pathlib import Path

import pytest

from docs import generate
from docs.generator import requirements
from tests.architecture.machine import PROJECT

WRITTEN = sorted(
    path for path in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "benchmarks").glob("*.md")]
)
FIRST_STEP = "A1 A2 A3 A4 A5 A8 A9 A12 B2 B4 B5 B6 C1 C2 C3 C4 C5 C7 C8 D1 D2 D4 D5 D6 E1 E2 E3 E5 E6 E7 E11 F1 G3 G5"
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def test_no_generated_document_is_stale() -> None:
    assert generate.stale() == []


def test_a_stale_document_is_seen(tmp_path: Path) -> None:
    (tmp_path / "fresh.md").write_text("now\n")
    (tmp_path / "stale.md").write_text("then\n")
    pages = {name: lambda: "now\n" for name in ("fresh.md", "stale.md", "missing.md")}
    assert generate.stale(tmp_path, pages) == ["stale.md", "missing.md"]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_link_leads_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_decision_is_listed_and_has_its_parts() -> None:
    folder = PROJECT / "docs/adr"
    index = (folder / "README.md").read_text()
    for path in folder.glob("0*.md"):
        text = path.read_text()
        assert f"({path.name})" in index
        assert [
            part for part in ("Context", "Options", "Decision", "Consequences", "Revisit") if f"**{part}" not in text
        ] == []
        assert len(text.splitlines()) <= 50, "one screen"


def test_decisions_are_numbered_one_after_another() -> None:
    numbers = [int(path.name[:4]) for path in sorted((PROJECT / "docs/adr").glob("0*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_requirements_are_the_64() -> None:
    ids = [number for owner in requirements.catalogue().values() for number in owner]
    assert len(ids) == len(set(ids)) == 64


def test_no_acceptance_test_carries_an_unknown_id() -> None:
    known = {number for owner in requirements.catalogue().values() for number in owner}
    assert {number for number, _, _ in requirements.tests()} - known == set()


def test_each_requirement_of_the_first_step_has_an_acceptance_test() -> None:
    assert set(FIRST_STEP.split()) - {number for number, _, _ in requirements.tests()} == set()
