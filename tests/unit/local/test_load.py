"""``duban load``: what is on the disk was acknowledged, and a key without an answer is kept apart."""

import itertools
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from cli.load import Load, MatterRefused

Door = Callable[[httpx2.Request], httpx2.Response]
COUNT = 7


def load_on(door: Door, folder: Path, give_up: float = 30.0) -> Load:
    matters = itertools.repeat({"title": "路灯不亮", "content": "村口路灯不亮。"})
    transport = httpx2.MockTransport(door)
    return Load("http://door/v1/submissions", folder / "acknowledged", matters, 3, give_up, transport=transport)


async def test_a_busy_door_is_asked_again_with_the_same_key_and_each_number_is_written_once(tmp_path: Path) -> None:
    asked = Counter[str]()

    def busy_at_first(request: httpx2.Request) -> httpx2.Response:
        key = request.headers["Idempotency-Key"]
        asked[key] += 1
        return httpx2.Response(503) if asked[key] < 2 else httpx2.Response(201, json={"number": f"n-{key}"})

    put = load_on(busy_at_first, tmp_path)
    await put.run(COUNT)
    assert len(asked) == COUNT
    assert set(asked.values()) == {2}
    assert sorted(put.acknowledged.read_text().split()) == sorted(f"n-{key}" for key in asked)
    assert put.unknown == []


async def test_a_door_that_never_answers_leaves_its_keys_unknown(tmp_path: Path) -> None:
    def silent(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("silent", request=request)

    put = load_on(silent, tmp_path, give_up=0.1)
    await put.run(COUNT)
    assert put.numbers == []
    assert put.acknowledged.read_text() == ""
    assert len(set(put.unknowns.read_text().split())) == COUNT


async def test_a_matter_that_is_refused_for_good_ends_the_load(tmp_path: Path) -> None:
    put = load_on(lambda _: httpx2.Response(422, text="title: missing"), tmp_path)
    with pytest.raises(ExceptionGroup) as refused:
        await put.run(COUNT)
    assert refused.group_contains(MatterRefused, match="422: title")
