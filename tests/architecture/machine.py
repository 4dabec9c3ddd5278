"""What the machine has: a missing program is skipped aloud, and fails where everything is required."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def require(program: str, package: str) -> str:
    """The path of ``program``; skips the test without it, fails it under DUBAN_REQUIRE_ALL=1."""
    found = shutil.which(program)
    if found:
        return found
    lacking = f"{program} is missing: apt-get install {package}"
    if os.environ.get("DUBAN_REQUIRE_ALL") == "1":
        pytest.fail(lacking)
    pytest.skip(lacking)


def run(*command: str | Path) -> tuple[int, str]:
    """Exit code and output of a command that ends within a minute."""
    done = subprocess.run(list(map(str, command)), cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr
