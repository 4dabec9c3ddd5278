"""``duban up``, ``down`` and ``reset`` as somebody types them, in a state folder and on ports of their own."""

import asyncio
import json
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from contracts.topics import SERVICES
from deploy.local import processes
from deploy.local.state import StackState, free_port, row_of_ports
from runtime.kafka.topics import delete_topics
from tests.architecture.machine import PROJECT
from tests.environment import unset
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.alone, pytest.mark.timeout(900)]
COMMAND_WITHIN = 400  # seconds
SINGLE = ("KAFKA", "KAFKA_CONTROLLER", "MONGODB", "PROMETHEUS", "SMS")
STRUCK_OFF = re.compile(r"销号 struck off: ([0-9A-Z ]+)")


class LocalInstallation:
    """One installation on this machine."""

    def __init__(self, root: Path) -> None:
        self.folder = StackState(root)
        self.env = unset() | {f"DUBAN_{name}_PORT": str(free_port()) for name in SINGLE}
        self.env |= {"DUBAN_STATE": str(root), "DUBAN_DEMO": "--matters 25 --pace 0.3", "COLUMNS": "200"}
        self.env |= {f"DUBAN_{name}_PORTS_FROM": str(row_of_ports(len(SERVICES))) for name in ("API", "LOOP", "PART")}

    def duban(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What a command prints, and how it ends."""
        return subprocess.run(
            [sys.executable, "-m", "cli", *words],
            env=self.env,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_WITHIN,
            check=False,
        )

    def domain_time(self) -> datetime:
        """Where domain time stood at the last checkpoint."""
        return datetime.fromisoformat(json.loads(self.folder.clock.read_bytes())["domain"])

    def alive(self) -> dict[str, processes.KnownProcess]:
        found = processes.read(self.folder.processes) | processes.read(self.folder.supervisor)
        return {name: each for name, each in found.items() if each.lives()}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[LocalInstallation]:
    """Nothing of it runs afterwards."""
    made = LocalInstallation(tmp_path / "state")
    yield made
    made.duban("down")


def test_up_shows_the_main_job_a_killed_supervisor_loses_neither_data_nor_time_and_down_leaves_nothing(
    town: LocalInstallation,
) -> None:
    first = town.duban("up")
    assert first.returncode == 0, first.stdout + first.stderr
    assert STRUCK_OFF.search(first.stdout)
    assert "live page" in first.stdout
    running = town.alive()
    assert {"kafka", "mongod", "supervisor", *(f"{name}-loop" for name in SERVICES)} <= set(running)

    stood = town.domain_time()
    running["supervisor"].send(signal.SIGKILL)
    again = town.duban("up")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "ended what was left over" in again.stdout
    assert STRUCK_OFF.search(again.stdout)
    assert town.domain_time() > stood
    assert not {each.pid for each in running.values()} & {each.pid for each in town.alive().values()}

    down = town.duban("down")
    assert (down.returncode, down.stdout) == (0, "stopped; data and time are kept\n")
    assert town.alive() == {}
    town.duban("reset")
    assert not town.folder.root.exists()


def test_up_uses_the_stores_that_it_is_given(town: LocalInstallation, stack: Stack) -> None:
    namespace = f"u{secrets.token_hex(4)}"
    town.env |= {
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "MONGODB_URI": stack.mongodb_uri,
        "DUBAN_NAMESPACE": namespace,
    }
    up = town.duban("up")
    assert up.returncode == 0, up.stdout + up.stderr
    assert STRUCK_OFF.search(up.stdout)
    assert not {"kafka", "mongod"} & set(town.alive())
    asyncio.run(delete_topics(stack.bus(namespace)))


def test_a_taken_port_is_named_and_nothing_is_started(town: LocalInstallation) -> None:
    town.env["DUBAN_SMS_PORT"] = town.env["DUBAN_KAFKA_PORT"] = str(port := free_port())
    with socket.create_server(("127.0.0.1", port)):
        refused = town.duban("up")
    assert refused.returncode == 1
    assert f"port {port} for Kafka is taken: free it, or set DUBAN_KAFKA_PORT to another port" in refused.stdout
    assert town.alive() == {}
