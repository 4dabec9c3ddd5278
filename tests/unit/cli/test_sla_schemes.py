"""``duban sla schemes check|publish``: all or nothing, and what stands is left alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.schemes import publish
from contracts.messages.schemes import SchemePublished
from runtime.clock import Clock
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters.scheme_files import read

SCHEME: dict[str, Any] = {
    "division": "433101",
    "version": 1,
    "for": "clock",
    "yellow": {"share": 0.6},
    "orange": None,
    "begins": "green",
}
KEY = "scheme/clock/433101@1"


async def publish_all(platform: InMemoryPlatform, *rows: object) -> tuple[list[str], list[str], int]:
    """Keys that were published, keys that stood already, how many faults."""
    done = await publish(platform, read(json.dumps(rows).encode()))
    return list(done.to_publish), list(done.standing), len(done.faults)


async def test_what_is_published_can_be_read_and_is_published_once() -> None:
    platform = InMemoryPlatform(load(Settings), Clock())
    assert await publish_all(platform, SCHEME) == ([KEY], [], 0)
    configuration = Configuration(platform.follower(TOPIC), (SchemePublished,))
    await configuration.catch_up()
    assert configuration.all(SchemePublished)[KEY].orange is None
    assert await publish_all(platform, SCHEME) == ([], [KEY], 0)
    assert (await publish_all(platform, SCHEME | {"yellow": {"share": 0.7}}, SCHEME | {"version": 2}))[2] == 1
    assert len(platform.log.of_topic(TOPIC)) == 1


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [(SCHEME, 0, "1 read, nothing wrong"), (SCHEME | {"yellow": {"share": 60}}, 1, "/0: share 须大于 0")],
)
def test_a_file_is_checked_without_an_installation(tmp_path: Path, row: dict[str, Any], code: int, told: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps([row]))
    done = CliRunner().invoke(command("sla"), ["schemes", "check", str(file)])
    assert (done.exit_code, told in done.output) == (code, True), done.output
