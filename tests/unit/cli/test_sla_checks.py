"""``duban sla checks check|publish``: all or nothing, and what stands is left alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.checks import publish
from contracts.messages.checks import ChecksPublished
from runtime.clock import Clock
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters.check_files import read

CHECK: dict[str, Any] = {"code": "site", "zh": "查现场情况", "en": "Check the site"}
CHECKS: dict[str, Any] = {"division": "431226", "version": 1, "checks": [CHECK]}
KEY = "checks/431226@1"


async def publish_all(platform: InMemoryPlatform, *rows: object) -> tuple[list[str], list[str], int]:
    """Keys that were published, keys that stood already, how many faults."""
    done = await publish(platform, read(json.dumps(rows).encode()))
    return list(done.to_publish), list(done.standing), len(done.faults)


async def test_what_is_published_can_be_read_and_is_published_once() -> None:
    platform = InMemoryPlatform(load(Settings), Clock())
    assert await publish_all(platform, CHECKS) == ([KEY], [], 0)
    configuration = Configuration(platform.follower(TOPIC), (ChecksPublished,))
    await configuration.catch_up()
    assert [each.code for each in configuration.all(ChecksPublished)[KEY].checks] == ["site"]
    assert await publish_all(platform, CHECKS) == ([], [KEY], 0)
    assert (await publish_all(platform, CHECKS | {"checks": []}, CHECKS | {"version": 2}))[2] == 1
    assert len(platform.log.of_topic(TOPIC)) == 1


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [(CHECKS, 0, "1 read, nothing wrong"), (CHECKS | {"checks": [CHECK | {"en": " "}]}, 1, "/0/checks: zh 和 en")],
)
def test_a_file_is_checked_without_an_installation(tmp_path: Path, row: dict[str, Any], code: int, told: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps([row]))
    done = CliRunner().invoke(command("sla"), ["checks", "check", str(file)])
    assert (done.exit_code, told in done.output) == (code, True), done.output
