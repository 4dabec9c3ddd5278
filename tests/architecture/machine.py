"""What the machine has, and commands run on it."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def require(program: str, package: str) -> str:
    """The path of ``program``; skips the test without it (tests/conftest.py: or fails it)."""
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is missing: apt-get install {package}")
    return found


def run(*command: str | Path) -> tuple[int, str]:
    """Exit code and output of a command that ends within four minutes, on a machine that others use, too."""
    done = subprocess.run(
        list(map(str, command)), cwd=PROJECT, capture_output=True, text=True, timeout=240, check=False
    )
    return done.returncode, done.stdout + done.stderr
