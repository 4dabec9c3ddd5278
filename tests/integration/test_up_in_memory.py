"""``duban up --in-memory``: neither Kafka nor MongoDB, and a matter still goes the whole way to 销号."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from contracts.topics import SERVICES
from deploy.local.state import free_port, row_of_ports
from tests.architecture.machine import PROJECT
from tests.environment import unset

WITHIN = 120.0  # seconds


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process, and where its live page is."""
    ports = {f"DUBAN_{name}_PORTS_FROM": str(row_of_ports(len(SERVICES))) for name in ("API", "LOOP", "PART")}
    given = unset() | ports | {"DUBAN_SMS_PORT": str(free_port()), "DUBAN_DEMO": "--matters 10 --pace 0.1"}
    with (tmp_path / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "up", "--in-memory"], env=given, cwd=PROJECT, stdout=log, stderr=log
        )
    yield process, f"http://127.0.0.1:{int(ports['DUBAN_API_PORTS_FROM']) + SERVICES.index('portal')}"
    if process.poll() is None:
        process.kill()
        process.wait()


def struck_off(url: str) -> int:
    """How many matters were struck off; 0 while nobody answers."""
    try:
        return int(httpx2.get(f"{url}/v1/counters", trust_env=False, timeout=5).json()["struck_off"])
    except httpx2.TransportError:
        return 0


def test_a_matter_is_struck_off_and_an_interrupt_ends_everything(portal: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = portal
    until = time.monotonic() + WITHIN
    while not struck_off(url):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < until, f"nothing was struck off within {WITHIN:.0f} s"
        time.sleep(0.5)
    assert "督办" in httpx2.get(url, trust_env=False, timeout=5).text
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=15) == 0
