"""Opening people's words for routing: its ``prepare``.

What was added before the matter was valid answers what it is about, and so speaks like a title.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.envelope import Body, Message
from contracts.messages.intake import TicketRegistered
from contracts.sealed import SealField, ShapeRefused, words_of
from runtime.identity.seals import SealBroken
from runtime.identity.vault import WordKeys, open_words
from services.routing import metrics
from services.routing.ports import Text


class WordsOpening:
    """Reads the words keys of a batch in one round trip."""

    def __init__(self, words: WordKeys) -> None:
        self._words = words

    async def prepare(self, messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        """The text of each registration, by message id; what was erased is missing. Raises Unavailable."""
        registrations = [message for message in messages if isinstance(message.body, TicketRegistered)]
        keys = await self._words.keys({message.key for message in registrations}) if registrations else {}
        return {message.id: _text(keys.get(message.key), message) for message in registrations}


def _text(key: bytes | None, message: Message[Any]) -> Text:
    if key is None:
        metrics.OPENED.labels("gone").inc()
        return Text()
    try:
        words = words_of(open_words(key, message.key, SealField.WORDS, message.body.words))
        added = [open_words(key, message.key, SealField.SUPPLEMENT, each) for each in message.body.supplements]
    except (SealBroken, ShapeRefused):
        metrics.OPENED.labels("gone").inc()
        return Text()
    metrics.OPENED.labels("opened").inc()
    said = "\n".join((*reversed(added), words.title))
    return Text(said, words.content, words.place, words.category, pinned=words.latitude is not None)
