"""Opening for routing: all that was said until the matter was valid, what was added speaks like a title."""

import secrets
from datetime import timedelta
from typing import Any

import orjson
import pytest

from contracts.envelope import Message
from contracts.messages.intake import TicketRegistered
from runtime.change import Change
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import InMemoryVault, Keys, WordKeys, seal_words
from services.routing.adapters.unsealing import WordsOpening
from services.routing.ports import Text
from tests.facts.intake import registered
from tests.harness import TICKET, fact
from tests.unit.routing.matters import routing_service

UNCLEAR = {"title": "反映", "content": "请处理。"}


async def opened(*added: str, with_key: bool = True) -> Text:
    vault, wrap = InMemoryVault(), KeyWrap(b"k" * 32, secrets.token_bytes)
    words = WordKeys(vault, wrap, timedelta)
    key = b"w" * 32
    if with_key:
        await Keys(vault, wrap).issue({TICKET: b""})
        key = (await words.keys([TICKET]))[TICKET]

    def sealed(field: str, text: str) -> str:
        return seal_words(key, TICKET, field, text, secrets.token_bytes)

    body = registered(
        words=sealed("words", orjson.dumps(UNCLEAR).decode()),
        supplements=tuple(sealed("supplement", each) for each in added),
    )
    message: Message[Any] = fact(body)
    given = (await WordsOpening(words).prepare([message]))[message.id]
    assert isinstance(given, Text)
    return given


async def test_what_was_said_at_once_is_read_as_it_is() -> None:
    assert await opened() == Text("反映", "请处理。")


async def test_what_was_added_speaks_like_a_title_the_newest_first() -> None:
    assert await opened("高村镇", "下水道堵了") == Text("下水道堵了\n高村镇\n反映", "请处理。")


@pytest.mark.parametrize(("added", "ends"), [((), "AssignmentQueued"), (("高村镇下水道堵了",), "TicketAssigned")])
async def test_a_matter_that_said_nothing_is_assigned_by_what_was_added(added: tuple[str, ...], ends: str) -> None:
    message = fact(registered(), given=await opened(*added))
    result = routing_service().reacts[TicketRegistered](None, message, message.at)
    assert isinstance(result, Change)
    assert type(result.facts[0]).__name__ == ends


async def test_of_what_was_erased_nothing_is_read() -> None:
    assert await opened("下水道堵了", with_key=False) == Text()
