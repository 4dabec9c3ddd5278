"""G5: a process whose stores are away is alive, says that it waits, and is gone within ten seconds of SIGTERM."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from contracts.topics import SERVICES
from deploy.local.secrets import made
from deploy.local.state import row_of_ports
from tests.environment import unset

NOBODY = "127.0.0.1:9"  # the discard port: nothing listens there
PATIENCE = 60.0  # seconds for a Python to start on a busy machine


class Alone:
    """``duban serve all`` with neither Kafka nor MongoDB."""

    def __init__(self, log: Path) -> None:
        self.apis, self.loops = row_of_ports(len(SERVICES)), row_of_ports(len(SERVICES))
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": NOBODY,
            "MONGODB_URI": f"mongodb://{NOBODY}/?replicaSet=rs0",
            "DUBAN_API_PORTS_FROM": str(self.apis),
            "DUBAN_LOOP_PORTS_FROM": str(self.loops),
        }
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "serve", "all"],
                env=unset() | made() | settings,
                stdout=out,
                stderr=out,
            )

    def answer(self, first: int, service: str, path: str) -> int:
        """The status, once somebody listens."""
        url = f"http://127.0.0.1:{first + SERVICES.index(service)}{path}"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return httpx2.get(url, trust_env=False, timeout=5).status_code
            except httpx2.TransportError:
                assert self.process.poll() is None, "it ended"
                assert time.monotonic() < until, f"nobody listens at {url}"
                time.sleep(0.1)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    running = Alone(tmp_path_factory.mktemp("alone") / "serve.log")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("service", SERVICES)
def test_doors_and_loops_are_alive_before_their_stores_and_only_say_that_they_wait(alone: Alone, service: str) -> None:
    assert alone.answer(alone.apis, service, "/live") == 200
    assert alone.answer(alone.loops, service, "/live") == 200
    assert alone.answer(alone.loops, service, "/ready") == 503


def test_it_is_gone_within_ten_seconds_of_the_signal(alone: Alone) -> None:
    assert alone.answer(alone.apis, "portal", "/live") == 200
    alone.process.send_signal(signal.SIGTERM)
    assert alone.process.wait(timeout=10) == 0
