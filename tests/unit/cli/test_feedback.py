"""``duban feedback rules|chains check|publish``: all or nothing, and what stands is left alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.feedback import publish
from contracts.messages.reviews import ReviewChainPublished
from runtime.clock import Clock
from runtime.process.configuration import TOPIC, Configuration
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.feedback.adapters.rule_files import WrittenChain, read

CHAIN: dict[str, Any] = {"division": "431226", "version": 1, "levels": [{"kind": "unit_head"}, {"kind": "lead"}]}
KEY = "review-chain/431226/@1"


def in_memory() -> InMemoryPlatform:
    return InMemoryPlatform(load(Settings), Clock())


async def published(platform: InMemoryPlatform) -> dict[str, ReviewChainPublished]:
    configuration = Configuration(platform.follower(TOPIC), (ReviewChainPublished,))
    await configuration.catch_up()
    return configuration.all(ReviewChainPublished)


async def publish_all(platform: InMemoryPlatform, *rows: object) -> tuple[list[str], list[str], int]:
    """Keys that were published, keys that stood already, how many faults."""
    done = await publish(platform, read(json.dumps(rows).encode(), WrittenChain, ()))
    return list(done.to_publish), list(done.standing), len(done.faults)


async def test_what_is_published_can_be_read_and_is_published_once() -> None:
    platform = in_memory()
    assert await publish_all(platform, CHAIN) == ([KEY], [], 0)
    assert [each.kind for each in (await published(platform))[KEY].levels] == ["unit_head", "lead"]
    records = len(platform.log.of_topic(TOPIC))
    assert await publish_all(platform, CHAIN) == ([], [KEY], 0)
    assert len(platform.log.of_topic(TOPIC)) == records


async def test_nothing_is_published_when_one_is_wrong() -> None:
    platform = in_memory()
    await publish_all(platform, CHAIN)
    _, _, faults = await publish_all(platform, CHAIN | {"levels": []}, CHAIN | {"version": 2})
    assert faults == 1
    assert list(await published(platform)) == [KEY]


@pytest.mark.parametrize(
    ("part", "row", "code", "told"),
    [
        ("chains", CHAIN, 0, "1 read, nothing wrong"),
        ("rules", CHAIN, 1, "/0/levels: 没有此项"),
        ("chains", CHAIN | {"category": "QQQ"}, 1, "/0/category: 没有以此开头的类别"),
    ],
)
def test_a_file_is_checked_without_an_installation(
    tmp_path: Path, part: str, row: dict[str, Any], code: int, told: str
) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps([row]))
    done = CliRunner().invoke(command("feedback"), [part, "check", str(file)])
    assert (done.exit_code, told in done.output) == (code, True), done.output
