"""A handler that is paired with another message is a type error: mypy is asked about a pair that is swapped."""

from pathlib import Path

import pytest
from mypy import api

from tests.architecture.machine import PROJECT

SAID = """
from datetime import datetime
from contracts.envelope import Message
from contracts.messages.sla import LightChanged, LightWithdrawn
from runtime.change import Ignore, Result
from runtime.delivery.service import on

def changed(document: str | None, message: Message[LightChanged], now: datetime) -> Result[str]:
    return Ignore(message.body.new)

PAIR = on({}, changed)
"""


def complaints(message: str, folder: Path) -> str:
    source = folder / "pair.py"
    source.write_text(SAID.replace("{}", message))
    cache = PROJECT / ".mypy_cache"
    options = ["--config-file", str(PROJECT / "pyproject.toml"), "--cache-dir", str(cache), "--follow-imports=silent"]
    return api.run([*options, str(source)])[0]


@pytest.mark.parametrize(("message", "swapped"), [("LightChanged", False), ("LightWithdrawn", True)])
def test_a_swapped_pair_is_a_type_error(
    message: str, swapped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPYPATH", str(PROJECT))
    found = complaints(message, tmp_path)
    assert ("incompatible type" in found) is swapped, found


def test_every_wiring_pairs_by_on() -> None:
    wirings = [path.read_text() for path in (PROJECT / "services").glob("*/wiring.py")]
    assert [text.splitlines()[0] for text in wirings if "dict[type[Body], Any]" in text] == []
