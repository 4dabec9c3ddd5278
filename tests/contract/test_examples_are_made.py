"""A new message gets its golden example by a command; what is there is never written again."""

from pathlib import Path

import orjson

from contracts import catalogue, feed
from contracts.envelope import decode
from tests.facts import examples


def test_every_message_and_every_event_can_be_written(tmp_path: Path) -> None:
    written = examples.write_missing(tmp_path / "examples", tmp_path / "released")
    assert {Path(name).stem for name in written} == {row.name for row in catalogue.ENTRIES} | set(feed.EVENTS)
    assert examples.write_missing(tmp_path / "examples", tmp_path / "released") == []


def test_what_is_written_is_read_as_the_message_it_is(tmp_path: Path) -> None:
    examples.write_missing(tmp_path / "examples", tmp_path / "released")
    for row in catalogue.ENTRIES:
        shown = orjson.loads((tmp_path / f"examples/messages/{row.name}.json").read_bytes())
        headers = [(name, text.encode()) for name, text in shown["headers"].items()]
        assert decode(shown["key"], orjson.dumps(shown["value"]), headers, row.body).type == row.name


def test_nothing_is_missing_and_nothing_that_is_there_is_touched() -> None:
    assert examples.write_missing() == []
