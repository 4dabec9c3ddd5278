"""What documents know of their log, whatever is in them: how far they have read it, and what they have said."""

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from runtime.delivery.records import Record


class Bookkeeping(Protocol):
    """The bookkeeping of one kind of document: a document itself is never read."""

    async def position(self, key: str) -> Mapping[str, int]:
        """The last offset taken, per log; nothing where there is no such document. Raises Unavailable."""

    def spoken(self) -> AsyncIterator[Record[object]]:
        """Every record that has said anything: key, partition, ``seq`` and ``out`` alone. Raises Unavailable."""
