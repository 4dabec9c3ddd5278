"""``duban verify`` as somebody types it: its exit code says whether all that was acknowledged is there."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.state import ROOT
from tests.faults.crew import PHONE, Crew

pytestmark = pytest.mark.stack
FEW = 30
NOBODYS = "4312260000000000000"


def verified(acknowledged: Path, *more: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    command = (sys.executable, "-m", "cli", "verify", "--acknowledged", str(acknowledged), *more)
    wide = os.environ | {"COLUMNS": "200"}
    ended = subprocess.run(command, env=wide, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.timeout(500)
async def test_it_ends_with_0_when_all_holds_and_names_what_is_lost_with_1(team: Crew, tmp_path: Path) -> None:
    team.start_loop("intake")
    acknowledged = tmp_path / "acknowledged"
    numbers = await team.submit(FEW, acknowledged)
    await team.until_read("intake")
    code, said = await asyncio.to_thread(verified, acknowledged, "--canary", PHONE)
    assert code == 0, said
    assert f"{FEW} acknowledged, {FEW} stored" in said
    acknowledged.write_text("\n".join([*numbers, NOBODYS]))
    code, said = await asyncio.to_thread(verified, acknowledged)
    assert code == 1, said
    assert f"lost or double: {NOBODYS}" in said
