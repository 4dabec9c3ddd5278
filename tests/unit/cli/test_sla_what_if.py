"""``duban sla what-if``: candidates from files, every fault with its place, figures as a table and as JSON."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli.__main__ import command
from cli.what_if import candidate_of, compared, period_of, show
from contracts.vocabulary import CHINA
from runtime.http.tables import csv_text
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters import standard_rows
from services.sla.adapters.standard_rows import COLUMNS
from services.sla.ports import WhatIfCandidate
from tests.facts.standards import standard_published
from tests.facts.values import NUMBER
from tests.unit.sla.test_what_if import SHORTER, completed_on_wednesday

PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


@pytest.fixture
def standards_file(tmp_path: Path) -> Path:
    """The standard of the matter, a working day long."""
    published = standard_published(standard=SHORTER, duties=("URB.06",))
    file = tmp_path / "standards.csv"
    file.write_text(csv_text(tuple(COLUMNS), standard_rows.lines([published])))
    return file


async def late_scene() -> InMemoryPlatform:
    scene = await completed_on_wednesday()
    return InMemoryPlatform(load(Settings), scene.clock, scene.log)


async def test_a_table_of_standards_is_held_against_history_and_shown(standards_file: Path) -> None:
    period = period_of(datetime(2026, 3, 1), datetime(2026, 3, 31))  # noqa: DTZ001 - as typer hands a day on
    assert (period.since, period.to.astimezone(CHINA).day) == (datetime(2026, 3, 1, tzinfo=CHINA), 1)
    candidate = candidate_of(standards_file, None, None)
    found = await compared(await late_scene(), candidate, period, "")
    out = io.StringIO()
    show(found, Console(file=out, width=200))
    assert "URB-03" in out.getvalue()
    assert "0 → 1" in out.getvalue()
    assert f"late: {NUMBER}" in out.getvalue()


def test_without_files_the_candidate_is_what_holds_today() -> None:
    assert candidate_of(None, None, None) == WhatIfCandidate()


@pytest.mark.parametrize(
    ("option", "content", "told"),
    [
        ("--standards", "code\nWTR-01\n", "row 1: 首行须为列名"),
        ("--calendar", json.dumps([{"year": 1, "version": 1, "days_off": {}}]), " /0/year: "),
        ("--ladder", json.dumps([{"division": "431226", "version": 0, "steps": []}]), " /0/version: "),
    ],
)
def test_every_fault_of_a_file_is_named_and_no_installation_is_asked(
    tmp_path: Path, option: str, content: str, told: str
) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    done = CliRunner().invoke(command("sla"), ["what-if", *PERIOD, option, str(file)])
    assert (done.exit_code, told in done.output) == (1, True), done.output


def test_more_than_31_days_are_refused() -> None:
    done = CliRunner().invoke(command("sla"), ["what-if", "--from", "2026-03-01", "--to", "2026-04-01"])
    assert (done.exit_code, "31" in done.output) == (2, True), done.output
