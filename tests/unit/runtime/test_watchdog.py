"""The watchdog ends a process whose event loop spins; without it the process would spin on. Real processes."""

import subprocess
import sys

import pytest

from runtime.process.watchdog import EXIT_CODE

SPIN = """
import asyncio, time
from runtime.process import watchdog
began = time.monotonic()

async def main():
    {watch}
    {spin}

asyncio.run(main())
"""
WATCH = 'watchdog.watch("intake", lambda: time.monotonic() - began, {limit})'
PYTHON_SPINS = "while True: pass"
C_SPINS = 'import re; re.match(r"(a+)+$", "a" * 60 + "b")'  # holds the interpreter: no thread gets its turn
PATIENCE = 3.0  # seconds


def spun(watch: str, spin: str, patience: float) -> subprocess.CompletedProcess[str]:
    code = SPIN.format(watch=watch, spin=spin)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=patience, check=False)


def test_a_loop_that_spins_is_ended_with_its_own_code_and_says_where_it_stood() -> None:
    ended = spun(WATCH.format(limit=0.3), PYTHON_SPINS, 60)
    assert ended.returncode == EXIT_CODE
    assert "loop_stuck" in ended.stdout
    assert "in main" in ended.stderr


def test_where_not_even_a_thread_gets_its_turn_the_interpreter_s_timer_ends_it() -> None:
    ended = spun(WATCH.format(limit=0.5), C_SPINS, 60)
    assert ended.returncode != 0
    assert "in main" in ended.stderr


@pytest.mark.parametrize("spin", [PYTHON_SPINS, C_SPINS])
def test_without_the_watchdog_it_spins_on(spin: str) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        spun("pass", spin, PATIENCE)


def test_a_heart_that_beats_is_left_alone() -> None:
    """For longer than it may stand still. The limit is far above what a busy machine takes from a thread."""
    watch = 'end = watchdog.watch("intake", lambda: 0.0, 2.0)'
    assert spun(watch, "await asyncio.sleep(3.5); end()", 60).returncode == 0
