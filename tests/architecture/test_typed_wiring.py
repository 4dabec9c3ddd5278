"""A handler that is paired with another message is a type error: mypy is asked about a pair that is swapped."""

from datetime import datetime
from pathlib import Path

import pytest
from mypy import api

from contracts.envelope import Message
from contracts.messages.sla import LightChanged
from runtime.change import Ignore, Result
from runtime.delivery.service import HandledTwice, Reaction, on, reactions
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


class Twice:
    def reacts(self) -> tuple[Reaction[str], ...]:
        return on(LightChanged, heard), on(LightChanged, heard)


def heard(document: str | None, message: Message[LightChanged], now: datetime) -> Result[str]:
    return Ignore(message.body.new)


def test_two_handlers_of_one_message_are_refused() -> None:
    with pytest.raises(HandledTwice, match="LightChanged"):
        reactions(Twice())
