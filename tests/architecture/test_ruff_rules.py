"""The linter really bites: each banned call is refused below the edge and allowed only where pyproject.toml says so."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

BANNED = (
    "from datetime import datetime\n\nx = datetime.now()\n",
    "import datetime\n\nx = datetime.datetime.utcnow()\n",
    "import time\n\nx = time.time()\n",
    "from uuid import uuid4\n\nx = uuid4()\n",
    "import os\n\nx = os.environ['HOME']\n",
    "from os import getenv\n\nx = getenv('HOME')\n",
)
BELOW_THE_EDGE = (
    "services/sla/domain.py",
    "services/sla/handlers.py",
    "services/sla/api/app.py",
    "runtime/delivery/loop.py",
)


def findings(source: str, filename: str) -> str:
    """What ruff says about ``source`` as if it stood in ``filename``."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", filename, "-"],
        cwd=PROJECT, input=source, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    return run.stdout


@pytest.mark.parametrize("filename", BELOW_THE_EDGE)
@pytest.mark.parametrize("source", BANNED)
def test_a_banned_call_is_refused_below_the_edge(source: str, filename: str) -> None:
    assert "TID251" in findings(source, filename)


def test_the_local_stack_may_read_the_environment() -> None:
    assert "TID251" not in findings(BANNED[4], "deploy/local/kafka.py")


def test_a_naive_datetime_is_refused_everywhere() -> None:
    assert "DTZ001" in findings("from datetime import datetime\n\nx = datetime(2026, 1, 1)\n", "tests/unit/test_x.py")


def test_every_exception_from_the_linter_names_its_rule() -> None:
    bare = [
        f"{path.relative_to(PROJECT)}:{number}"
        for package in ("contracts", "runtime", "services", "simulation", "deploy", "cli", "tests", "benchmarks")
        for path in (PROJECT / package).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.rstrip().endswith(("# noqa", "# type: ignore")) and "endswith" not in line
    ]
    assert bare == []
